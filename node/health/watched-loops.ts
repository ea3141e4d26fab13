import { chmod, mkdir, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { giveGroup } from "../secrets/replace-file";
import type { WatchdogMessage } from "../watchdog/message";

const about = { pid: z.int().positive(), serves: z.boolean() };
const messageSchema: z.ZodType<WatchdogMessage> = z.discriminatedUnion("say", [
  z.object({ say: z.literal("beat"), ...about, heapUsed: z.number(), heapLimit: z.number(), delayMs: z.number() }),
  z.object({ say: z.literal("stalled"), ...about, forMs: z.number(), waitedMs: z.number(), kind: z.enum(["busy", "stuck", "starved"]) }),
  z.object({ say: z.literal("over"), ...about }),
]);

/** What the watchdog of one Node.js program said last, and when, by the agent's clock. */
export interface WatchedLoop {
  pid: number;
  serves: boolean;
  heardAt: number;
  stall: Extract<WatchdogMessage, { say: "stalled" }> | undefined;
  beat: Extract<WatchdogMessage, { say: "beat" }> | undefined;
}

export interface WatchedLoopsArgs {
  socketPath: string;
  /** Who may come: the application's user. */
  gid: number;
  clock: () => number;
  /** Each stall, when it is first told. */
  onStall: (stall: Extract<WatchdogMessage, { say: "stalled" }>) => void;
}

/** Programs of one application. More are not listened to. */
const MOST_PROGRAMS = 128;
/** Longer than any message, in bytes: who sends more without a line's end is not a watchdog. */
const LONGEST_BYTES = 4096;

/** Listens to the watchdogs in the application's Node.js programs. What they say is the application's word, and is believed only about itself. */
export class WatchedLoops {
  readonly #args: WatchedLoopsArgs;
  readonly #loops = new Map<Socket, WatchedLoop>();
  readonly #server: Server;

  constructor(args: WatchedLoopsArgs) {
    this.#args = args;
    this.#server = createServer((socket) => this.#hear(socket));
    this.#server.maxConnections = MOST_PROGRAMS;
  }

  async listen(): Promise<void> {
    const { socketPath, gid } = this.#args;
    const folder = dirname(socketPath);
    await mkdir(folder, { recursive: true });
    await giveGroup(folder, gid);
    await chmod(folder, 0o750);
    await rm(socketPath, { force: true });
    await new Promise<void>((resolve, reject) => this.#server.once("error", reject).listen(socketPath, resolve));
    await giveGroup(socketPath, gid);
    await chmod(socketPath, 0o660);
  }

  get all(): WatchedLoop[] {
    return [...this.#loops.values()];
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#loops.keys()) socket.destroy();
  }

  #hear(socket: Socket): void {
    let unread = 0;
    socket.on("data", (chunk: Buffer) => {
      const end = chunk.lastIndexOf("\n");
      unread = end === -1 ? unread + chunk.length : chunk.length - end;
      if (unread > LONGEST_BYTES) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => this.#loops.delete(socket));
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
      const message = parsed(line);
      if (message === undefined) socket.destroy();
      else if (!socket.destroyed) this.#note(socket, message);
    });
  }

  #note(socket: Socket, message: WatchdogMessage): void {
    const { pid, serves } = message;
    const before = this.#loops.get(socket);
    const loop: WatchedLoop = { pid, serves, heardAt: this.#args.clock(), stall: before?.stall, beat: before?.beat };
    if (message.say === "beat") loop.beat = message;
    else loop.stall = message.say === "stalled" ? message : undefined;
    this.#loops.set(socket, loop);
    if (message.say === "stalled" && before?.stall === undefined) this.#args.onStall(message);
  }
}

function parsed(line: string): WatchdogMessage | undefined {
  try {
    return messageSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
