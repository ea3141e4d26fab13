import { spawn } from "node:child_process";
import type { Server } from "node:net";
import { inNetns } from "./run";

/** Milliseconds until the socket must be there. */
const LIMIT_MS = 10_000;

/** Run in the namespace: a process cannot change its own while it runs, but a socket stays where it was made. */
const SCRIPT = `require("node:net").createServer().listen(0, "127.0.0.1", function () { process.send(this.address().port, this, () => process.exit()) })`;

/** A server of this process that listens on the loopback of another network namespace. */
export function listenIn(netns: string): Promise<{ server: Server; port: number }> {
  const [file = "", ...args] = inNetns(netns, [process.execPath, "-e", SCRIPT]);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`${netns}: must have a listening socket: ${why}`));
    };
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    child.once("message", (port, server) => {
      clearTimeout(timer);
      resolve({ server: server as Server, port: Number(port) });
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`its maker ended (${signal ?? `exit code ${code}`})`));
  });
}
