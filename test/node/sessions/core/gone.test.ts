import { setTimeout as delay } from "node:timers/promises";
import { SessionGone } from "../../../../node/sessions/errors";
import type { Sessions, Snapshot } from "../../../../node/sessions/model";
import { killCores, type Rig, set, startRig, valuesOf } from "./rig";
import { until } from "./until";

let rig: Rig;
let core: Sessions;
let other: Sessions;
let session: Snapshot;
let id = "";
let count = 0;

beforeAll(async () => {
  rig = await startRig();
  [core, other] = [await rig.open(), await rig.open()];
});
afterAll(() => rig.stop());
beforeEach(async () => {
  count += 1;
  id = `s${count}`;
  session = await core.create(id, set({ k: 1 }).set);
  await other.read(id, session.version);
});

const hash = (): Promise<unknown> => rig.command("HGETALL", `nplus1:session:${id}`);

/** On every node, now and later. The client carries what the node that destroyed the session gave it. */
async function staysAway(destroyer = other): Promise<void> {
  const seen = destroyer.newest(id);
  for (const one of [core, other]) {
    expect(await one.read(id, seen)).toBeUndefined();
    await expect(one.merge(session, set({ late: 1 }))).rejects.toThrow(SessionGone);
    await expect(one.compareAndSet(session, set({ late: 1 }))).rejects.toThrow(SessionGone);
    await expect(one.update(id, () => set({ late: 1 }))).rejects.toThrow(SessionGone);
    await one.touch(session);
    expect(await one.destroy(id)).toBe(false);
  }
  expect(JSON.stringify(await hash())).not.toContain("f:");
}

test("a destroyed session stays away on the node that destroyed it and on the others", async () => {
  expect(await other.destroy(id)).toBe(true);
  await staysAway();
});

test("a destroyed session stays away when the store forgets that it was destroyed", async () => {
  await other.destroy(id);
  await until("the other node has heard", () => core.peek(id, session.version) === undefined);
  await rig.command("FLUSHALL");
  await staysAway();
  await rig.command("FLUSHALL");
  await until("the store is told again", async () => JSON.stringify(await hash()).includes('"d"'));
  await staysAway();
});

test("a destroyed session stays away when a node that did not hear of it comes back with a copy", async () => {
  const deaf = await rig.open();
  await deaf.read(id, session.version);
  // Nothing that the server says from now on is read.
  rig.redis.signal("SIGSTOP");
  const destroying = other.destroy(id);
  rig.redis.signal("SIGCONT");
  await killCores(rig.command);
  await destroying;
  await rig.command("FLUSHALL");
  await until("the store is told again", async () => JSON.stringify(await hash()).includes('"d"'));
  expect(await deaf.read(id, session.version)).toBeUndefined();
  await staysAway();
  await deaf.close();
});

test("late saves of thousands of requests do not bring a session back", async () => {
  const late = Array.from({ length: 500 }, (_, index) => (index % 2 ? core : other).merge(session, set({ [`k${index}`]: 1 })));
  const destroying = other.destroy(id);
  const later = Array.from({ length: 500 }, (_, index) => (index % 2 ? core : other).merge(session, set({ [`l${index}`]: 1 })));
  await destroying;
  const outcomes = await Promise.allSettled([...late, ...later]);
  expect(outcomes.every((one) => one.status === "fulfilled" || one.reason instanceof SessionGone)).toBe(true);
  await staysAway();
});

test("a session can be created where one was destroyed, on any node, and late saves to the old one are refused", async () => {
  await other.destroy(id);
  await until("the other node has heard", () => core.peek(id, session.version) === undefined);
  const anew = await core.create(id, set({ new: 1 }).set);
  for (const one of [core, other]) {
    expect(valuesOf(await one.read(id, anew.version))).toEqual({ new: 1 });
    await expect(one.merge(session, set({ late: 1 }))).rejects.toThrow(SessionGone);
  }
  await rig.command("FLUSHALL");
  await until("the session is there again", async () => JSON.stringify(await hash()).includes("f:new"));
  await delay(50);
  for (const one of [core, other]) expect(valuesOf(await one.read(id, anew.version))).toEqual({ new: 1 });
});

test("only the version that is expected is destroyed", async () => {
  const next = await other.merge(session, set({ k: 2 }));
  await expect(core.destroy(id, session.version)).rejects.toMatchObject({ code: "version-conflict", current: { version: next.version } });
  expect(await core.destroy(id, next.version)).toBe(true);
  await staysAway(core);
});

test("a session is added only where none lives", async () => {
  await expect(other.create(id, set({ k: 2 }).set, { ifNew: true })).rejects.toMatchObject({
    code: "version-conflict",
    current: { version: session.version },
  });
  await core.destroy(id);
  expect(valuesOf(await other.create(id, set({ k: 3 }).set, { ifNew: true }))).toEqual({ k: 3 });
});
