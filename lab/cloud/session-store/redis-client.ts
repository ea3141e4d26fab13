import { createClient } from "redis";
import { LAB_USER } from "./redis-config";

/** For connecting and all commands together. */
const LIMIT_MS = 3_000;

/** Commands as the lab's own user, over the node's Unix socket: no network of the lab is on that way. */
export async function redisCommands(socket: string, secret: string, commands: readonly (readonly string[])[]): Promise<unknown[]> {
  const client = createClient({ socket: { path: socket, reconnectStrategy: false }, username: LAB_USER, password: secret });
  // The same error rejects what waits for it.
  client.on("error", () => undefined);
  let timer: NodeJS.Timeout | undefined;
  // A process that is stopped lets one connect and says nothing.
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`redis: no answer at ${socket} within ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  const work = async () => {
    await client.connect();
    const answers: unknown[] = [];
    for (const command of commands) answers.push(await client.sendCommand([...command]));
    return answers;
  };
  const answered = work();
  // Destroying the client below rejects it once more.
  answered.catch(() => undefined);
  try {
    return await Promise.race([answered, limit]);
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}
