import { createClient } from "redis";
import { LAB_USER } from "./redis-config";

const CONNECT_MS = 2_000;
const COMMAND_MS = 3_000;

/** Commands as the lab's own user, over the node's Unix socket: no network of the lab is on that way. */
export async function redisCommands(socket: string, secret: string, commands: readonly (readonly string[])[]): Promise<unknown[]> {
  const client = createClient({
    socket: { path: socket, reconnectStrategy: false, connectTimeout: CONNECT_MS },
    username: LAB_USER,
    password: secret,
    commandOptions: { timeout: COMMAND_MS },
  });
  // The same error rejects what waits for it.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const answers: unknown[] = [];
    for (const command of commands) answers.push(await client.sendCommand([...command]));
    return answers;
  } finally {
    client.destroy();
  }
}
