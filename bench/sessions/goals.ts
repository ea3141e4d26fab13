import type { Sample } from "./measure";
import { type Cell, type LayerName, LAYER_TITLES, titleOf } from "./plan";
import { type Spread, spread } from "./statistics";

/** All rounds of one program in one cell. */
export interface Row {
  cell: Cell;
  layer: LayerName;
  samples: readonly Sample[];
}

export interface Finding {
  goal: string;
  where: string;
  /** Median over the rounds of what each round gave, with the extremes. */
  value: Spread;
  unit: "x" | "ms";
  limit: number;
  isMet: boolean;
}

interface Ratio {
  goal: string;
  layer: LayerName;
  other: LayerName;
  limit: number;
  where: (cell: Cell) => boolean;
  /** More is better. */
  of: (mine: Sample, its: Sample) => number;
}

const fewModify = ({ modifying }: Cell): boolean => modifying <= 0.05;
const everywhere = (): boolean => true;
const rates = (mine: Sample, its: Sample): number => mine.rate / its.rate;
const times = (mine: Sample, its: Sample): number => its.single.p50 / mine.single.p50;

const likeMemory = "at least 0.95 x MemoryStore's requests/s, both through express-session, at 0-5 % modifying";
const beyondRedis = "at least 1.7 x connect-redis's requests/s at 0-5 % modifying";
const likeNone = "at least 0.85 x the requests/s of the program without sessions at 0-5 % modifying";
const neverFewer = "never slower than connect-redis: requests/s at full load";
const neverLonger = "never slower than connect-redis: p50 of one request at a time (its over ours)";

/** Of issue 4. */
const RATIOS: readonly Ratio[] = [
  { goal: likeMemory, layer: "nplus1-store", other: "memory", limit: 0.95, where: fewModify, of: rates },
  { goal: beyondRedis, layer: "nplus1", other: "connect-redis", limit: 1.7, where: fewModify, of: rates },
  { goal: likeNone, layer: "nplus1", other: "none", limit: 0.85, where: fewModify, of: rates },
  { goal: neverFewer, layer: "nplus1-store", other: "connect-redis", limit: 1, where: everywhere, of: rates },
  { goal: neverFewer, layer: "nplus1", other: "connect-redis", limit: 1, where: everywhere, of: rates },
  { goal: neverLonger, layer: "nplus1-store", other: "connect-redis", limit: 1, where: everywhere, of: times },
  { goal: neverLonger, layer: "nplus1", other: "connect-redis", limit: 1, where: everywhere, of: times },
];

const MOST_ADDED_MS = 0.05;

/** Each goal, in each cell where it applies. Compared within each round; what was not measured is left out. */
export function findings(rows: readonly Row[]): Finding[] {
  const ratios = RATIOS.flatMap((ratio) =>
    rows.filter(({ cell, layer }) => layer === ratio.layer && ratio.where(cell)).flatMap((row) => ratioIn(rows, row, ratio)),
  );
  const delayed = rows.filter(
    ({ cell: { place, modifying }, layer }) => place === "delayed" && modifying === 0 && (layer === "nplus1" || layer === "nplus1-store"),
  );
  return [...ratios, ...delayed.flatMap((row) => addedIn(rows, row))];
}

function ratioIn(rows: readonly Row[], { cell, layer, samples }: Row, { goal, other, limit, of }: Ratio): Finding[] {
  const its = rows.find((row) => row.layer === other && row.cell === cell);
  if (its === undefined) return [];
  const value = spread(samples.map((sample, round) => of(sample, its.samples[round] as Sample)));
  return [{ goal, where: `${LAYER_TITLES[layer]}: ${titleOf(cell)}`, value, unit: "x", limit, isMet: value.median >= limit }];
}

function addedIn(rows: readonly Row[], { cell, layer, samples }: Row): Finding[] {
  const near = rows.find((row) => row.layer === layer && row.cell.place === "loopback" && row.cell.bytes === cell.bytes && row.cell.modifying === 0);
  if (near === undefined) return [];
  const value = spread(samples.map(({ single }, round) => single.p50 - (near.samples[round] as Sample).single.p50));
  const goal = `at 0 % modifying, a store 0.5 ms away adds at most ${MOST_ADDED_MS} ms to the p50 of one request at a time`;
  return [
    { goal, where: `${LAYER_TITLES[layer]}: ${cell.bytes / 1000} kB`, value, unit: "ms", limit: MOST_ADDED_MS, isMet: value.median <= MOST_ADDED_MS },
  ];
}
