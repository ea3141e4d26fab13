import { judge } from "../../../lab/drills/history/judge";
import type { Operation } from "../../../lab/drills/history/operation";
import { type CartRequest, operationsOf } from "../../../lab/drills/load/cart-request";
import { losses } from "../../../lab/drills/losses";

let now = 0;

beforeEach(() => {
  now = 0;
});

/** The client's next request and what the cart was by its answer. */
function seen(session: string, rope: number, anvil: number, added?: "rope" | "anvil"): Operation[] {
  now += 10;
  const quantities = new Map(Object.entries({ rope, anvil }).filter(([, quantity]) => quantity > 0));
  const request: CartRequest = { client: session, session, invokedAt: now, returnedAt: now + 1, quantities, ...(added ? { added } : {}) };
  return operationsOf(request, ["rope", "anvil"]);
}

const lossesOf = (history: Operation[]) => losses(history, judge(history), 0);

test("carts that keep what was put into them have no losses", () => {
  const history = [seen("s", 1, 0, "rope"), seen("s", 1, 1, "anvil"), seen("s", 1, 1)].flat();
  expect(lossesOf(history)).toEqual({ sessionsLost: 0, acknowledgedLost: 0, staleReads: 0, inventedReads: 0, evidence: [] });
});

test("a cart that is empty is a lost session, with all that was put into it", () => {
  const history = [seen("s", 1, 0, "rope"), seen("s", 1, 1, "anvil"), seen("s", 0, 0), seen("t", 1, 0, "rope")].flat();
  expect(lossesOf(history)).toMatchObject({ sessionsLost: 1, acknowledgedLost: 2, staleReads: 0 });
});

test("a cart with only what the same request put into it is a lost session", () => {
  const history = [seen("s", 1, 0, "rope"), seen("s", 1, 1, "anvil"), seen("s", 1, 0, "rope"), seen("s", 1, 0)].flat();
  expect(lossesOf(history)).toMatchObject({ sessionsLost: 1, acknowledgedLost: 2 });
});

test("a cart that lacks one thing is no lost session", () => {
  const history = [seen("s", 1, 0, "rope"), seen("s", 1, 1, "anvil"), seen("s", 2, 1, "rope"), seen("s", 1, 1)].flat();
  expect(lossesOf(history)).toMatchObject({ sessionsLost: 0, acknowledgedLost: 1 });
});

test("a cart that was empty for a moment is one stale answer", () => {
  const history = [seen("s", 1, 0, "rope"), seen("s", 1, 1, "anvil"), seen("s", 0, 0), seen("s", 1, 1)].flat();
  expect(lossesOf(history)).toMatchObject({ sessionsLost: 0, acknowledgedLost: 0, staleReads: 1, inventedReads: 0 });
});

test("a cart with more than was put into it is an invented answer", () => {
  expect(lossesOf([seen("s", 1, 0, "rope"), seen("s", 2, 0)].flat())).toMatchObject({ acknowledgedLost: 0, inventedReads: 1 });
});

test("the evidence is one line for each of the first five sessions", () => {
  const history = Array.from({ length: 7 }, (_, index) => [
    seen(`s${index}`, 1, 0, "rope"),
    seen(`s${index}`, 2, 0, "rope"),
    seen(`s${index}`, 0, 0),
  ]).flat(2);
  const { evidence } = lossesOf(history);
  expect(evidence).toHaveLength(5);
  expect(evidence[0]).toBe("s0/rope: an acknowledged write was lost: s0 added 1 (became 1) [10.0-11.0 ok], then s0 saw 0 [30.0-31.0 ok]");
});
