import type { LabStatus } from "../../../contract/lab-file";
import type { CartRequest } from "../../../lab/drills/load/cart-request";
import { chooseVictim } from "../../../lab/drills/victim";

const instances = (...ids: string[]) => ids.map((id) => ({ id }) as LabStatus["instances"][number]);
const on = (node: string, client: string): CartRequest => ({ client, session: client, invokedAt: 0, returnedAt: 1, node });
const requests = [on("i-1", "a"), on("i-1", "b"), on("i-1", "c"), on("i-2", "d"), on("i-2", "e"), on("i-3", "f")];

test("drills break the most used node, then those that were not broken for the longest time", () => {
  const cluster = { broken: [] };
  const seen = { instances: instances("i-1", "i-2", "i-3") };
  const victims = Array.from({ length: 5 }, () => chooseVictim(cluster, seen, requests));
  expect(victims.map(({ node }) => node.id)).toEqual(["i-1", "i-2", "i-3", "i-1", "i-2"]);
  expect(victims[0]?.clients).toEqual(new Set(["a", "b", "c"]));
});

test("a node that is new is taken before one that was broken, also when nobody is on it", () => {
  const cluster = { broken: ["i-1", "i-2"] };
  expect(chooseVictim(cluster, { instances: instances("i-1", "i-2", "i-4") }, requests)).toEqual({ node: { id: "i-4" }, clients: new Set() });
});

test("without nodes there is nothing to break", () => {
  expect(() => chooseVictim({ broken: [] }, { instances: [] }, requests)).toThrow("there is no node to break");
});
