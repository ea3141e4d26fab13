import { type Entry, Memory } from "../../../../node/sessions/memory";
import type { Snapshot } from "../../../../node/sessions/model";
import { aSnapshot, BORN } from "./a-snapshot";

const GENERATION = 1;
const version = (n: number, write: string) => ({ n, write });

let memory: Memory;
beforeEach(() => {
  memory = new Memory(1024 * 1024);
});

/** Asks, hears what is said meanwhile, and gets the answer. */
function answered(snapshot: Snapshot, meanwhile: () => void = () => undefined, generation = GENERATION): Snapshot | undefined {
  const question = memory.ask("s");
  meanwhile();
  return memory.settle(question, snapshot, generation, 0);
}

const entry = (): Entry | undefined => memory.get("s");

test("an answer becomes the copy", () => {
  const one = aSnapshot(["1001.a-1"]);
  expect(answered(one)).toBeUndefined();
  expect(entry()).toMatchObject({ snapshot: one, generation: GENERATION, ahead: undefined });
});

test("news of a version that the answer lacks marks the copy, whether it comes before or after the answer", () => {
  answered(aSnapshot(["1001.a-1"]), () => memory.tell("s", version(1002, "b-1")));
  expect(entry()?.ahead).toEqual(version(1002, "b-1"));
  answered(aSnapshot(["1001.a-1", "1002.b-1"]));
  expect(entry()?.ahead).toBeUndefined();
  memory.tell("s", version(1003, "a-2"));
  expect(entry()?.ahead).toEqual(version(1003, "a-2"));
});

test("news of the answer's own version, or of one before it, marks nothing", () => {
  answered(aSnapshot(["1001.a-1", "1002.b-1"]), () => {
    memory.tell("s", version(1001, "a-1"));
    memory.tell("s", version(1002, "b-1"));
  });
  expect(entry()).toMatchObject({ ahead: undefined, generation: GENERATION });
});

test("news of a version with a greater n from another history marks the copy", () => {
  answered(aSnapshot(["1001.a-1", "1005.a-2"]));
  memory.tell("s", version(1003, "b-1"));
  expect(entry()?.ahead).toEqual(version(1003, "b-1"));
});

test("an invalidation that news explains leaves the copy, and the next one does not", () => {
  answered(aSnapshot(["1001.a-1"]));
  memory.tell("s", version(1001, "a-1"));
  memory.invalidate("s");
  expect(entry()).toBeDefined();
  memory.invalidate("s");
  expect(entry()).toBeUndefined();
});

test("one invalidation stands for all changes of one turn of the server", () => {
  answered(aSnapshot(["1001.a-1"]));
  memory.tell("s", version(1002, "b-1"));
  memory.tell("s", version(1003, "b-2"));
  memory.invalidate("s");
  expect(entry()?.ahead).toEqual(version(1003, "b-2"));
  memory.invalidate("s");
  expect(entry()).toBeUndefined();
});

test("an invalidation that comes after the answer is explained by news that came before it", () => {
  answered(aSnapshot(["1001.a-1"]), () => memory.tell("s", version(1001, "a-1")));
  memory.invalidate("s");
  expect(entry()).toMatchObject({ generation: GENERATION, ahead: undefined });
});

test("an answer during which the key was changed by hand is not kept", () => {
  answered(aSnapshot(["1001.a-1"]), () => memory.invalidate("s"));
  expect(entry()).toBeUndefined();
});

test("an answer during which everything was changed is kept, and not taken for current", () => {
  answered(aSnapshot(["1001.a-1"]), () => memory.doubtAll());
  expect(entry()?.generation).toBe(-1);
});

test("of two answers that overlap, the later one stays, in whichever order they are settled", () => {
  const [first, second] = [memory.ask("s"), memory.ask("s")];
  const [older, newer] = [aSnapshot(["1001.a-1"]), aSnapshot(["1001.a-1", "1002.b-1"])];
  expect(memory.settle(second, newer, GENERATION, 0)).toBeUndefined();
  expect(memory.settle(first, older, GENERATION, 0)).toBeUndefined();
  expect(entry()?.snapshot).toBe(newer);
});

test("a question that was given up leaves no trace", () => {
  const question = memory.ask("s");
  memory.leave("s", question);
  memory.leave("s", question);
  memory.tell("s", version(1002, "b-1"));
  expect(question.told).toBeUndefined();
});

test("an answer that lacks what the copy has is a loss of the store: the copy stays, to be given back", () => {
  const copy = aSnapshot(["1001.a-1", "1002.b-1"]);
  answered(copy);
  memory.doubtAll();
  expect(answered(aSnapshot(["1001.a-1"]))).toBe(copy);
  expect(answered(aSnapshot(["1001.a-1", "1009.c-1"]))).toBe(copy);
  expect(entry()?.snapshot).toBe(copy);
  const merged = aSnapshot(["1001.a-1", "1002.b-1", "1009.c-1", "1010.w_r-1"]);
  expect(answered(merged)).toBeUndefined();
  expect(entry()?.snapshot).toBe(merged);
});

test("a copy that has ended is no loss", () => {
  answered(aSnapshot(["1001.a-1", "1002.b-1"], { endsAt: performance.now() - 1 }));
  expect(answered(aSnapshot(["1003.c-1"]), undefined, 2)).toBeUndefined();
  expect(entry()?.snapshot.version).toEqual(version(1003, "c-1"));
});

test("a session that was destroyed while the answer was on its way does not come back", () => {
  answered(aSnapshot(["1001.a-1"]), () => memory.tellDestroyed("s", version(1002, "b-1")));
  expect(entry()).toBeUndefined();
  expect(memory.gone.get("s")).toEqual(version(1002, "b-1"));
});

test("a session that was created after another with its id was destroyed is a new one", () => {
  memory.bury("s", version(BORN - 1, "b-1"));
  answered(aSnapshot(["1001.a-1"]));
  expect(entry()).toBeDefined();
  expect(memory.gone.has("s")).toBe(false);
});

test("late news of the destruction before it does not end a new session", () => {
  answered(aSnapshot(["1001.a-1"]));
  memory.tellDestroyed("s", version(BORN - 1, "b-1"));
  expect(entry()?.generation).toBe(-1);
});

test("the copies keep within the bound, the least used going first", () => {
  const json = "x".repeat(20_000);
  for (let index = 0; index < 1000; index += 1) {
    const id = `s${index}`;
    memory.settle(memory.ask(id), aSnapshot(["1001.a-1"], { id, fields: new Map([["k", { stamp: 1001, json }]]) }), GENERATION, 0);
    memory.get("s0");
  }
  expect(memory.bytes).toBeLessThanOrEqual(1024 * 1024);
  expect(memory.all().length).toBeGreaterThan(40);
  expect(memory.get("s0")).toBeDefined();
  expect(memory.get("s1")).toBeUndefined();
  expect(memory.get("s999")).toBeDefined();
});

test("a session larger than the whole bound is not kept", () => {
  const json = "x".repeat(2_000_000);
  answered(aSnapshot(["1001.a-1"], { fields: new Map([["k", { stamp: 1001, json }]]) }));
  expect(entry()).toBeUndefined();
  expect(memory.bytes).toBe(0);
});
