import { connect, createServer } from "node:net";
import type { Supervisor } from "./supervisor";
import { type Reply, systemctl } from "./systemctl";
import { parseSystemctl } from "./systemctl-arguments";

/** init's socket, as systemctl finds it. */
export const CONTROL_SOCKET = "/run/lab-init.sock";

async function reply(supervisor: Supervisor, line: string): Promise<Reply> {
  try {
    return await systemctl(supervisor, parseSystemctl(JSON.parse(line) as string[]));
  } catch (error) {
    return { exitCode: 1, output: (error as Error).message, failed: true };
  }
}

/** One request, a JSON line with systemctl's words; one reply, a JSON line. */
export function serveControl(supervisor: Supervisor): Promise<void> {
  const server = createServer((socket) => {
    let text = "";
    // A client that went away does not stop the job it asked for.
    socket.on("error", () => socket.destroy());
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\n")) void reply(supervisor, text).then((answer) => socket.end(`${JSON.stringify(answer)}\n`));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(CONTROL_SOCKET, resolve);
  });
}

/** The `systemctl` command: asks init, prints its reply, ends with its code. */
export function askControl(words: readonly string[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const socket = connect(CONTROL_SOCKET, () => socket.write(`${JSON.stringify(words)}\n`));
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", (cause) => reject(new Error(`systemctl: init does not answer on ${CONTROL_SOCKET}`, { cause })));
    socket.on("end", () => {
      if (text === "") return reject(new Error("systemctl: init ended before it answered"));
      resolve(JSON.parse(text) as Reply);
    });
  });
}
