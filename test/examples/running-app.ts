import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readApplication } from "../../node/app/read-application";

/** An example started as a node starts it: by its own start line, with its own copies of settings and data. */
export class RunningApp {
  readonly url: string;
  readonly folder: string;
  output = "";
  #process: ChildProcess;

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  /** `more`: what the node sets beside the usual variables. */
  static async start(
    example: string,
    prepare: (folder: string) => Promise<void> = async () => undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<RunningApp> {
    const source = resolve("examples", example);
    const application = await readApplication(source);
    const folder = await mkdtemp(join(tmpdir(), "nplus1-example-"));
    await cp(join(source, "conf"), join(folder, "conf"), { recursive: true });
    await prepare(folder);
    const port = await freePort();
    const env = { PATH: process.env.PATH, PORT: String(port), NODE_ID: "i-0<test>", SETTINGS_DIR: folder, DATA_DIR: folder, ...more };
    const child = spawn("/bin/sh", ["-c", `exec ${application.start}`], { cwd: source, env, stdio: ["ignore", "pipe", "pipe"] });
    const app = new RunningApp(folder, port, child);
    await app.until("its health", () =>
      fetch(app.url + application.health.path).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return app;
  }

  async until(what: string, is: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 8000;
    while (!(await is())) {
      if (Date.now() > deadline) throw new Error(`waited 8000 ms for ${what}: ${this.output}`);
      await pause(20);
    }
  }

  signal = (name: NodeJS.Signals): boolean => this.#process.kill(name);

  /** Ends by SIGTERM alone; its exit code. */
  async stop(): Promise<number | null> {
    const gone = new Promise<number | null>((done) => this.#process.once("exit", done));
    this.signal("SIGTERM");
    const code = await gone;
    await rm(this.folder, { recursive: true });
    return code;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
