import { createServer, type Server } from "node:net";

/** A listening socket of this machine that other processes inherit by number. It accepts nothing itself. */
export interface Listener {
  fd: number;
  port: number;
  close(): void;
}

/** How far above a preferred port the next free one is looked for. */
const TRIES = 100;

/**
 * Listens on 127.0.0.1.
 * @throws when `port` was asked for and is taken.
 */
export async function listenOn(port: number): Promise<Listener> {
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`port ${port} of 127.0.0.1 is taken; choose another with --port`) : error),
    );
    server.listen({ host: "127.0.0.1", port, backlog: 1024 }, resolve);
  });
  return asListener(server);
}

/** Listens on the preferred port or the next free one above it. */
export async function listenNear(preferred: number): Promise<Listener> {
  for (let port = preferred; port < preferred + TRIES; port += 1) {
    try {
      return await listenOn(port);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes("is taken"))) throw error;
    }
  }
  throw new Error(`no port from ${preferred} to ${preferred + TRIES - 1} of 127.0.0.1 is free; choose one with --port`);
}

function asListener(server: Server): Listener {
  const address = server.address();
  // The only way to a socket's number in Node.js; the door's HAProxy and the endpoint inherit it.
  const handle = (server as unknown as { _handle: { fd: number; readStop?: () => void } })._handle;
  if (address === null || typeof address === "string") throw new Error("a listening socket without a port");
  return { fd: handle.fd, port: address.port, close: () => server.close() };
}
