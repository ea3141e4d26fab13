import { findings, type Row } from "../../../bench/sessions/goals";
import type { Sample } from "../../../bench/sessions/measure";
import { type Cell, CELLS, type LayerName, LAYERS } from "../../../bench/sessions/plan";

const sample = (rate: number, p50: number): Sample => ({
  rate,
  full: { p50: 10, p99: 20 },
  single: { p50, p99: 1 },
  cost: 100,
  commands: 0,
  counted: {},
  busy: { program: 1, load: 0.3, store: 0, between: 0 },
});

const RATES: Record<LayerName, number> = { none: 10_000, memory: 6000, "connect-redis": 5000, "nplus1-store": 6000, nplus1: 9000 };

/** Every layer in every cell, three rounds, all goals met; `change` spoils some. */
const rows = (change: (sample: Sample, cell: Cell, layer: LayerName, round: number) => Partial<Sample> = () => ({})): Row[] =>
  CELLS.flatMap((cell) =>
    LAYERS.map((layer) => ({
      cell,
      layer,
      samples: [0, 1, 2].map((round) => {
        const usual = sample(RATES[layer], layer === "connect-redis" ? 0.5 : 0.2);
        return { ...usual, ...change(usual, cell, layer, round) };
      }),
    })),
  );

const unmet = (all: Row[]): string[] =>
  findings(all)
    .filter(({ isMet }) => !isMet)
    .map(({ goal, where }) => `${goal} | ${where}`);

test("every goal is judged wherever it applies", () => {
  const counts = new Map<string, number>();
  for (const { goal } of findings(rows())) counts.set(goal, (counts.get(goal) ?? 0) + 1);
  // 12 cells, of which 8 have at most 5 % modifying; two of our layers; two sizes.
  expect([...counts.values()]).toEqual([8, 8, 8, 24, 24, 4]);
  expect(unmet(rows())).toEqual([]);
});

test("a rate just below its limit is not met, and says where", () => {
  const spoilt = rows((_, cell, layer) => (layer === "nplus1-store" && cell === CELLS[0] ? { rate: 5699 } : {}));
  expect(unmet(spoilt)).toEqual([
    "at least 0.95 x MemoryStore's requests/s, both through express-session, at 0-5 % modifying | express-session, nplus1 Store: 1 kB, 0 % modifying, store on loopback",
  ]);
});

test("rounds are compared with themselves, so that a slow round of the whole machine spoils nothing", () => {
  const slow = rows(({ rate }, _cell, _layer, round) => (round === 1 ? { rate: rate / 10 } : {}));
  expect(unmet(slow)).toEqual([]);
});

test("a delay that reaches the client is found", () => {
  const delayed = rows((_, { place }, layer) => (layer === "nplus1" && place === "delayed" ? { single: { p50: 0.26, p99: 1 } } : {}));
  expect(unmet(delayed)).toEqual([
    "at 0 % modifying, a store 0.5 ms away adds at most 0.05 ms to the p50 of one request at a time | nplus1's own middleware: 1 kB",
    "at 0 % modifying, a store 0.5 ms away adds at most 0.05 ms to the p50 of one request at a time | nplus1's own middleware: 20 kB",
  ]);
});

test("what was not measured is not judged", () => {
  expect(findings(rows().filter(({ layer }) => layer === "none" || layer === "memory"))).toEqual([]);
});
