import type { Change, Field } from "../model";
import type { Pristine } from "./pristine";
import type { PristineValues } from "./pristine-values";

interface Live {
  value: unknown;
  /** What it was when it was read; undefined: only its text tells whether it changed. */
  before: Pristine | undefined;
}

/**
 * The keys of one session as one request sees them. A value is parsed when it is first read, and only what was read as an object, or was set, is
 * turned into JSON text again and compared: a change deep inside an object cannot be missed.
 */
export class Keys {
  /** As the store has them, as far as this request knows. */
  #stored: ReadonlyMap<string, Field>;
  /** Objects that were read, which may have been changed since, and all that was set. */
  #live: Map<string, Live> | undefined;
  #removed: Set<string> | undefined;

  constructor(
    stored: ReadonlyMap<string, Field>,
    private readonly pristine?: PristineValues,
  ) {
    this.#stored = stored;
  }

  has(name: string): boolean {
    if (this.#live?.has(name)) return true;
    return this.#stored.has(name) && !this.#removed?.has(name);
  }

  get(name: string): unknown {
    const live = this.#live?.get(name);
    if (live !== undefined) return live.value;
    const field = this.#stored.get(name);
    if (field === undefined || this.#removed?.has(name)) return undefined;
    if (!isObject(field.json)) return plainOf(field.json);
    const before = this.pristine?.of(field);
    const value: unknown = before ? before.copy() : JSON.parse(field.json);
    this.#keep(name, value, before);
    return value;
  }

  set(name: string, value: unknown): void {
    this.#keep(name, value, undefined);
    this.#removed?.delete(name);
  }

  remove(name: string): void {
    this.#live?.delete(name);
    (this.#removed ??= new Set()).add(name);
  }

  names(): string[] {
    const names = [...this.#stored.keys()].filter((name) => !this.#removed?.has(name));
    for (const name of this.#live?.keys() ?? NONE) if (!this.#stored.has(name)) names.push(name);
    return names;
  }

  /** What differs from the store. Undefined: nothing. @throws TypeError that names the key whose value JSON cannot hold */
  change(): Change | undefined {
    let set: Map<string, string> | undefined;
    let remove: Set<string> | undefined;
    for (const name of this.#removed ?? NONE) if (this.#stored.has(name)) (remove ??= new Set()).add(name);
    for (const [name, { value, before }] of this.#live ?? NONE) {
      if (before?.matches(value)) continue;
      const stored = this.#stored.get(name)?.json;
      const json = jsonOf(name, value);
      // JSON has no undefined and no functions: such a key is stored by nobody.
      if (json === undefined) {
        if (stored !== undefined) (remove ??= new Set()).add(name);
      } else if (stored === undefined || !isSameJson(stored, json)) (set ??= new Map<string, string>()).set(name, json);
    }
    return set || remove ? { set: set ?? new Map<string, string>(), remove: remove ?? new Set() } : undefined;
  }

  /** The change was stored. What other requests stored stays unseen: this request's values are no answer to it. */
  settle({ set, remove }: Change): void {
    const stored = new Map(this.#stored);
    for (const name of remove) {
      stored.delete(name);
      this.#removed?.delete(name);
    }
    for (const [name, json] of set) stored.set(name, { json, stamp: 0 });
    this.#renew(stored);
  }

  /**
   * The store's newest state, in which all of this request's changes are, but for those made since. Objects that the program holds stay the
   * session's, unless others gave the key another value.
   */
  renew(newest: ReadonlyMap<string, Field>): void {
    for (const [name, { value }] of this.#live ?? NONE) {
      const known = this.#stored.get(name)?.json;
      const json = jsonOf(name, value);
      const isUnchanged = json === undefined || known === undefined ? json === known : isSameJson(known, json);
      if (isUnchanged && newest.get(name)?.json !== known) this.#live?.delete(name);
    }
    this.#renew(newest);
  }

  #renew(stored: ReadonlyMap<string, Field>): void {
    this.#stored = stored;
    for (const live of this.#live?.values() ?? NONE) live.before = undefined;
  }

  #keep(name: string, value: unknown, before: Pristine | undefined): void {
    (this.#live ??= new Map<string, Live>()).set(name, { value, before });
  }
}

const NONE: readonly never[] = [];

/** What can be changed without being set. */
function isObject(json: string): boolean {
  const first = json.charCodeAt(0);
  return first > SPACE ? first === OPENING_BRACE || first === OPENING_BRACKET : /^\s*[[{]/.test(json);
}

/** JSON.parse is slow to begin; a number, and a text without escapes, need none of it. */
function plainOf(json: string): unknown {
  const first = json.charCodeAt(0);
  if (first === QUOTE && !json.includes("\\")) return json.slice(1, json.lastIndexOf('"'));
  if (first === MINUS || (first >= ZERO && first <= NINE)) return Number(json);
  return JSON.parse(json);
}

const SPACE = 32;
const QUOTE = 34;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const OPENING_BRACKET = 91;
const OPENING_BRACE = 123;

function jsonOf(name: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new TypeError(`session key ${JSON.stringify(name)}: must hold what JSON can hold (no circles, no BigInt)`, { cause });
  }
}

/** Text that another program wrote may have other spaces; that alone is no change. */
const isSameJson = (stored: string, json: string): boolean => stored === json || JSON.stringify(JSON.parse(stored)) === json;
