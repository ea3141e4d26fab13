import type { Snapshot, Version } from "../../../../node/sessions/model";
import type { Destroyed, Store } from "../../../../node/sessions/store";
import { type Stores, startStores, storedAs, write } from "./stores";

let stores: Stores;
let mine: Store;
let theirs: Store;
let id = "";
let count = 0;

beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores.stop());
beforeEach(() => {
  [mine, theirs] = [stores.store(), stores.store()];
  count += 1;
  id = `s${count}`;
});

const key = (): string => `nplus1:session:${id}`;
const destroy = (store: Store, rest: { expected?: Version; copy?: Version; ticket?: ReturnType<Store["nextTicket"]> } = {}): Promise<Destroyed> =>
  store.destroy({ id, expected: undefined, copy: undefined, ticket: store.nextTicket(), ...rest });
const begun = async (): Promise<{ base: Version; copy: Snapshot }> => {
  const base = storedAs(await write(mine, id, { set: { k: "1" } }));
  return { base, copy: await stores.snapshot(id) };
};

test("a destroyed session holds nothing, refuses late writes and touches, and is remembered as long as it would have lived", async () => {
  const base = storedAs(await write(mine, id, { set: { k: "1" }, lifetimeMs: 900_000 }));
  const destroyed = await destroy(theirs);
  expect(destroyed.is).toBe("destroyed");
  expect(JSON.stringify(await stores.hash(id))).not.toContain("f:k");
  expect(await write(mine, id, { base, set: { k: "2" } })).toMatchObject({ is: "destroyed" });
  expect(await write(mine, id, { mode: "cas", base, set: { k: "2" } })).toMatchObject({ is: "destroyed" });
  expect(await mine.touch({ ...(await copyOf(base)) })).toBe("destroyed");
  expect(await mine.read(id, base)).toMatchObject({ is: "destroyed" });
  expect(Number(await stores.send(["PTTL", key()]))).toBeGreaterThan(900_000);
});

const copyOf = async (version: Version): Promise<Snapshot> => ({ ...(await stores.snapshot(id)), version });

test("one session is destroyed once; its retry says the same", async () => {
  await begun();
  const ticket = mine.nextTicket();
  expect((await destroy(mine, { ticket })).is).toBe("destroyed");
  expect((await destroy(mine, { ticket })).is).toBe("destroyed");
  expect((await destroy(theirs)).is).toBe("gone");
});

test("a session that is not known is marked all the same: whoever has a copy of it must not bring it back", async () => {
  const { copy, base } = await begun();
  await stores.send(["DEL", key()]);
  expect((await destroy(theirs)).is).toBe("unknown");
  expect((await mine.restore(copy)).is).toBe("destroyed");
  expect((await write(mine, id, { base, set: { k: "2" } })).is).toBe("destroyed");
});

test("a session is destroyed only at the version that is expected", async () => {
  const { base } = await begun();
  const next = storedAs(await write(theirs, id, { base, set: { k: "2" } }));
  const conflict = await destroy(mine, { expected: base });
  expect(conflict.is === "conflict" && conflict.snapshot.version).toEqual(next);
  expect((await destroy(mine, { expected: next })).is).toBe("destroyed");
});

test("a destruction that arrives again after the session was created anew does not end the new one", async () => {
  await begun();
  const ticket = mine.nextTicket();
  await destroy(mine, { ticket });
  await write(theirs, id, { set: { new: "1" } });
  await destroy(mine, { ticket });
  expect((await stores.snapshot(id)).fields.has("new")).toBe(true);
});

test("a creation that arrives again after the session was destroyed does not bring it back", async () => {
  const ticket = mine.nextTicket();
  await write(mine, id, { ticket, set: { k: "1" } });
  await destroy(theirs);
  expect((await write(mine, id, { ticket, set: { k: "1" } })).is).toBe("destroyed");
  expect((await theirs.read(id, undefined)).is).toBe("destroyed");
});

test("a session can be created where one was destroyed, and copies of the old one stay away", async () => {
  const { base, copy } = await begun();
  await destroy(theirs);
  expect((await write(theirs, id, { set: { new: "1" } })).is).toBe("whole");
  expect(await write(mine, id, { base, set: { late: "1" } })).toEqual({ is: "gone" });
  await mine.restore(copy);
  expect([...(await stores.snapshot(id)).fields.keys()]).toEqual(["new"]);
});

test("a store that forgot a destruction is told, whatever was done to the session in between", async () => {
  const { copy, base } = await begun();
  const { version } = (await destroy(theirs)) as { version: Version };
  await stores.send(["DEL", key()]);
  await mine.restore(copy);
  await write(mine, id, { base, set: { late: "1" } });
  expect((await theirs.bury(id, version)).is).toBe("destroyed");
  expect((await mine.read(id, undefined)).is).toBe("destroyed");
  expect((await theirs.bury(id, version)).is).toBe("destroyed");
});

test("a store that forgot a destruction keeps the session that was created after it", async () => {
  await begun();
  const { version } = (await destroy(theirs)) as { version: Version };
  await stores.send(["DEL", key()]);
  // Whoever creates it in the same millisecond has heard of the destruction.
  await write(mine, id, { set: { new: "1" }, known: version.n });
  expect((await theirs.bury(id, version)).is).toBe("whole");
});

test("a session created after a destruction is given back to a store that remembers only the destruction", async () => {
  await begun();
  const { version } = (await destroy(theirs)) as { version: Version };
  const base = storedAs(await write(mine, id, { set: { new: "1" } }));
  const copy = await stores.snapshot(id);
  await stores.send(["DEL", key()]);
  await theirs.bury(id, version);
  expect(await write(mine, id, { base, set: { k: "2" } })).toEqual({ is: "missing" });
  expect((await mine.restore(copy)).is).toBe("whole");
  expect([...(await stores.snapshot(id)).fields.keys()]).toEqual(["new"]);
});

test("a touch extends the life, tells the aside of the newest version, and leaves the version", async () => {
  const { copy } = await begun();
  await stores.send(["PEXPIRE", key(), "500"]);
  expect(await mine.touch({ ...copy, aside: "new" })).toBe("touched");
  expect(Number(await stores.send(["PTTL", key()]))).toBeGreaterThan(60_000);
  expect((await stores.snapshot(id)).version).toEqual(copy.version);
  await write(theirs, id, { base: copy.version, set: { k: "2" } });
  await mine.touch({ ...copy, aside: "late" });
  expect(await stores.hash(id)).toMatchObject({ c: "new" });
  expect(await mine.touch({ ...copy, id: "nobody" })).toBe("missing");
});
