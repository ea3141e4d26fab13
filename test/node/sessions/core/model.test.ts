import * as fc from "fast-check";
import { SessionGone } from "../../../../node/sessions/errors";
import type { Sessions, Snapshot, Version } from "../../../../node/sessions/model";
import { killCores, type Rig, remove, set, startRig, valuesOf } from "./rig";

const SESSIONS = ["a", "b"];
const KEYS = ["x", "y", "z"];

const who = { core: fc.nat(1), session: fc.constantFrom(...SESSIONS) };
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("set" as const), ...who, key: fc.constantFrom(...KEYS), base: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), ...who, key: fc.constantFrom(...KEYS), base: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const), ...who, carries: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("create" as const), ...who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("destroy" as const), ...who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("update" as const), ...who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("flush" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Known {
  /** What the session must be; undefined: none. */
  values: Record<string, unknown> | undefined;
  /** All versions since it was last created, the newest last. */
  versions: Snapshot[];
  /** What a client carries that was there all the time. */
  seen: Version | undefined;
  /** Of those that had this id before. */
  old: Snapshot[];
}

let rig: Rig;
let cores: Sessions[];
let run = 0;
let value = 0;
let wasFlushed = false;

beforeAll(async () => {
  rig = await startRig();
  cores = await Promise.all([rig.open(), rig.open()]);
});
afterAll(() => rig.stop());

async function apply(one: Step, known: Map<string, Known>, idOf: (name: string) => string): Promise<void> {
  if (one.do === "flush") {
    wasFlushed = true;
    return void (await rig.command("FLUSHALL"));
  }
  if (one.do === "kill") return killCores(rig.command);
  const core = cores[one.core] as Sessions;
  const id = idOf(one.session);
  const session = known.get(one.session) as Known;
  const { versions, values } = session;
  const wrote = (snapshot: Snapshot, now: Record<string, unknown>): void => {
    session.values = now;
    versions.push(snapshot);
    session.seen = snapshot.version;
    expect(valuesOf(snapshot)).toEqual(now);
  };
  value += 1;
  // One that never was might still come after a flush: whoever asks for it waits.
  if (values === undefined && versions.length === 0 && one.do !== "create") return;
  switch (one.do) {
    case "create": {
      session.old.push(...versions.splice(0));
      return wrote(await core.create(id, set({ x: value }).set), { x: value });
    }
    case "destroy":
      // What a flush has taken is not known everywhere, and destroyed all the same.
      expect([values !== undefined, wasFlushed ? false : undefined]).toContain(await core.destroy(id));
      session.values = undefined;
      session.seen = core.newest(id);
      return;
    case "read":
      return expect(valuesOf(await core.read(id, one.carries ? session.seen : undefined))).toEqual(values);
    case "update": {
      if (values === undefined) return expect(core.update(id, () => set({ y: value }))).rejects.toThrow(SessionGone);
      return wrote(await core.update(id, () => set({ y: value })), { ...values, y: value });
    }
    default: {
      const bases = values === undefined ? [...session.old, ...versions] : versions;
      const base = bases[one.base % bases.length];
      if (base === undefined) return;
      const change = one.do === "set" ? set({ [one.key]: value }) : remove(one.key);
      if (values === undefined) return expect(core.merge(base, change)).rejects.toThrow(SessionGone);
      const late = session.old[one.base % session.old.length];
      // After a flush, a core that has only the older session brings that one back, until the other core's wins.
      if (late && !wasFlushed) await expect(core.merge(late, change)).rejects.toThrow(SessionGone);
      const { [one.key]: _, ...others } = values;
      return wrote(await core.merge(base, change), one.do === "set" ? { ...others, [one.key]: value } : others);
    }
  }
}

test("two cores do whatever they are told as one would, whatever the store loses", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      run += 1;
      wasFlushed = false;
      const prefix = `run${run}-`;
      const known = new Map(SESSIONS.map((name) => [name, { values: undefined, versions: [], seen: undefined, old: [] }]));
      for (const one of steps) await apply(one, known, (name) => prefix + name);
      for (const [name, { values, versions, seen }] of known) {
        if (versions.length === 0) continue;
        for (const core of cores) expect(valuesOf(await core.read(prefix + name, seen))).toEqual(values);
      }
    }),
    { numRuns: Number(process.env["RUNS"] ?? 100), interruptAfterTimeLimit: Number(process.env["LIMIT_MS"] ?? 20_000) },
  );
}, 120_000);
