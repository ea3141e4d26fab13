import type { Cause } from "../../../contract/events";
import { commonCause } from "../../../node/health/common-cause";
import type { Peer } from "../../../node/registry/registry";

const policy = { togetherMs: 5000, holdMs: 5000 };
type Node = Pick<Peer, "id" | "release" | "state" | "trouble">;

const well = (id: string): Node => ({ id, release: "r", state: "healthy", trouble: null });
const ill = (id: string, forMs: number, cause: Cause = "no-answer", dependency: string | null = null): Node => ({
  id,
  release: "r",
  state: "suspect",
  trouble: { cause, dependency, forMs },
});

test.each<[string, Node[], string | undefined]>([
  ["one of three is ill", [ill("a", 900), well("b"), well("c")], undefined],
  ["a node that is not ill", [well("a"), ill("b", 900), ill("c", 900)], undefined],
  ["two of three fell ill together", [ill("a", 900), ill("b", 700), well("c")], "2 of 3 nodes are ill at the same time (no-answer)"],
  ["the other one fell ill long before", [ill("a", 900), ill("b", 9000), well("c")], undefined],
  ["two of three, for long: the third shows that it is not all", [ill("a", 5000), ill("b", 5200), well("c")], undefined],
  ["all, for long", [ill("a", 60_000), ill("b", 60_200), ill("c", 60_000)], "3 of 3 nodes are ill at the same time (no-answer)"],
  ["all, for long, seen inside the application", [ill("a", 60_000, "no-progress"), ill("b", 60_200), ill("c", 60_000)], undefined],
  ["two of four are not most", [ill("a", 900), ill("b", 900), well("c"), well("d")], undefined],
  [
    "two miss the same, of many, for long",
    [ill("a", 60_000, "dependency", "db"), ill("b", 900, "dependency", "db"), well("c"), well("d"), well("e")],
    "2 of 5 nodes miss db",
  ],
  ["two miss different things", [ill("a", 900, "dependency", "db"), ill("b", 900, "dependency", "mail"), well("c"), well("d")], undefined],
  ["one alone misses something", [ill("a", 6000, "dependency", "db"), well("b"), well("c")], undefined],
  [
    "nodes that start or leave are not counted",
    [ill("a", 900), { ...ill("b", 900), state: "starting" }, { ...ill("c", 900), state: "draining" }],
    undefined,
  ],
  ["a node that is away", [], undefined],
])("%s", (_, nodes, expected) => {
  expect(commonCause(nodes, "a", policy)).toBe(expected);
});
