import type { Counters } from "../../../../node/sessions/model";

/** What a node can be asked to do, as one request of a client; versions as text, as a cookie has them. */
export interface Requests {
  create(id: string, key: string, value: string): { version: string };
  read(id: string, seen: string): { version: string; values: Record<string, string | number> | null };
  write(id: string, seen: string, key: string, value: string): { version: string };
  add(id: string, seen: string, key: string): { version: string; number: number };
  destroy(id: string): { version: string };
  counters(): Counters;
}

export type Name = keyof Requests;

export interface Ask {
  number: number;
  name: Name;
  args: readonly string[];
}

export interface Answer {
  number: number;
  result?: unknown;
  /** The error's code. */
  code?: string;
  message?: string;
}
