import type { Keys } from "./keys";

export const KEYS = Symbol("keys");

/** An object whose own properties are a session's keys; what its class has keeps its meaning and is never taken from, or written to, the store. */
export interface KeysHolder {
  readonly [KEYS]: Keys;
}

/** Plain properties to the program. `shown`: members of the class that are listed among the keys. */
export function keysHandler<T extends KeysHolder>(prototype: object, shown: readonly string[]): ProxyHandler<T> {
  const reserved = memberNames(prototype);
  const visible = (holder: T): string[] => [...shown, ...holder[KEYS].names().filter((name) => !reserved.has(name))];
  return {
    get(holder, name) {
      return typeof name === "symbol" || reserved.has(name) ? (Reflect.get(holder, name) as unknown) : holder[KEYS].get(name);
    },
    set(holder, name, value: unknown) {
      if (typeof name === "symbol") return Reflect.set(holder, name, value);
      if (!reserved.has(name)) holder[KEYS].set(name, value);
      else if (typeof value === "function" || shown.includes(name)) Reflect.set(holder, name, value);
      else throw new TypeError(`session key ${JSON.stringify(name)}: this name has a meaning of its own; use another`);
      return true;
    },
    has(holder, name) {
      return typeof name === "symbol" || reserved.has(name) ? Reflect.has(holder, name) : holder[KEYS].has(name);
    },
    deleteProperty(holder, name) {
      if (typeof name === "symbol" || reserved.has(name)) return Reflect.deleteProperty(holder, name);
      holder[KEYS].remove(name);
      return true;
    },
    ownKeys: visible,
    getOwnPropertyDescriptor(holder, name) {
      if (typeof name === "symbol") return undefined;
      if (reserved.has(name) ? !shown.includes(name) : !holder[KEYS].has(name)) return undefined;
      const value: unknown = reserved.has(name) ? Reflect.get(holder, name) : holder[KEYS].get(name);
      return { value, writable: true, enumerable: true, configurable: true };
    },
    defineProperty(holder, name, descriptor) {
      if (typeof name === "symbol" || reserved.has(name) || !descriptor.enumerable || !("value" in descriptor)) return false;
      holder[KEYS].set(name, descriptor.value);
      return true;
    },
  };
}

/** Of the class and what it inherits, Object included. */
function memberNames(prototype: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return names;
}
