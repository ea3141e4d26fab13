import { type CartRequest, operationsOf, readCart } from "../../../../lab/drills/load/cart-request";

const answer = (status: number, body: string) => ({ status, body, headers: {} });

test.each([
  ['{"lines":[{"product":"rope","quantity":3,"cents":1}],"cents":1}', [["rope", 3]]],
  ['{"lines":[],"cents":0}', []],
])("an answer of 200 tells what is in the cart: %s", (body, quantities) => {
  expect(readCart(answer(200, body))).toEqual({ quantities: new Map(quantities as [string, number][]) });
});

test.each([
  [200, "<html>", "no cart", false],
  [200, '{"lines":[{"product":"rope"}]}', "no cart", false],
  [503, "", "503", false],
  [400, "", "400", true],
])("any other answer is a failure: %i %s", (status, body, what, isRefusal) => {
  expect(readCart(answer(status, body))).toEqual({ failure: { what, isRefusal } });
});

describe("the judge is told", () => {
  const request: CartRequest = { client: "c", session: "s", invokedAt: 1, returnedAt: 2 };
  const base = { client: "c", session: "s", invokedAt: 1, returnedAt: 2, outcome: "ok" };
  const products = ["rope", "anvil"];
  const quantities = new Map([["rope", 3]]);

  test("of a look, how many of each product there are", () => {
    expect(operationsOf({ ...request, quantities }, products)).toEqual([
      { ...base, kind: "read", key: "rope", value: 3 },
      { ...base, kind: "read", key: "anvil", value: 0 },
    ]);
  });

  test("of an add, what it made of its product, and how many of the others there are", () => {
    expect(operationsOf({ ...request, added: "anvil", quantities }, products)).toEqual([
      { ...base, kind: "read", key: "rope", value: 3 },
      { ...base, kind: "add", key: "anvil", value: 1, result: 0 },
    ]);
  });

  test("of an add that failed, that it may have happened, unless it was refused", () => {
    const failed = (isRefusal: boolean) => operationsOf({ ...request, added: "rope", failure: { what: "x", isRefusal } }, products);
    expect(failed(false)).toEqual([{ ...base, kind: "add", key: "rope", value: 1, returnedAt: null, outcome: "unknown" }]);
    expect(failed(true)).toEqual([{ ...base, kind: "add", key: "rope", value: 1, returnedAt: null, outcome: "refused" }]);
  });

  test("nothing of a look that failed", () => {
    expect(operationsOf({ ...request, failure: { what: "502", isRefusal: false } }, products)).toEqual([]);
  });
});
