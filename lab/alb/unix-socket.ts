import net from "node:net";

const LIMIT_MS = 5_000;

/** One command on a socket of HAProxy, and its whole answer. */
export function ask(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    const chunks: Buffer[] = [];
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error(`haproxy: no answer to "${command}" within ${LIMIT_MS} ms`)));
    socket.on("connect", () => socket.write(`${command}\n`));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString().trim()));
  });
}

/**
 * The same on the master's socket, which stays open after an answer. Closing our half instead would end the connection before a worker
 * has answered, or acted.
 */
export const askMaster = (path: string, command: string): Promise<string> => ask(path, `${command}\nquit`);
