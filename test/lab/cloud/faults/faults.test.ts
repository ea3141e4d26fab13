import { setTimeout as delay } from "node:timers/promises";
import { faultSchema } from "../../../../lab/cloud/faults/fault";
import { Faults } from "../../../../lab/cloud/faults/faults";
import type { RunningInstance } from "../../../../lab/cloud/running-instances";

const eni = (privateIp: string) => ({ id: privateIp, subnetId: "subnet-1", privateIp, securityGroupIds: [], netns: privateIp });

/** A lab that writes down what is done to it. */
function faultsOf(addresses = ["10.0.0.1", "10.0.0.2"]) {
  const done: string[] = [];
  const failures: unknown[] = [];
  const machine = { kill: async () => void done.push("killed i-1") };
  const launched = { privateIp: "10.0.0.9" };
  let runs = true;
  const faults = new Faults({
    instances: { get: (id) => (id === "i-1" ? ({ machine, launched } as unknown as RunningInstance) : undefined) },
    sessionStores: {
      enis: () => addresses.map(eni),
      securityGroups: () => addresses.map(() => ({ vpcId: "vpc-1", securityGroup: { id: "sg-1", ingress: [], egress: [] } })),
      failPrimaries: () => void done.push("primary failed"),
    },
    processes: {
      signal: async (node, unit, signal) => {
        if (!runs) throw new Error(`${unit}: must run on ${node}, and does not`);
        done.push(`${signal} to ${unit} of ${node}`);
      },
      signalIfRuns: async (node, unit, signal) => done.push(`${signal} to ${unit} of ${node}`) > 0,
    },
    spoilApp: async (netns, how) => void done.push(`${how} in ${netns}`),
    silence: async (vpcId, silenced) => void done.push(`silence ${vpcId} ${silenced.join(" ")}`),
    endSilence: async (vpcId) => void done.push(`end ${vpcId}`),
    onFailure: (error) => failures.push(error),
  });
  return { faults, done, failures, stopAll: () => (runs = false) };
}

test("a node is killed, and one that does not run is refused", async () => {
  const { faults, done } = faultsOf();
  await faults.inject({ kind: "kill-node", node: "i-1" });
  await expect(faults.inject({ kind: "kill-node", node: "i-2" })).rejects.toThrow("node: must be one that runs, got i-2");
  expect(done).toEqual(["killed i-1"]);
});

test("a process of a node gets its signal, and one that does not run is told", async () => {
  const { faults, done, stopAll } = faultsOf();
  await faults.inject({ kind: "signal", node: "i-1", unit: "app", signal: "SIGSTOP" });
  stopAll();
  await expect(faults.inject({ kind: "signal", node: "i-1", unit: "gate", signal: "SIGKILL" })).rejects.toThrow(
    "gate: must run on i-1, and does not",
  );
  expect(done).toEqual(["SIGSTOP to app of i-1"]);
});

test("a Node.js application opens its inspector and is told what to do to itself", async () => {
  const { faults, done } = faultsOf();
  await faults.inject({ kind: "spoil-app", node: "i-1", how: "deadlock" });
  expect(done).toEqual(["SIGUSR1 to app of i-1", "deadlock in i-1"]);
});

test("a flapping application is killed at once and again, until that is ended", async () => {
  const { faults, done } = faultsOf();
  await faults.inject({ kind: "flapping-app", node: "i-1", everySeconds: 0.1, seconds: 600 });
  await delay(250);
  await faults.end();
  const times = done.length;
  await delay(150);
  expect(times).toBeGreaterThanOrEqual(2);
  expect(done).toEqual(Array.from({ length: times }, () => "SIGKILL to app of i-1"));
});

test("an application that does not run cannot flap, and nothing lasts", async () => {
  const { faults, done, stopAll } = faultsOf();
  stopAll();
  const flapping = { kind: "flapping-app", node: "i-1", everySeconds: 0.1, seconds: 600 } as const;
  await expect(faults.inject(flapping)).rejects.toThrow("app: must run on i-1");
  await faults.inject({ kind: "node-away", node: "i-1", seconds: 600 });
  await faults.end();
  expect(done).toEqual(["silence vpc-1 10.0.0.9", "end vpc-1"]);
});

test("a node is cut off until that is ended, and one that does not run is refused", async () => {
  const { faults, done } = faultsOf();
  await expect(faults.inject({ kind: "node-away", node: "i-2", seconds: 1 })).rejects.toThrow("node: must be one that runs, got i-2");
  await faults.inject({ kind: "node-away", node: "i-1", seconds: 600 });
  await faults.end();
  expect(done).toEqual(["silence vpc-1 10.0.0.9", "end vpc-1"]);
});

test("the store's primary is killed", async () => {
  const { faults, done } = faultsOf();
  await faults.inject({ kind: "kill-store-primary" });
  expect(done).toEqual(["primary failed"]);
});

describe("the store is away", () => {
  test("until that is ended; ending it twice is harmless", async () => {
    const { faults, done } = faultsOf();
    await faults.inject({ kind: "store-away", seconds: 600 });
    await faults.end();
    await faults.end();
    expect(done).toEqual(["silence vpc-1 10.0.0.1 10.0.0.2", "end vpc-1"]);
  });

  test("at most for the time it was ordered for, should nobody end it", async () => {
    const { faults, done } = faultsOf();
    await faults.inject({ kind: "store-away", seconds: 0.1 });
    await delay(150);
    expect(done).toEqual(["silence vpc-1 10.0.0.1 10.0.0.2", "end vpc-1"]);
  });

  test("once at a time", async () => {
    const { faults } = faultsOf();
    await faults.inject({ kind: "store-away", seconds: 600 });
    await expect(faults.inject({ kind: "store-away", seconds: 1 })).rejects.toThrow(
      "store-away: must be the only fault that lasts, there is store-away already",
    );
    await faults.end();
  });

  test("only where there is one", async () => {
    const { faults, done } = faultsOf([]);
    await expect(faults.inject({ kind: "store-away", seconds: 1 })).rejects.toThrow("store-away: there is no session store");
    expect(done).toEqual([]);
  });
});

test.each([{ kind: "kill-all" }, { kind: "kill-node" }, { kind: "store-away", seconds: 661 }, { kind: "kill-store-primary", node: "i-1" }])(
  "what is no fault is refused: %j",
  (fault) => {
    expect(faultSchema.safeParse(fault).success).toBe(false);
  },
);
