import { untilGone, waitFor, whileRefused } from "../../../lab/provider/wait";

const named = (name: string): Error => Object.assign(new Error("no"), { name });
const wait = { what: "the door to open", limitSeconds: 5, signal: new AbortController().signal, pollMs: 1 };

test("a wait ends with the probe's result", async () => {
  let looks = 0;
  expect(await waitFor(wait, async () => (++looks < 3 ? { seen: "closed" } : { done: looks }))).toBe(3);
});

test("fails at the limit with what it waited for and saw last", async () => {
  await expect(waitFor({ ...wait, limitSeconds: 0.02 }, async () => ({ seen: "closed" }))).rejects.toThrow(
    "gave up waiting for the door to open after 0.02 s: last seen: closed",
  );
});

test("a cancelled wait ends at once", async () => {
  const cancel = new AbortController();
  const waiting = waitFor({ ...wait, limitSeconds: 60, signal: cancel.signal, pollMs: 60_000 }, async () => ({ seen: "closed" }));
  cancel.abort();
  await expect(waiting).rejects.toThrow("cancelled while waiting for the door to open: last seen: closed");
});

test("an action is repeated while it is refused for a named reason, and for no other", async () => {
  const refused = async (): Promise<never> => {
    throw named("DependencyViolation");
  };
  expect(await whileRefused(["DependencyViolation"], refused)()).toEqual({ seen: "DependencyViolation: no" });
  await expect(whileRefused(["ResourceInUse"], refused)()).rejects.toThrow("no");
});

test.each(["InvalidVpcID.NotFound", "NoSuchEntityException", "ListenerNotFoundException", "NoSuchBucket", "NotFound"])(
  "%s means gone",
  async (name) => {
    const look = untilGone(async () => {
      throw named(name);
    });
    expect(await look()).toEqual({ done: true });
  },
);
