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
  const faults = new Faults({
    instances: { get: (id) => (id === "i-1" ? ({ machine } as unknown as RunningInstance) : undefined) },
    sessionStores: {
      enis: () => addresses.map(eni),
      securityGroups: () => addresses.map(() => ({ vpcId: "vpc-1", securityGroup: { id: "sg-1", ingress: [], egress: [] } })),
      failPrimaries: () => void done.push("primary failed"),
    },
    silence: async (vpcId, silenced) => void done.push(`silence ${vpcId} ${silenced.join(" ")}`),
    endSilence: async (vpcId) => void done.push(`end ${vpcId}`),
    onFailure: (error) => failures.push(error),
  });
  return { faults, done, failures };
}

test("a node is killed, and one that does not run is refused", async () => {
  const { faults, done } = faultsOf();
  await faults.inject({ kind: "kill-node", node: "i-1" });
  await expect(faults.inject({ kind: "kill-node", node: "i-2" })).rejects.toThrow("node: must be one that runs, got i-2");
  expect(done).toEqual(["killed i-1"]);
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
    await expect(faults.inject({ kind: "store-away", seconds: 1 })).rejects.toThrow("store-away: the store is away already");
    await faults.end();
  });

  test("only where there is one", async () => {
    const { faults, done } = faultsOf([]);
    await expect(faults.inject({ kind: "store-away", seconds: 1 })).rejects.toThrow("store-away: there is no session store");
    expect(done).toEqual([]);
  });
});

test.each([{ kind: "kill-all" }, { kind: "kill-node" }, { kind: "store-away", seconds: 601 }, { kind: "kill-store-primary", node: "i-1" }])(
  "what is no fault is refused: %j",
  (fault) => {
    expect(faultSchema.safeParse(fault).success).toBe(false);
  },
);
