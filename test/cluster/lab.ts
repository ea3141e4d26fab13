import { spawn } from "node:child_process";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { type Status, statusSchema } from "../../contract/status";

export const projectDir = resolve(__dirname, "../..");

/** The tests' lab is not the person's: its folder, and with it every name and port, is its own. */
export const testLabDir = join(projectDir, ".nplus1/test-lab");

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. */
export function run(command: string, args: string[], env: Record<string, string> = {}, cwd = projectDir): Promise<Ran> {
  const child = spawn(command, args, { cwd, env: { ...process.env, NPLUS1_LAB_DIR: testLabDir, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  return new Promise((done, reject) => {
    child.once("error", reject);
    child.once("close", (code) => done({ code: code ?? -1, stdout, stderr }));
  });
}

/** The command as a person calls it. */
export const nplus1 = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  run("node", [join(projectDir, "bin/nplus1.mjs"), ...args], env);

/** Any command line inside `eval "$(npx nplus1 lab env)"`. */
export const inLabEnv = (commandLine: string): Promise<Ran> =>
  run("bash", ["-c", `set -e; exports="$(node bin/nplus1.mjs lab env)"; eval "$exports"; ${commandLine}`]);

export async function status(): Promise<Status> {
  const { code, stdout, stderr } = await nplus1(["status", "--json"]);
  if (code !== 0) throw new Error(`status: ${stderr}`);
  return statusSchema.parse(JSON.parse(stdout));
}

/** Awaits a condition, asked again every quarter second. @throws with what was seen last. */
export async function until<T>(what: string, ask: () => Promise<T>, holds: (value: T) => boolean, limitMs: number): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1000} s; last seen: ${JSON.stringify(value)}`);
    await new Promise((wake) => setTimeout(wake, 250));
  }
}

export interface Answer {
  status: number;
  node: string | undefined;
  /** name=value pairs, for the next request's Cookie header. */
  cookies: string[];
  body: string;
}

/** One request on a connection of its own. */
export const get = (url: string, cookies: string[] = [], timeoutMs = 10_000): Promise<Answer> =>
  new Promise((done, reject) => {
    const headers = cookies.length > 0 ? { cookie: cookies.join("; ") } : {};
    const asked = request(url, { headers, agent: false, timeout: timeoutMs }, (response) => {
      let body = "";
      response.on("data", (data: Buffer) => (body += data.toString()));
      response.on("error", reject);
      response.on("end", () =>
        done({
          status: response.statusCode ?? 0,
          node: response.headers["x-nplus1-node"] as string | undefined,
          cookies: (response.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0] ?? ""),
          body,
        }),
      );
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    asked.on("error", reject);
    asked.end();
  });

/** Runs a command in a namespace that the status names. */
export const inNamespace = (netns: string, argv: string[]): Promise<Ran> =>
  netns.startsWith("/") ? run("nsenter", [`--net=${netns}`, ...argv]) : run("ip", ["netns", "exec", netns, ...argv]);

/** Whether a TCP connection opens, by real packets: bash's own client, ended after two seconds of silence. */
export const connects = async (netns: string, host: string, port: number): Promise<boolean> =>
  (await inNamespace(netns, ["timeout", "2", "bash", "-c", `exec 3<>/dev/tcp/${host}/${port}`])).code === 0;
