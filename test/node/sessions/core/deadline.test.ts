import { Deadline, firstOf } from "../../../../node/sessions/deadline";
import { LinkLost, StoreAway } from "../../../../node/sessions/errors";
import type { StoreLink } from "../../../../node/sessions/store-link";
import { Waiters } from "../../../../node/sessions/waiters";

const link = (isUp: boolean): StoreLink => ({ isUp, reason: "it rains", whenUp: async () => isUp }) as unknown as StoreLink;
const never = new Promise<never>(() => undefined);

test("work that takes too long ends with the limit and the reason", async () => {
  await expect(new Deadline(20).within(never, link(true))).rejects.toThrow("the session store could not be reached within 20 ms: no answer");
  await expect(new Deadline(20).within(never, link(false))).rejects.toThrow("within 20 ms: it rains");
});

test("work in time gives its result, or its own error", async () => {
  expect(await new Deadline(1000).within(Promise.resolve(7), link(true))).toBe(7);
  await expect(new Deadline(1000).within(Promise.reject(new Error("own")), link(true))).rejects.toThrow("own");
});

test("a link that does not come up is away", async () => {
  await expect(new Deadline(20).untilUp(link(false))).rejects.toThrow(StoreAway);
  await expect(new Deadline(20).untilUp(link(true))).resolves.toBeUndefined();
});

test("only a lost connection is tried again, and not beyond the limit", async () => {
  await expect(new Deadline(1000).pause(new LinkLost("gone"))).resolves.toBeUndefined();
  await expect(new Deadline(0).pause(new LinkLost("gone"))).rejects.toThrow("within 0 ms: gone");
  await expect(new Deadline(1000).pause(new TypeError("fault"))).rejects.toThrow(TypeError);
});

test("what is late gives way, and its own later failure is nobody's", async () => {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 30));
  expect(await firstOf(late, 5, () => "instead")).toBe("instead");
  await new Promise((resolve) => setTimeout(resolve, 50));
});

test("those who wait are released together, or each at its own limit", async () => {
  const waiters = new Waiters();
  const [short, long] = [waiters.wait(5), waiters.wait(60_000)];
  expect(await short).toBe(false);
  waiters.release(true);
  expect(await long).toBe(true);
});
