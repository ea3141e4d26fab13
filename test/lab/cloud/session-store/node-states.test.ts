import { nodeStates } from "../../../../lab/cloud/session-store/node-states";

type Live = Parameters<typeof nodeStates>[0];

/** A group of two nodes, of which those with an answer run. */
const live = (answers: Record<string, Record<string, string> | Error>): Live => ({
  view: () => ({ nodes: [{ id: "s-001" }, { id: "s-002" }], primaryId: "s-001" }) as unknown as ReturnType<Live["view"]>,
  running: () =>
    Object.entries(answers).map(([id, answer]) => ({
      node: { id },
      process: { replication: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(new Map(Object.entries(answer)))) },
    })) as unknown as ReturnType<Live["running"]>,
});

const MASTER = { role: "master" };
const current = (...states: boolean[]) => [
  { id: "s-001", isPrimary: true, isCurrent: states[0] },
  { id: "s-002", isPrimary: false, isCurrent: states[1] },
];

test.each([
  [
    "a primary that answers as one and a replica with a link to it",
    { "s-001": MASTER, "s-002": { role: "slave", master_link_status: "up" } },
    [true, true],
  ],
  ["a replica that still copies is behind", { "s-001": MASTER, "s-002": { role: "slave", master_link_status: "down" } }, [true, false]],
  ["a node that does not run is away", { "s-001": MASTER }, [true, false]],
  ["a node that does not answer is away", { "s-001": new Error("no answer"), "s-002": { master_link_status: "up" } }, [false, true]],
  ["a primary that is none yet is away", { "s-001": { role: "slave" } }, [false, false]],
])("%s", async (_, answers, states) => {
  expect(await nodeStates(live(answers as Record<string, Record<string, string> | Error>))).toEqual(current(...states));
});
