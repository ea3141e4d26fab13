import { missingOf } from "../../../lab/drills/whole";

const nodes = (...states: string[]) => states.map((state, index) => ({ id: `i-${index + 1}`, state }));
const primary = { id: "store-001", isPrimary: true, isCurrent: true };
const replica = { id: "store-002", isPrimary: false, isCurrent: true };

test("n+1 healthy nodes and a store with its replica are a whole cluster", () => {
  expect(missingOf(nodes("healthy", "healthy", "healthy"), [primary, replica], 2)).toEqual([]);
});

test.each([
  [nodes("healthy", "healthy"), [primary, replica], ["2 nodes instead of 3"]],
  [nodes("healthy", "starting", "healthy"), [primary, replica], ["i-2 is starting"]],
  [nodes("healthy", "healthy", "healthy", "draining"), [primary, replica], ["4 nodes instead of 3", "i-4 is draining"]],
  [nodes("healthy", "healthy", "healthy"), [primary], ["the store has no replica"]],
  [
    nodes("healthy", "healthy", "healthy"),
    [
      { ...primary, isCurrent: false },
      { ...replica, isCurrent: false },
    ],
    ["the store's primary store-001 is away", "the store's replica store-002 is away"],
  ],
])("what is missing is named", (instances, store, missing) => {
  expect(missingOf(instances, store, 2)).toEqual(missing);
});
