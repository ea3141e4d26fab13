import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { CartRequest } from "./cart-request";
import { ask, oneConnection } from "./request";
import { type Shop, ShopClient } from "./shop-client";

const CLIENTS = 40;

/** From the begin of a client's request to the next, in milliseconds, a third more or less: 200 requests a second of all clients together. */
const PACE_MS = 200;

/** Of the requests: those that put something into a cart. */
const ADD_SHARE = 0.4;

/** Of the requests, while clients move: those that come without the load balancer's cookie. */
const MOVE_SHARE = 0.05;

/** How often, and how many milliseconds apart, a client tries to see its cart at the end. */
const LAST_LOOKS = 10;
const LAST_LOOK_MS = 500;

/** Customers who fill their carts all the time. */
export class Load {
  readonly requests: CartRequest[] = [];
  readonly #clients: ShopClient[];
  /** Now and then a client comes back by another node. */
  moves = true;
  #stopped = false;
  #wake = alarm();
  #running: Promise<unknown> = Promise.resolve();

  constructor(readonly shop: Shop) {
    const record = (request: CartRequest): void => void this.requests.push(request);
    this.#clients = Array.from({ length: CLIENTS }, (_, index) => new ShopClient(`client-${String(index + 1).padStart(2, "0")}`, shop, record));
  }

  get clients(): number {
    return this.#clients.length;
  }

  /** Resolves when every client has something in its cart. @throws when the shop does not serve */
  async start(): Promise<void> {
    const first = await Promise.all(this.#clients.map((client) => client.add(Math.random())));
    const failure = first.find((request) => request.failure)?.failure;
    if (failure) throw new Error(`${this.shop.url}cart: must take what is put into a cart before anything is broken, got ${failure.what}`);
    this.#running = Promise.all(this.#clients.map((client) => this.#shop(client)));
  }

  /** Every client that pauses looks at its cart at once, so that the pace does not hide how soon it is served again. */
  lookNow(): void {
    this.#wake.abort();
    this.#wake = alarm();
  }

  /** Ends the load as it is. */
  abort(): void {
    this.#stopped = true;
    this.#wake.abort();
    for (const client of this.#clients) client.close();
  }

  /** Ends the load; every client then looks at its cart a last time, by any node. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake.abort();
    await this.#running;
    await Promise.all(this.#clients.map((client) => this.#lastLook(client)));
    for (const client of this.#clients) client.close();
  }

  async #shop(client: ShopClient): Promise<void> {
    let last: CartRequest | undefined;
    while (!this.#stopped) {
      const began = performance.now();
      if (client.isFull && last?.failure === undefined) {
        await client.look();
        client.newCart();
      }
      if (this.moves && Math.random() < MOVE_SHARE) client.forgetNode();
      // After an add that failed, the client looks what became of it.
      const looks = last?.failure !== undefined || client.isFull || Math.random() >= ADD_SHARE;
      last = looks ? await client.look() : await client.add(Math.random());
      const restMs = PACE_MS * (2 / 3 + Math.random() * (2 / 3)) - (performance.now() - began);
      if (!this.#stopped && (await this.#pause(restMs))) last = await client.look();
    }
  }

  /** Whether it was cut short to look. */
  async #pause(pauseMs: number): Promise<boolean> {
    const { signal } = this.#wake;
    await delay(Math.max(0, pauseMs), undefined, { signal }).catch(() => undefined);
    return signal.aborted && !this.#stopped;
  }

  async #lastLook(client: ShopClient): Promise<void> {
    for (let tries = 0; tries < LAST_LOOKS; tries += 1) {
      client.forgetNode();
      if (!(await client.look()).failure) return;
      await delay(LAST_LOOK_MS);
    }
  }
}

/** Every client waits for the same one. */
function alarm(): AbortController {
  const controller = new AbortController();
  setMaxListeners(CLIENTS, controller.signal);
  return controller;
}

/** The shop behind a door. @throws when there is another application. */
export async function findShop(url: string): Promise<Shop> {
  const agent = oneConnection(url);
  try {
    const { status, body } = await ask({ method: "GET", url, agent, cookies: "" });
    const products = [...body.matchAll(/name="product" value="([^"]+)"/g)].flatMap(([, product]) => product ?? []);
    if (status === 200 && products.length > 0) return { url, products };
    throw new Error(`${url}: must be the example shop, whose carts drills fill, got status ${status} and ${products.length} products`);
  } finally {
    agent.destroy();
  }
}
