/** How the program keeps sessions; `none` is the program without. */
export const LAYERS = ["none", "memory", "connect-redis", "nplus1-store", "nplus1"] as const;
export type LayerName = (typeof LAYERS)[number];

export const LAYER_TITLES: Record<LayerName, string> = {
  none: "without sessions",
  memory: "express-session, MemoryStore",
  "connect-redis": "express-session, connect-redis",
  "nplus1-store": "express-session, nplus1 Store",
  nplus1: "nplus1's own middleware",
};

/** Where the store is, seen from the program. */
export const PLACES = ["loopback", "delayed"] as const;
export type PlaceName = (typeof PLACES)[number];

/** What is measured for every layer. */
export interface Cell {
  place: PlaceName;
  /** Of the session's JSON, about. */
  bytes: number;
  /** Of the requests, 0-1. */
  modifying: number;
}

export const CELLS: readonly Cell[] = PLACES.flatMap((place) =>
  [1000, 20_000].flatMap((bytes) => [0, 0.05, 1].map((modifying) => ({ place, bytes, modifying }))),
);

/** Durations in milliseconds. */
export interface Pace {
  rounds: number;
  /** Of each process, before the first round: the just-in-time compiler's time. */
  warmUpMs: number;
  /** Before each measurement, not counted. */
  settleMs: number;
  /** As many requests as the program can take. */
  fullMs: number;
  /** One request at a time. */
  singleMs: number;
}

export const FULL: Pace = { rounds: 5, warmUpMs: 4000, settleMs: 200, fullMs: 1200, singleMs: 300 };
export const QUICK: Pace = { rounds: 2, warmUpMs: 600, settleMs: 50, fullMs: 250, singleMs: 100 };

/** The layers in the order of one round: A B C D E, then B C D E A, so that none always follows the same other. */
export function turnsOf(round: number, layers: readonly LayerName[]): LayerName[] {
  const first = round % layers.length;
  return [...layers.slice(first), ...layers.slice(0, first)];
}

export const titleOf = ({ place, bytes, modifying }: Cell): string =>
  `${bytes / 1000} kB, ${modifying * 100} % modifying, ${place === "loopback" ? "store on loopback" : "store 0.5 ms away"}`;
