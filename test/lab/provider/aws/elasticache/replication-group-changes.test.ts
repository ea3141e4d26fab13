import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { replicationGroupSteps } from "../../../../../lab/provider/aws/elasticache/replication-group-changes";
import { diff } from "../../../../../lab/provider/diff";
import type { Properties } from "../../../../../lab/provider/property-values";
import { checked, typed } from "../../life";

const TYPE = typed("aws:elasticache/replicationGroup:ReplicationGroup");
const declared = checked(TYPE, {
  replicationGroupId: "sessions",
  description: "sessions",
  engine: "valkey",
  nodeType: "cache.t4g.micro",
  numCacheClusters: 2,
  automaticFailoverEnabled: true,
  transitEncryptionEnabled: true,
  authToken: "0123456789abcdef-1",
  authTokenUpdateStrategy: "ROTATE",
  subnetGroupName: "stores",
  securityGroupIds: ["sg-0123456789abcdef0"],
});

/** The calls that an update makes, by name and with what they ask for. */
async function calls(changes: Properties): Promise<[string, object][]> {
  const news = { ...declared, ...changes };
  const has = (...keys: string[]) => keys.some((key) => key in changes);
  const made: [string, object][] = [];
  const client = {
    send: async (command: { input: object }) => void made.push([command.constructor.name, JSON.parse(JSON.stringify(command.input)) as object]),
  };
  const steps = replicationGroupSteps("sessions", { olds: declared, news, has } as unknown as Parameters<typeof replicationGroupSteps>[1]);
  for (const step of steps) await step(client as unknown as ElastiCacheClient);
  return made;
}

test("another token is rotated in by a call of its own, at once, whatever else changes", async () => {
  expect(await calls({ authToken: "0123456789abcdef-2", snapshotRetentionLimit: 7 })).toEqual([
    ["ModifyReplicationGroupCommand", { ReplicationGroupId: "sessions", ApplyImmediately: false, SnapshotRetentionLimit: 7 }],
    [
      "ModifyReplicationGroupCommand",
      { ReplicationGroupId: "sessions", ApplyImmediately: true, AuthToken: "0123456789abcdef-2", AuthTokenUpdateStrategy: "ROTATE" },
    ],
  ]);
});

test("a replica more comes first, one less last", async () => {
  const names = async (changes: Properties) => (await calls(changes)).map(([name]) => name);
  expect(await names({ numCacheClusters: 3, description: "more" })).toEqual(["IncreaseReplicaCountCommand", "ModifyReplicationGroupCommand"]);
  expect(await names({ numCacheClusters: 1, description: "less" })).toEqual(["ModifyReplicationGroupCommand", "DecreaseReplicaCountCommand"]);
});

test("another token is an update, never a replacement, and the same again is nothing", () => {
  expect(diff(TYPE, declared, { ...declared, authToken: "0123456789abcdef-2" })).toMatchObject({ changed: ["authToken"], replaces: [] });
  expect(diff(TYPE, declared, { ...declared }).changed).toEqual([]);
});
