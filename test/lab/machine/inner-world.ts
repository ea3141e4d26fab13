import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";

export type Privilege = "root" | "ordinary user";

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "nplus1");
const NODE = join(cache, "tools/node-24.21.0");
const VENV = join(cache, "moto-5.2.5");
const NOBODY = 65_534;

const namespaces = (rootless: boolean): string[] => ["unshare", ...(rootless ? ["--user", "--map-root-user"] : []), "--net", "--mount", "--pid"];
/** The lab's ordinary user, when the tests run as root. */
export const asNobody = (): string[] => ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
export const isRoot = process.getuid?.() === 0;

/** Why this machine cannot run the lab with this privilege; undefined when it can. */
export function refusal(privilege: Privilege): string | undefined {
  if (!existsSync(NODE) || !existsSync(VENV)) return `the set-up has not put Node.js and moto into ${cache}`;
  if (privilege === "root" && !isRoot) return "the tests do not run as root";
  const argv = [...(privilege === "ordinary user" && isRoot ? asNobody() : []), ...namespaces(privilege !== "root"), "--fork", "ip", "netns"];
  const { status, stderr } = spawnSync(argv[0] ?? "", argv.slice(1), { encoding: "utf8" });
  return status === 0 ? undefined : `the kernel refuses namespaces: ${stderr.trim()}`;
}

function build(folder: string, name: string, entry: string): string {
  const outfile = join(folder, name);
  buildSync({ entryPoints: [entry], bundle: true, platform: "node", target: "node24", format: "cjs", outfile, logLevel: "error" });
  return outfile;
}

/** Empty for a process that ended meanwhile. */
function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

/** A machine in an inner world of its own, which ends with this object or this process. */
export class InnerWorld {
  readonly labDir: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #calls = 0;
  #errors = "";

  constructor(readonly privilege: Privilege) {
    const rootless = privilege === "ordinary user";
    const dropped = rootless && isRoot;
    this.#folder = mkdtempSync(join(tmpdir(), "nplus1-machine-"));
    execFileSync("chmod", ["755", this.#folder]);
    this.labDir = join(this.#folder, "lab");
    for (const name of ["lab", "node", "venv", "python"]) mkdirSync(join(this.#folder, name));
    if (dropped) chownSync(this.labDir, NOBODY, NOBODY);
    const init = build(this.#folder, "init.cjs", "lab/init/main.ts");
    const main = build(this.#folder, "inner-world.cjs", "test/lab/machine/inner-world.main.ts");
    const at = (name: string) => join(this.#folder, name);
    const tools = dropped ? { node: at("node"), venv: at("venv") } : { node: NODE, venv: VENV };
    const options = {
      labDir: this.labDir,
      labId: "abc123",
      rootless,
      toolPaths: { ...tools, init },
      awsServices: { s3: "52.216.0.10", dynamodb: "52.94.0.10", other: "52.119.0.10" },
    };
    const world = [...namespaces(rootless), "--fork", "--kill-child", join(tools.node, "bin/node"), main, JSON.stringify(options)];
    // An ordinary user cannot read root's cache: another mount namespace shows him the tools elsewhere.
    const settings = readFileSync(join(VENV, "pyvenv.cfg"), "utf8");
    const python = dirname(/^home\s*=\s*(.+)$/m.exec(settings)?.[1]?.trim() ?? "");
    if (python !== "/usr") writeFileSync(at("pyvenv.cfg"), settings.replaceAll(python, at("python")));
    else writeFileSync(at("pyvenv.cfg"), settings);
    const binds = [
      [NODE, "node"],
      [VENV, "venv"],
      [python, "python"],
      [at("pyvenv.cfg"), "venv/pyvenv.cfg"],
    ] as const;
    const show = `${binds.map(([from, to]) => `mount --bind ${from} ${at(to)}`).join("; ")}; exec "$@"`;
    const argv = dropped ? ["unshare", "--mount", "sh", "-ec", show, "sh", ...asNobody(), ...world] : world;
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", ...argv], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#child.once("exit", () => this.#fail(new Error(`the inner world ended: ${this.#errors}`)));
    if (!this.#child.stdout) throw new Error("the inner world has no output");
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#receive(line));
  }

  call<T>(verb: string, ...args: unknown[]): Promise<T> {
    const id = ++this.#calls;
    this.#child.stdin?.write(`${JSON.stringify({ id, verb, args })}\n`);
    const answer = new Promise<T>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    // A test that failed meanwhile does not await its answer; the end of the world is then not its business.
    answer.catch(() => undefined);
    return answer;
  }

  run = (netns: string | null, argv: string[], limitMs = 5000): Promise<{ code: number | null; output: string }> =>
    this.call("run", netns, argv, limitMs);

  /** All processes of the inner world and those that lead into it, as this machine sees them. */
  processes(): number[] {
    const parents = new Map(
      readdirSync("/proc").flatMap((name) => {
        const status = /^\d+$/.test(name) ? readStatus(name) : "";
        return status === "" ? [] : [[Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])] as const];
      }),
    );
    const isOurs = (pid: number): boolean => pid === this.#child.pid || (pid > 1 && isOurs(parents.get(pid) ?? 0));
    return [...parents.keys()].filter(isOurs);
  }

  innerPid(): number {
    const pid = this.processes().find((candidate) => /^NSpid:\s+\d+\s+1$/m.test(readStatus(String(candidate))));
    if (pid === undefined) throw new Error("the inner world has no first process");
    return pid;
  }

  /** Kills the inner world's first process and waits for the whole to end. */
  async crash(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    process.kill(this.innerPid(), "SIGKILL");
    await ended;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #receive(line: string): void {
    const { id, value, error } = JSON.parse(line) as { id: number; value: never; error?: string };
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(new Error(error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
