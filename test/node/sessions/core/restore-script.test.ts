import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import type { Snapshot, Version } from "../../../../node/sessions/model";
import type { Found, Store } from "../../../../node/sessions/store";
import { includes } from "../../../../node/sessions/version";
import { type Stores, startStores, storedAs, write } from "./stores";

let stores: Stores;
let count = 0;

beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores.stop());

const newId = (): string => `s${(count += 1)}`;
const drop = (id: string): Promise<unknown> => stores.send(["DEL", `nplus1:session:${id}`]);
const snapshotIn = (found: Found): Snapshot => {
  if (found.is !== "whole") throw new Error(`the session was not given back but is ${found.is}`);
  return found.snapshot;
};
const valuesOf = ({ fields }: Snapshot): Record<string, string> => Object.fromEntries([...fields].map(([key, { json }]) => [key, json]));

test("a session that the store has lost is the same again, down to its version and its life", async () => {
  const [store, id] = [stores.store(), newId()];
  const base = storedAs(await write(store, id, { set: { a: "1", b: "2" }, aside: "x", lifetimeMs: 30_000 }));
  await write(store, id, { base, remove: ["b"] });
  const copy = await stores.snapshot(id);
  await drop(id);
  const back = snapshotIn(await stores.store().restore(copy));
  expect({ ...back, endsAt: 0 }).toEqual({ ...copy, endsAt: 0 });
  expect(back.endsAt - performance.now()).toBeGreaterThan(29_000);
  expect(back.endsAt - performance.now()).toBeLessThan(37_000);
});

test("what the store still has is only confirmed", async () => {
  const [store, id] = [stores.store(), newId()];
  await write(store, id, { set: { a: "1" } });
  expect((await store.restore(await stores.snapshot(id))).is).toBe("same");
});

test("a copy from before the store's version brings nothing back, not even what was forgotten to have been deleted", async () => {
  const [store, id] = [stores.store(), newId()];
  const base = storedAs(await write(store, id, { set: { a: "1", b: "1" } }));
  const copy = await stores.snapshot(id);
  await write(store, id, { base, remove: ["a"] });
  await stores.send(["HDEL", `nplus1:session:${id}`, "x:a"]);
  const now = await stores.snapshot(id);
  const found = snapshotIn(await stores.store().restore(copy));
  expect(found.version).toEqual(now.version);
  expect(valuesOf(found)).toEqual({ b: "1" });
});

test("a restored write that is sent again is known", async () => {
  const [store, id] = [stores.store(), newId()];
  const base = storedAs(await write(store, id, {}));
  const ticket = store.nextTicket();
  await write(store, id, { base, ticket, set: { k: "1" } });
  const copy = await stores.snapshot(id);
  await drop(id);
  await stores.store().restore(copy);
  expect(storedAs(await write(store, id, { base, ticket, set: { k: "1" } }))).toEqual(copy.version);
});

const step = fc.record({ writer: fc.nat(1), key: fc.constantFrom("a", "b", "c"), isRemoval: fc.boolean() });

/** Each write on the newest version, by one of two processes. */
async function writes(
  id: string,
  base: Version,
  steps: readonly { writer: number; key: string; isRemoval: boolean }[],
  [one, other]: readonly [Store, Store],
) {
  let newest = base;
  for (const { writer, key, isRemoval } of steps) {
    const change = isRemoval ? { remove: [key] } : { set: { [key]: `"${key}${(count += 1)}"` } };
    newest = storedAs(await write(writer === 0 ? one : other, id, { base: newest, ...change }));
  }
  return newest;
}

test("two histories become one in which, key by key, what was modified last stays, in whichever order they meet", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 5 }),
      fc.array(step, { maxLength: 5 }),
      fc.array(step, { maxLength: 5 }),
      async (common, left, right) => {
        const id = newId();
        const base = await writes(id, storedAs(await write(stores.store(), id, {})), common, [stores.store(), stores.store()]);
        const shared = await stores.snapshot(id);
        await writes(id, base, left, [stores.store(), stores.store()]);
        const lost = await stores.snapshot(id);
        await drop(id);
        await stores.store().restore(shared);
        // Ten writes within a millisecond are numbered up to ten milliseconds ahead.
        await delay(20);
        await writes(id, base, right, [stores.store(), stores.store()]);
        const kept = await stores.snapshot(id);

        await stores.store().restore(lost);
        const one = await stores.snapshot(id);
        await drop(id);
        await stores.store().restore(lost);
        await stores.store().restore(kept);
        const other = await stores.snapshot(id);

        const expected: Record<string, string> = {};
        for (const key of ["a", "b", "c"]) {
          const all = [lost, kept].map(({ fields, tombstones }) => ({
            stamp: fields.get(key)?.stamp ?? tombstones.get(key) ?? 0,
            json: fields.get(key)?.json,
          }));
          const [last] = all.sort((a, b) => b.stamp - a.stamp);
          if (last?.json !== undefined) expected[key] = last.json;
        }
        for (const merged of [one, other]) {
          expect(valuesOf(merged)).toEqual(expected);
          for (const part of [shared, lost, kept]) expect(includes(merged, part.version)).toBe(true);
        }
        await stores.store().restore(lost);
        expect((await stores.snapshot(id)).version).toEqual(other.version);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
