import { spawn } from "node:child_process";

/** Ends a run with one message for a person. */
export class SetupError extends Error {}

/**
 * Runs a command quietly and answers with its standard output.
 * @throws SetupError with the last lines the command printed.
 */
export function run(command, args, { cwd, env, onTick, tickSeconds = 15 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let tail = "";
    const started = Date.now();
    const ticker = onTick && setInterval(() => onTick(Math.round((Date.now() - started) / 1000)), tickSeconds * 1000);
    child.stdout.on("data", (data) => {
      out += data;
      tail = (tail + data).slice(-4000);
    });
    child.stderr.on("data", (data) => {
      tail = (tail + data).slice(-4000);
    });
    const end = (error) => {
      clearInterval(ticker);
      if (error) reject(error);
      else resolve(out);
    };
    child.on("error", (error) => end(new SetupError(`${command}: ${error.code === "ENOENT" ? "not found" : error.message}`)));
    child.on("close", (code) => {
      if (code === 0) return end();
      const lines = tail.trim().split("\n").slice(-8).join("\n  ");
      const full = /ENOSPC|no space left on device/i.test(tail) ? `the disk is full while running ${command}` : `${command} ${args[0] ?? ""} failed`;
      end(new SetupError(`${full}:\n  ${lines}`));
    });
  });
}

/** The output of a command that may be missing or fail: undefined then. */
export const tryRun = (command, args, options) => run(command, args, options).catch(() => undefined);
