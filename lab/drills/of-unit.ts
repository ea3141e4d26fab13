import type { Fault } from "../cloud/faults/fault";
import type { Drill } from "./drill";
import { chooseVictim } from "./victim";

type Unit = "app" | "gate" | "agent";

/** What it is for a node's unit to be as new: another process runs, or the whole node is another one. */
const isAnother =
  (id: string, unit: Unit, pid: number | null): NonNullable<Awaited<ReturnType<Drill["break"]>>["isOver"]> =>
  ({ instances }) => {
    const now = instances.find((instance) => instance.id === id);
    return now === undefined || (now.pids[unit] !== null && now.pids[unit] !== pid);
  };

/** A drill on one process of the most used node: over when another process runs in its place. */
const ofUnit = (unit: Unit, faultOf: (node: string) => Fault, words: string): Drill => ({
  isOfStore: false,
  lasts: false,
  async break(cluster, seen, requests) {
    const { node, clients } = chooseVictim(cluster, seen, requests);
    await cluster.inject(faultOf(node.id));
    return {
      did: `${words} ${node.id} with ${clients.size} clients`,
      touched: clients,
      isOver: isAnother(node.id, unit, node.pids[unit]),
    };
  },
});

/** As an application that waits for a disk or a lock in the kernel. */
export const stopApp = ofUnit("app", (node) => ({ kind: "signal", node, unit: "app", signal: "SIGSTOP" }), "halted the application of");
export const killApp = ofUnit("app", (node) => ({ kind: "signal", node, unit: "app", signal: "SIGKILL" }), "killed the application of");
export const killAgent = ofUnit("agent", (node) => ({ kind: "signal", node, unit: "agent", signal: "SIGKILL" }), "killed the agent of");
export const killGate = ofUnit("gate", (node) => ({ kind: "signal", node, unit: "gate", signal: "SIGKILL" }), "killed the gate of");
export const deadlockApp = ofUnit("app", (node) => ({ kind: "spoil-app", node, how: "deadlock" }), "blocked the event loop of the application of");
export const slowApp = ofUnit("app", (node) => ({ kind: "spoil-app", node, how: "slow" }), "slowed down the application of");
export const exhaustHandles = ofUnit(
  "app",
  (node) => ({ kind: "spoil-app", node, how: "handles" }),
  "used up the file handles of the application of",
);
