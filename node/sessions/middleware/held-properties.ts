import type { ServerResponse } from "node:http";

/** As Node.js says it. */
export function headersSent(): never {
  throw Object.assign(new Error("Cannot set headers after they are sent to the client"), { code: "ERR_HTTP_HEADERS_SENT" });
}

/**
 * While a response is held, it looks as if what the program sent had left: headers cannot be set any more, an ended response is ended.
 * `restore` ends the pretence.
 */
export class HeldProperties {
  readonly #before = new Map<string, PropertyDescriptor | undefined>();

  constructor(private readonly res: ServerResponse) {}

  headSent(): void {
    this.#put("headersSent", true);
    for (const name of ["setHeader", "setHeaders", "appendHeader", "removeHeader"]) this.#put(name, headersSent);
    // Who calls it when no head was sent, as `compression` does, has nothing left to do.
    this.#put("_implicitHeader", () => undefined);
  }

  ended(): void {
    this.#put("writableEnded", true);
  }

  needsDrain(): void {
    this.#put("writableNeedDrain", true);
  }

  restore(): void {
    for (const [name, descriptor] of this.#before) {
      Reflect.deleteProperty(this.res, name);
      if (descriptor) Object.defineProperty(this.res, name, descriptor);
    }
    this.#before.clear();
  }

  #put(name: string, value: unknown): void {
    if (this.#before.has(name)) return;
    this.#before.set(name, Object.getOwnPropertyDescriptor(this.res, name));
    Object.defineProperty(this.res, name, { configurable: true, enumerable: false, writable: true, value });
  }
}
