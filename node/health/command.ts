import { type ChildProcess, spawn } from "node:child_process";

const OUTPUT_BYTES = 256 * 1024;

export interface CommandPlace {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

/**
 * What a command printed, both ways and up to a limit, also when it failed or was ended, with all that it started, at its time's end.
 * @throws when it cannot be begun at all
 */
export function output(command: string, words: readonly string[], limitMs: number, place: CommandPlace = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const child = spawn(command, words, { ...place, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const end = (how: string) => {
      clearTimeout(timer);
      resolve(`${text}${how}`);
    };
    const timer = setTimeout(() => {
      endAll(child);
      end(`(ended after ${Math.round(limitMs)} ms)`);
    }, limitMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        if (text.length < OUTPUT_BYTES) text += chunk.slice(0, OUTPUT_BYTES - text.length);
      });
    }
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => end(code === 0 ? "" : `(ended with ${signal ?? code})`));
  });
}

/** With all that it started: a detached child leads a group of its own. */
export function endAll({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
