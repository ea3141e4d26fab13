import { survivesDouble } from "./json-number";

/** A JSON value: an object by its keys (any key, `__proto__` too, means nothing else here), anything else as its text without white space. */
export type Json = string | JsonObject;
export type JsonObject = Map<string, Json>;

/** What is wrong with a JSON text, and where: line and column begin at 1. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
  constructor(
    readonly code: "malformed-json" | "not-an-object" | "duplicate-key" | "inexact-number" | "too-deep",
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const HALF_PAIR = /\p{Surrogate}/u;

/** Reads RFC 8259's grammar and nothing else. JSON.parse would change numbers, drop doubled keys and say little of the place of a fault. */
class Reader {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  whole(): Json {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.text.length) throw this.#unexpected("the end");
    return value;
  }

  fault(code: JsonFault["code"], message: string, at = this.#at): JsonFault {
    const before = this.text.slice(0, at).split("\n");
    return new JsonFault(code, message, before.length, (before.at(-1) ?? "").length + 1);
  }

  #value(depth: number): Json {
    this.#skip();
    const char = this.text[this.#at];
    if (char === "{" || char === "[") {
      if (depth === this.maxDepth) throw this.fault("too-deep", `must be nested at most ${this.maxDepth} deep`);
      return char === "{" ? this.#object(depth + 1) : this.#array(depth + 1);
    }
    if (char === '"') return this.#string();
    return this.#match(WORD) ?? this.#number();
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = new Map();
    this.#list("}", () => {
      this.#skip();
      const at = this.#at;
      const key = this.#key();
      if (object.has(key)) throw this.fault("duplicate-key", "must have each key once", at);
      this.#skip();
      if (this.text[this.#at] !== ":") throw this.#unexpected("':'");
      this.#at += 1;
      object.set(key, this.#value(depth));
    });
    return object;
  }

  #array(depth: number): string {
    const items: string[] = [];
    this.#list("]", () => void items.push(jsonText(this.#value(depth))));
    return `[${items.join(",")}]`;
  }

  #list(end: string, item: () => void): void {
    this.#at += 1;
    this.#skip();
    for (let first = true; this.text[this.#at] !== end; first = false) {
      if (!first && this.text[this.#at] !== ",") throw this.#unexpected(`',' or '${end}'`);
      if (!first) this.#at += 1;
      item();
      this.#skip();
    }
    this.#at += 1;
  }

  #key(): string {
    if (this.text[this.#at] !== '"') throw this.#unexpected("a key in double quotes");
    const at = this.#at;
    const key = JSON.parse(this.#string()) as string;
    if (HALF_PAIR.test(key)) throw this.fault("malformed-json", "a key must be Unicode text, got half of a surrogate pair", at);
    return key;
  }

  #string(): string {
    const from = this.#at;
    this.#at += 1;
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code === 0x22) break;
      if (code === 0x5c && this.#match(ESCAPE) === undefined) throw this.fault("malformed-json", "must have a known escape after '\\'");
      if (code < 0x20) throw this.fault("malformed-json", "control characters in a string must be escaped");
      if (Number.isNaN(code)) throw this.#unexpected("the end of a string");
      if (code !== 0x5c) this.#at += 1;
    }
    this.#at += 1;
    return this.text.slice(from, this.#at);
  }

  #number(): string {
    const at = this.#at;
    const text = this.#match(NUMBER);
    if (text === undefined) throw this.#unexpected("a value");
    if (!survivesDouble(text)) throw this.fault("inexact-number", "a number must keep its value in a 64-bit float: send it as a string", at);
    return text;
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(wanted: string): JsonFault {
    const char = this.text.codePointAt(this.#at);
    return this.fault("malformed-json", `expected ${wanted}, got ${char === undefined ? "nothing" : JSON.stringify(String.fromCodePoint(char))}`);
  }
}

/** @throws JsonFault */
export const parseJson = (text: string, maxDepth = Number.POSITIVE_INFINITY): Json => new Reader(text, maxDepth).whole();

/** @throws JsonFault also for a value of another kind */
export function parseJsonObject(text: string, maxDepth: number): JsonObject {
  const value = parseJson(text, maxDepth);
  if (typeof value === "string") throw new Reader(text, maxDepth).fault("not-an-object", `must be an object, got ${kindOf(value)}`);
  return value;
}

export const jsonText = (json: Json): string =>
  typeof json === "string" ? json : `{${[...json].map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(",")}}`;

function kindOf(text: string): string {
  if (text.startsWith("[")) return "an array";
  if (text.startsWith('"')) return "a string";
  return /^[tfn]/.test(text) ? text : "a number";
}
