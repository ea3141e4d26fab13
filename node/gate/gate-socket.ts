import { createConnection } from "node:net";
import { z } from "zod";

export const gateStatusSchema = z.strictObject({
  mode: z.enum(["open", "hold", "refuse"]),
  /** Admitted and not answered to the last byte. */
  inFlight: z.int().min(0),
  /** Waiting for the gate to open. */
  held: z.int().min(0),
  /** Admitted since the gate's process started. */
  admitted: z.int().min(0),
});
export type GateStatus = z.infer<typeof gateStatusSchema>;

export type GateCommand = "open" | "hold" | "refuse" | "status";

export interface Gate {
  /** Does it and answers how the gate is then. Throws when the gate does not answer. */
  tell(command: GateCommand): Promise<GateStatus>;
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

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
