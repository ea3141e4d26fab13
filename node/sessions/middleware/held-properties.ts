import type { ServerResponse } from "node:http";

/** As Node.js says it. */
export function headersSent(): never {
  throw Object.assign(new Error("Cannot set headers after they are sent to the client"), { code: "ERR_HTTP_HEADERS_SENT" });
}

const HEAD_SENT: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["headersSent", true],
  ["setHeader", headersSent],
  ["setHeaders", headersSent],
  ["appendHeader", headersSent],
  ["removeHeader", headersSent],
  // Who calls it when no head was sent, as `compression` does, has nothing left to do.
  ["_implicitHeader", () => undefined],
]);

const ENDED: ReadonlyMap<string, unknown> = new Map([["writableEnded", true]]);

/** Stand before the prototype of a program's responses. */
interface Pretence {
  readonly headSent: object;
  readonly ended: object;
}

const pretences = new WeakMap<object, Pretence>();

/**
 * While a response is held, it looks as if what the program sent had left: headers cannot be set any more, an ended response is ended.
 * `restore` ends the pretence. It lies in the prototype: own properties would have to be deleted again, which makes all that follows slow.
 */
export class HeldProperties {
  readonly #prototype: object;
  readonly #pretence: Pretence;
  /** What others had put into the response's own properties, which come before the prototype's. */
  #before: Map<string, PropertyDescriptor> | undefined;
  #needsDrain = false;

  constructor(private readonly res: ServerResponse) {
    this.#prototype = Object.getPrototypeOf(res) as object;
    this.#pretence = pretenceOf(this.#prototype);
  }

  headSent(): void {
    Object.setPrototypeOf(this.res, this.#pretence.headSent);
    this.#cover(HEAD_SENT);
  }

  ended(): void {
    if (this.#isPretending) Object.setPrototypeOf(this.res, this.#pretence.ended);
    this.#cover(ENDED);
  }

  needsDrain(): void {
    if (this.#needsDrain) return;
    this.#needsDrain = true;
    put(this.res, "writableNeedDrain", true);
  }

  restore(): void {
    const { res } = this;
    // A sub-app that the request left meanwhile has given the response the prototype that it had before.
    if (this.#isPretending) Object.setPrototypeOf(res, this.#prototype);
    for (const [name, descriptor] of this.#before ?? []) Object.defineProperty(res, name, descriptor);
    this.#before = undefined;
    if (this.#needsDrain) Reflect.deleteProperty(res, "writableNeedDrain");
    this.#needsDrain = false;
  }

  get #isPretending(): boolean {
    const prototype = Object.getPrototypeOf(this.res) as object;
    return prototype === this.#pretence.headSent || prototype === this.#pretence.ended;
  }

  #cover(properties: ReadonlyMap<string, unknown>): void {
    for (const [name, value] of properties) {
      if (!Object.hasOwn(this.res, name)) continue;
      this.#before ??= new Map();
      this.#before.set(name, Object.getOwnPropertyDescriptor(this.res, name) as PropertyDescriptor);
      put(this.res, name, value);
    }
  }
}

function pretenceOf(prototype: object): Pretence {
  const known = pretences.get(prototype);
  if (known) return known;
  const headSent = over(prototype, HEAD_SENT);
  const pretence = { headSent, ended: over(headSent, ENDED) };
  pretences.set(prototype, pretence);
  return pretence;
}

function over(prototype: object, properties: ReadonlyMap<string, unknown>): object {
  const object = Object.create(prototype) as object;
  for (const [name, value] of properties) put(object, name, value);
  return object;
}

function put(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { configurable: true, enumerable: false, writable: true, value });
}
