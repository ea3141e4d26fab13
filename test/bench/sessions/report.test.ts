import type { Row } from "../../../bench/sessions/goals";
import type { Sample } from "../../../bench/sessions/measure";
import { CELLS, type Cell } from "../../../bench/sessions/plan";
import { tableLines, warningLines } from "../../../bench/sessions/report";

const sample = (rate: number, busy: Partial<Sample["busy"]> = {}): Sample => ({
  rate,
  full: { p50: 4.256, p99: 20 },
  single: { p50: 0.1234, p99: 1 },
  cost: 51.4,
  commands: -0.001,
  counted: {},
  busy: { program: 1, load: 0.3, store: 0.02, between: 0, ...busy },
});

const row = (layer: Row["layer"], samples: Sample[]): Row => ({ cell: CELLS[0] as Cell, layer, samples });

test("a row shows the median of the rounds with the least and the most, and no commands where there is no store", () => {
  const lines = tableLines([row("none", [sample(20_000)]), row("nplus1", [sample(17_000), sample(18_000), sample(19_000)])]);
  expect(lines[0]).toBe("1 kB, 0 % modifying, store on loopback");
  expect(lines[2]?.split(/ {2,}/)).toEqual([
    "without sessions",
    "20,000",
    "(20,000 - 20,000)",
    "4.26",
    "20.00",
    "0.123",
    "1.000",
    "51",
    "-",
    "100 %",
    "30 %",
    "2 %",
    "0 %",
  ]);
  expect(lines[3]?.split(/ {2,}/).slice(0, 9)).toEqual([
    "nplus1's own middleware",
    "18,000",
    "(17,000 - 19,000)",
    "4.26",
    "20.00",
    "0.123",
    "1.000",
    "51",
    "0.00",
  ]);
});

test("a program that did not have its core, and a load that was the limit, are told", () => {
  expect(warningLines([row("none", [sample(1)])])).toEqual([]);
  expect(warningLines([row("none", [sample(1, { program: 0.5 })]), row("memory", [sample(1, { load: 0.95 })])])).toEqual([
    "WARNING in 1 of 2 rows the program had less than 90 % of its core: something else ran on this machine",
    "WARNING in 1 of 2 rows the other core was more than 90 % busy: the load may be the limit",
  ]);
});
