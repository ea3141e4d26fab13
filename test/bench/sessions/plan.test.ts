import { columns } from "../../../bench/sessions/columns";
import { coresIn } from "../../../bench/sessions/cores";
import { optionsOf } from "../../../bench/sessions/options";
import { CELLS, LAYERS, QUICK, titleOf, turnsOf } from "../../../bench/sessions/plan";
import { shopSession } from "../../../bench/sessions/session-data";

test("every place, size and share is measured once", () => {
  expect(CELLS).toHaveLength(12);
  expect(new Set(CELLS.map(titleOf)).size).toBe(12);
  expect(titleOf({ place: "delayed", bytes: 20_000, modifying: 0.05 })).toBe("20 kB, 5 % modifying, store 0.5 ms away");
});

test("in each round another layer is first, and each is measured", () => {
  expect(turnsOf(0, ["none", "memory", "nplus1"])).toEqual(["none", "memory", "nplus1"]);
  expect(turnsOf(4, ["none", "memory", "nplus1"])).toEqual(["memory", "nplus1", "none"]);
});

test.each([1000, 20_000])("a session of %d bytes has about that size", (bytes) => {
  expect(Math.abs(JSON.stringify(shopSession(bytes)).length - bytes)).toBeLessThan(100);
});

test.each([
  ["0-1", [0, 1]],
  ["0,3-5", [0, 3, 4, 5]],
  ["7", [7]],
])("the cores %s are %j", (list, cores) => {
  expect(coresIn(list)).toEqual(cores);
});

test("columns are as wide as their widest word", () => {
  expect(
    columns([
      ["", "rate"],
      ["one", "1,000"],
      ["three", "7"],
    ]),
  ).toEqual(["        rate", "one    1,000", "three      7"]);
});

test("options have their defaults", () => {
  expect(optionsOf(["--quick", "--json"])).toEqual({ pace: QUICK, layers: [...LAYERS], page: "/page", isJson: true });
});

test.each([
  [["--layers", "none,redis"], "--layers: must be some of none, memory, connect-redis, nplus1-store, nplus1, got redis"],
  [["--rounds", "0"], "--rounds: must be 1-100, got 0"],
  [["--fast"], "Unknown option '--fast'"],
])("fails when the options are %j", (argv, message) => {
  expect(() => optionsOf(argv)).toThrow(message);
});
