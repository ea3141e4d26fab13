import { spawn } from "node:child_process";

export interface RunOptions {
  /** The namespace to run in; AWS's side without. */
  netns?: string;
  stdin?: string;
  /** Milliseconds until the command is killed, 10 s by default. */
  limitMs?: number;
}

export const netnsPath = (netns: string): string => `/run/netns/${netns}`;

/** The command as run in a network namespace of the lab. Lighter than `ip netns exec`, which makes a mount namespace each time. */
export const inNetns = (netns: string, argv: readonly string[]): string[] => ["nsenter", `--net=${netnsPath(netns)}`, "--", ...argv];

/** Runs a command to its end and gives its output; fails with the command, its code and its own words. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file = "", ...args] = options.netns === undefined ? argv : inNetns(options.netns, argv);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    const limitMs = options.limitMs ?? 10_000;
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (cause) => {
      clearTimeout(timer);
      reject(new Error(`${file}: could not be started`, { cause }));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve(Buffer.concat(output).toString());
      const end = signal === null ? `ended with code ${code}` : `was ended by ${signal} (limit ${limitMs} ms)`;
      reject(new Error(`${argv.join(" ")} ${end}: ${Buffer.concat(errors).toString().trim()}`));
    });
    // A command may end without reading all of its input; its exit code then says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
  });
}

/** Several changes of addresses, links and routes in one call of `ip`. */
export async function ipBatch(lines: readonly string[], netns?: string): Promise<void> {
  if (lines.length === 0) return;
  const argv = ["ip", ...(netns === undefined ? [] : ["-n", netns]), "-batch", "-"];
  await run(argv, { stdin: `${lines.join("\n")}\n` });
}

const GONE = /Cannot find|No such (file|process|device)|does not exist|Cannot assign requested address|^Command failed|^$/;

/** The same for removals: what is gone already counts as removed (a deleted interface takes its routes along). */
export async function ipBatchRemove(lines: readonly string[], netns?: string): Promise<void> {
  if (lines.length === 0) return;
  const argv = ["ip", ...(netns === undefined ? [] : ["-n", netns]), "-force", "-batch", "-"];
  await run(argv, { stdin: `${lines.join("\n")}\n` }).catch((error: Error) => {
    const words = error.message.slice(error.message.indexOf(": ") + 2).split("\n");
    if (!words.every((line) => GONE.test(line.trim()))) throw error;
  });
}
