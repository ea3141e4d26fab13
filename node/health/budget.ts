import { GIVE_BACK_SCRIPT, KEEP_SCRIPT, SERVE_SCRIPT, TAKE_SCRIPT, WITHDRAW_SCRIPT } from "../../contract/budget";
import { REGISTRY_TTL_MS, SERVING_KEY, TOKEN_TTL_MS, TOKENS_KEY } from "../../contract/registry";
import type { StoreConnection } from "../registry/store-connection";

export type BudgetAnswer = { kind: "granted"; others: number } | { kind: "refused"; others: number } | { kind: "away"; reason: string };

/** Never fewer than n nodes serve: whoever wants to stop serving asks first. */
export interface Budget {
  /** Counted among those who serve, for the next seconds. */
  serve(): Promise<void>;
  /** Not counted any more, without a token: it cannot serve. */
  withdraw(): Promise<void>;
  /** A token, when enough others serve. */
  take(): Promise<BudgetAnswer>;
  /** Keeps the token that the node has. */
  keep(): Promise<void>;
  giveBack(): Promise<void>;
}

export interface ValkeyBudgetArgs {
  store: Pick<StoreConnection, "run">;
  node: string;
  n: number;
  /** A store that does not answer within this is away, in milliseconds. */
  limitMs: number;
  /** Tests only: how long what is not renewed counts, in milliseconds. */
  ttl?: { servingMs: number; tokenMs: number };
}

export class ValkeyBudget implements Budget {
  readonly #args: ValkeyBudgetArgs;
  readonly #servingMs: string;
  readonly #tokenMs: string;

  constructor(args: ValkeyBudgetArgs) {
    this.#args = args;
    const { servingMs, tokenMs } = args.ttl ?? { servingMs: REGISTRY_TTL_MS, tokenMs: TOKEN_TTL_MS };
    this.#servingMs = String(servingMs);
    this.#tokenMs = String(tokenMs);
  }

  serve = (): Promise<void> => this.#tell(SERVE_SCRIPT, this.#servingMs);
  withdraw = (): Promise<void> => this.#tell(WITHDRAW_SCRIPT);
  keep = (): Promise<void> => this.#tell(KEEP_SCRIPT, this.#tokenMs);
  giveBack = (): Promise<void> => this.#tell(GIVE_BACK_SCRIPT);

  async take(): Promise<BudgetAnswer> {
    try {
      const answer = await this.#run(TAKE_SCRIPT, this.#tokenMs, String(this.#args.n));
      const [granted, others] = Array.isArray(answer) ? answer.map(Number) : [];
      if (others === undefined) throw new Error(`the budget must answer with two numbers, got ${JSON.stringify(answer)}`);
      return { kind: granted === 1 ? "granted" : "refused", others };
    } catch (error) {
      return { kind: "away", reason: (error as Error).message };
    }
  }

  /** What the store did not hear is said again in a second, or runs out by itself. */
  async #tell(script: string, ...args: string[]): Promise<void> {
    await this.#run(script, ...args).catch(() => undefined);
  }

  async #run(script: string, ...args: string[]): Promise<unknown> {
    const { store, node, limitMs } = this.#args;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the session store has not answered for ${limitMs} ms`)), limitMs);
    });
    const asked = store.run((client) => client.eval(script, { keys: [SERVING_KEY, TOKENS_KEY], arguments: [node, ...args] }));
    try {
      return await Promise.race([asked, late]);
    } finally {
      clearTimeout(timer);
      asked.catch(() => undefined);
    }
  }
}
