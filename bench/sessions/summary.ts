import type { Row } from "./goals";
import type { Sample } from "./measure";
import { type Spread, spread } from "./statistics";

/** One row, for people and for programs. Milliseconds, shares of one core; medians over the rounds where no spread is given. */
export interface Summary {
  layer: string;
  place: string;
  bytes: number;
  modifying: number;
  requestsPerSecond: Spread;
  fullLoad: { p50: number; p99: number };
  oneAtATime: { p50: number; p99: number };
  /** Of the program's processor time, at full load. */
  microsecondsPerRequest: number;
  storeCommandsPerRequest: number;
  counted: Record<string, number>;
  busy: { program: number; load: number; store: number; between: number };
}

export function summaryOf({ cell, layer, samples }: Row): Summary {
  const median = (of: (sample: Sample) => number): number => spread(samples.map(of)).median;
  const names = [...new Set(samples.flatMap(({ counted }) => Object.keys(counted)))];
  return {
    layer,
    ...cell,
    requestsPerSecond: spread(samples.map(({ rate }) => rate)),
    fullLoad: { p50: median(({ full }) => full.p50), p99: median(({ full }) => full.p99) },
    oneAtATime: { p50: median(({ single }) => single.p50), p99: median(({ single }) => single.p99) },
    microsecondsPerRequest: median(({ cost }) => cost),
    storeCommandsPerRequest: median(({ commands }) => commands),
    counted: Object.fromEntries(names.map((name) => [name, median(({ counted }) => counted[name] ?? 0)])),
    busy: {
      program: median(({ busy }) => busy.program),
      load: median(({ busy }) => busy.load),
      store: median(({ busy }) => busy.store),
      between: median(({ busy }) => busy.between),
    },
  };
}
