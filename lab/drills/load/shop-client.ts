import { setTimeout as delay } from "node:timers/promises";
import { type CartRequest, readCart } from "./cart-request";
import { CookieJar } from "./cookie-jar";
import { type Answer, ask, oneConnection } from "./request";

/** The shop keeps at most 99 of a product; what was not acknowledged may be in the cart as well. */
const MOST_OF_ONE = 95;

/**
 * How often a client repeats a look that failed on the way, and how long it waits before the first time, doubled each time (milliseconds).
 * What is safe may be repeated without asking anybody, and is by browsers and HTTP clients.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
const REPEATS = 5;
const REPEAT_MS = 100;

export interface Shop {
  url: string;
  products: readonly string[];
}

/** A customer with a browser: one connection, all cookies, one request after another. */
export class ShopClient {
  readonly #agent;
  #jar = new CookieJar();
  #carts = 0;
  /** At most this many of each product are in the cart. */
  #quantities = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly shop: Shop,
    private readonly record: (request: CartRequest) => void,
  ) {
    this.#agent = oneConnection(shop.url);
    this.newCart();
  }

  /** As another customer: nothing is left of the cookies. */
  newCart(): void {
    this.#carts += 1;
    this.#jar = new CookieJar();
    this.#quantities = new Map(this.shop.products.map((product) => [product, 0]));
  }

  /** The load balancer chooses a node anew for the next request. */
  forgetNode(): void {
    this.#jar.forgetNode();
  }

  /** No more of any product fits into the cart. */
  get isFull(): boolean {
    return this.#fitting().length === 0;
  }

  async look(): Promise<CartRequest> {
    let request = await this.#request("GET");
    const firstInvokedAt = request.invokedAt;
    for (let repeats = 1; repeats <= REPEATS && request.failure && !request.failure.isRefusal; repeats += 1) {
      await delay(REPEAT_MS * 2 ** (repeats - 1));
      request = { ...(await this.#request("GET")), repeats, firstInvokedAt };
    }
    this.record(request);
    return request;
  }

  /** Puts one of some product into the cart; `dice`, from 0 up to 1, says which. */
  async add(dice: number): Promise<CartRequest> {
    const fitting = this.#fitting();
    const product = fitting[Math.floor(dice * fitting.length)];
    if (product === undefined) throw new Error(`${this.name}: must not add to a full cart`);
    this.#quantities.set(product, (this.#quantities.get(product) ?? 0) + 1);
    const request = await this.#request("POST", product);
    this.record(request);
    return request;
  }

  close(): void {
    this.#agent.destroy();
  }

  #fitting(): string[] {
    return [...this.#quantities].flatMap(([product, quantity]) => (quantity < MOST_OF_ONE ? [product] : []));
  }

  #request(method: "GET" | "POST", added?: string): Promise<CartRequest> {
    const about = { client: this.name, session: `${this.name}-cart-${this.#carts}`, ...(added === undefined ? {} : { added }) };
    const invokedAt = performance.now();
    const asked = {
      method,
      url: new URL("cart", this.shop.url).href,
      agent: this.#agent,
      cookies: this.#jar.header(),
      ...(added === undefined ? {} : { body: { product: added } }),
    };
    return ask(asked).then(
      (answer): CartRequest => ({ ...about, invokedAt, returnedAt: performance.now(), ...this.#understand(answer) }),
      (error: NodeJS.ErrnoException): CartRequest => {
        const failure = { what: error.code ?? error.message, isRefusal: false };
        return { ...about, invokedAt, returnedAt: performance.now(), failure };
      },
    );
  }

  #understand(answer: Answer): Pick<CartRequest, "node" | "quantities" | "failure"> {
    this.#jar.store(answer.headers["set-cookie"] ?? [], Date.now());
    const node = answer.headers["x-nplus1-node"];
    return { ...(typeof node === "string" ? { node } : {}), ...readCart(answer) };
  }
}
