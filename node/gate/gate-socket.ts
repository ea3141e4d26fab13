import { createConnection } from "node:net";
import { z } from "zod";
import { OWN_BACKEND, PEER_SLOTS, PEERS_BACKEND } from "./gate-config";

export const gateStatusSchema = z.strictObject({
  mode: z.enum(["open", "peers", "hold", "refuse"]),
  /** Admitted and not answered to the last byte. */
  inFlight: z.int().min(0),
  /** Waiting for the gate to open. */
  held: z.int().min(0),
  /** To the own application, since the gate's process started. */
  admitted: z.int().min(0),
  /** To other nodes by `peers`, since the gate's process started. */
  passed: z.int().min(0),
  /** Admitted to the own application and not answered to the last byte. */
  inApp: z.int().min(0),
  /** Answered 504, since the application was ended while it had them and they are not safe to repeat. */
  brokenOff: z.int().min(0),
});
export type GateStatus = z.infer<typeof gateStatusSchema>;

export type GateCommand = "open" | "peers" | "hold" | "refuse" | "status";

export interface Gate {
  /** Does it and answers how the gate is then. Throws when the gate does not answer. */
  tell(command: GateCommand): Promise<GateStatus>;
  /** The other nodes' addresses, for what the own application does not take. */
  meet(peers: readonly string[]): Promise<void>;
}

const ANSWER_LIMIT_MS = 2000;

/** The gate's runtime socket: one command a connection. */
export class GateSocket implements Gate {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async tell(command: GateCommand): Promise<GateStatus> {
    const answer = await this.#ask(`gate ${command}\n`);
    const parsed = gateStatusSchema.safeParse(json(answer));
    if (!parsed.success) throw new Error(`${this.#path}: must answer with the gate's status, got ${JSON.stringify(answer.slice(0, 200))}`);
    return parsed.data;
  }

  async meet(peers: readonly string[]): Promise<void> {
    const lines = Array.from({ length: PEER_SLOTS }, (_, index) => slotLine(index + 1, peers[index]));
    const answer = await this.#ask(`${lines.join("; ")}\n`);
    // HAProxy says in words what it changed, and begins what it refuses with the command's name or "No such".
    if (/^(No such|Require|Invalid|Unknown|can't)/im.test(answer))
      throw new Error(`${this.#path}: must take the peers, got ${JSON.stringify(answer.trim())}`);
  }

  #ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path, () => socket.write(line));
      let answer = "";
      socket.setEncoding("utf8");
      socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error(`${this.#path}: no answer within ${ANSWER_LIMIT_MS} ms`)));
      socket.on("data", (chunk: string) => {
        answer += chunk;
      });
      socket.on("error", reject);
      socket.on("end", () => resolve(answer));
    });
  }
}

function slotLine(slot: number, address: string | undefined): string {
  if (address === undefined) return `set server ${PEERS_BACKEND}/peer${slot} state maint`;
  const set = [OWN_BACKEND, PEERS_BACKEND].map((backend) => `set server ${backend}/peer${slot} addr ${address}`);
  return [...set, `set server ${PEERS_BACKEND}/peer${slot} state ready`].join("; ");
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
