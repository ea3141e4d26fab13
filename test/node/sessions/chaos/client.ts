import type { Operation } from "../../../../lab/drills/history/operation";
import { type Node, Refused } from "./node";

/** Errors after which nothing was done. */
const WITHOUT_EFFECT = new Set(["node-dead", "session-too-large", "no-session"]);

/** Answers that say that something is wrong with the test or the core, not with the weather. */
const WEATHER = new Set(["node-dead", "node-died", "store-away", "store-refused"]);

/** A browser: it carries what it has seen of its session, from node to node, and writes down what it did and saw. */
export class Client {
  readonly history: Operation[] = [];
  /** Errors that no weather explains. */
  readonly faults: string[] = [];
  refusedReads = 0;
  lastRefusal = "";
  /** The longest that a request took, in milliseconds. */
  longestMs = 0;
  #seen = "";
  #writes = 0;

  constructor(
    readonly name: string,
    readonly session: string,
  ) {}

  get lastValue(): string {
    return `${this.name}#${this.#writes}`;
  }

  async create(node: Node): Promise<boolean> {
    return this.#write("begun", (value) => node.ask("create", this.session, "begun", value));
  }

  async write(node: Node, key: string): Promise<boolean> {
    return this.#write(key, (value) => node.ask("write", this.session, this.#seen, key, value));
  }

  async add(node: Node, key: string): Promise<boolean> {
    const operation = this.#begin("add", key, 1);
    const answer = await this.#end(operation, node.ask("add", this.session, this.#seen, key));
    if (answer) operation.result = answer.number;
    return answer !== undefined;
  }

  /** What every one of these keys has. */
  async read(node: Node, keys: readonly string[]): Promise<boolean> {
    const operation = this.#operation("read", "", null);
    const answer = await this.#end(operation, node.ask("read", this.session, this.#seen));
    if (answer === undefined) {
      this.refusedReads += 1;
      return false;
    }
    for (const key of keys) this.history.push({ ...operation, key, value: answer.values?.[key] ?? null });
    return true;
  }

  async #write(key: string, send: (value: string) => Promise<{ version: string }>): Promise<boolean> {
    this.#writes += 1;
    const value = this.lastValue;
    return (await this.#end(this.#begin("write", key, value), send(value))) !== undefined;
  }

  #begin(kind: Operation["kind"], key: string, value: Operation["value"]): Operation {
    const operation = this.#operation(kind, key, value);
    this.history.push(operation);
    return operation;
  }

  #operation(kind: Operation["kind"], key: string, value: Operation["value"]): Operation {
    return { client: this.name, session: this.session, kind, key, value, invokedAt: performance.now(), returnedAt: null, outcome: "unknown" };
  }

  async #end<T extends { version: string }>(operation: Operation, asked: Promise<T>): Promise<T | undefined> {
    try {
      const answer = await asked;
      operation.outcome = "ok";
      operation.version = answer.version;
      this.#carry(answer.version);
      return answer;
    } catch (error) {
      const { code, message } = error as Refused;
      this.lastRefusal = `${code}: ${message}`;
      if (WITHOUT_EFFECT.has(code)) operation.outcome = "refused";
      if (!WEATHER.has(code)) this.faults.push(`${this.name} ${operation.kind} ${this.session}: ${code}: ${message}`);
      return undefined;
    } finally {
      operation.returnedAt = performance.now();
      this.longestMs = Math.max(this.longestMs, operation.returnedAt - operation.invokedAt);
    }
  }

  /** Answers may come out of order: the newest version counts, not the last. */
  #carry(version: string): void {
    if (Number.parseInt(version, 10) > (Number.parseInt(this.#seen, 10) || 0)) this.#seen = version;
  }
}
