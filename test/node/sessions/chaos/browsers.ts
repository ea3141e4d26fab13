import { setTimeout as delay } from "node:timers/promises";
import { judge } from "../../../../lab/drills/history/judge";
import type { Operation } from "../../../../lab/drills/history/operation";
import { violationLine } from "../../../../lab/drills/history/words";
import { Client } from "./client";
import type { Node } from "./node";

/** Windows of one browser share a session, and modify different keys of it. */
const WINDOWS = 2;
const KEYS = Array.from({ length: WINDOWS }, (_, window) => `k${window}`);
const COUNT = "count";
const LOOKED_AT = [...KEYS, COUNT];
const WRITE_PART = 0.2;
const ADD_PART = 0.05;
/** In milliseconds: a node that refuses at once is not asked in a loop. */
const AFTER_REFUSAL_MS = 5;

/** In milliseconds. What others wrote is seen within the lease, and a bit more: of a request that began before. */
export const WITHIN_LEASE = 500;
/** Whoever is cut off from the others sees its own writes all the same. */
export const ANY_TIME = Number.POSITIVE_INFINITY;

export interface Storm {
  /** Whether the windows also add to one number, by turns. */
  adds?: boolean;
  /** Where a client's next request goes. */
  route: (browser: number, window: number) => Node;
  /** Values looked at, at least. */
  checks: number;
  /** Runs beside the load, which goes on until it is done. */
  faults?: () => Promise<void>;
}

/** Browsers that modify and look at their sessions all the time. */
export class Browsers {
  readonly #clients: Client[];

  constructor(
    private readonly name: string,
    private readonly count: number,
  ) {
    this.#clients = Array.from({ length: count * WINDOWS }, (_, index) => new Client(`c${index}`, this.#session(Math.floor(index / WINDOWS))));
  }

  async begin(node: (browser: number) => Node): Promise<void> {
    for (let browser = 0; browser < this.count; browser += 1) await this.#clients[browser * WINDOWS]?.create(node(browser));
  }

  async browse({ route, checks, faults, adds = true }: Storm): Promise<void> {
    const addPart = adds ? ADD_PART : 0;
    let looked = 0;
    let isOver = faults === undefined;
    const goesOn = (): boolean => (looked < checks || !isOver) && this.#clients.every((client) => client.faults.length === 0);
    const one = async (client: Client, index: number): Promise<void> => {
      while (goesOn()) {
        const node = route(Math.floor(index / WINDOWS), index % WINDOWS);
        const dice = Math.random();
        const ask =
          dice < addPart ? client.add(node, COUNT) : dice < addPart + WRITE_PART ? client.write(node, KEYS[index % WINDOWS] as string) : undefined;
        const done = await (ask ?? client.read(node, LOOKED_AT));
        if (done && ask === undefined) looked += LOOKED_AT.length;
        if (!done) await delay(AFTER_REFUSAL_MS);
      }
    };
    const storm = faults?.().finally(() => (isOver = true));
    await Promise.all([...this.#clients.map(one), storm]);
  }

  /** What is wrong, for people. Afterwards every node must have all that was acknowledged. `stalenessMs`: how late a client may see what others wrote. */
  async verdict(stalenessMs: number, nodes: readonly Node[]): Promise<string[]> {
    await delay(WITHIN_LEASE);
    const auditors = await this.#audit(nodes);
    const history = this.#history();
    const writes = history.filter(({ kind }) => kind !== "read");
    const found = [...judge(history, { stalenessMs }), ...judge([...writes, ...auditors.flatMap((one) => one.history)])];
    const faults = [...this.#clients, ...auditors].flatMap((client) => client.faults);
    return [...faults, ...found.map((violation) => violationLine(violation))].slice(0, 20);
  }

  get figures() {
    const history = this.#history();
    const count = (kinds: readonly Operation["kind"][], isOk: boolean): number =>
      history.filter(({ kind, outcome }) => kinds.includes(kind) && (outcome === "ok") === isOk).length;
    return {
      checks: count(["read"], true),
      writes: count(["write", "add"], true),
      refusedWrites: count(["write", "add"], false),
      refusedReads: this.#clients.reduce((sum, client) => sum + client.refusedReads, 0),
      longestMs: Math.max(...this.#clients.map((client) => client.longestMs)),
    };
  }

  async #audit(nodes: readonly Node[]): Promise<Client[]> {
    const auditors = nodes.flatMap((node) => Array.from({ length: this.count }, (_, browser) => ({ node, browser })));
    return Promise.all(
      auditors.map(async ({ node, browser }) => {
        const auditor = new Client(`auditor-of-${node.name}`, this.#session(browser));
        if (!(await auditor.read(node, LOOKED_AT))) auditor.faults.push(`${node.name} did not answer for ${auditor.session}: ${auditor.lastRefusal}`);
        return auditor;
      }),
    );
  }

  #session(browser: number): string {
    return `${this.name}-${browser}`;
  }

  #history(): Operation[] {
    return this.#clients.flatMap((client) => client.history);
  }
}

/** One of them, at random: a client that moves all the time. */
export const any = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;
