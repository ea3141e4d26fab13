import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StoreUnderTest } from "./store-under-test";

const TOKEN = "0123456789abcdef-first";
const store = new StoreUnderTest();

const SESSIONS = {
  ReplicationGroupId: "sessions",
  ReplicationGroupDescription: "sessions",
  Engine: "valkey",
  EngineVersion: "8.0",
  CacheNodeType: "cache.t4g.micro",
  NumCacheClusters: "2",
  CacheSubnetGroupName: "stores",
  CacheParameterGroupName: "sessions",
  "SecurityGroupIds.SecurityGroupId.1": "sg-1",
  AutomaticFailoverEnabled: "true",
  MultiAZEnabled: "true",
  TransitEncryptionEnabled: "true",
  AuthToken: TOKEN,
  "Tags.Tag.1.Key": "stack",
  "Tags.Tag.1.Value": "test",
};

beforeAll(async () => {
  await store.start();
  await store.call("CreateCacheParameterGroup", {
    CacheParameterGroupName: "sessions",
    CacheParameterGroupFamily: "valkey8",
    Description: "sessions",
  });
  await store.call("ModifyCacheParameterGroup", {
    CacheParameterGroupName: "sessions",
    "ParameterNameValues.ParameterNameValue.1.ParameterName": "notify-keyspace-events",
    "ParameterNameValues.ParameterNameValue.1.ParameterValue": "Kx",
  });
  const created = await store.call("CreateReplicationGroup", SESSIONS);
  expect(created.ReplicationGroup[0].Status).toBe("creating");
  await store.available("sessions");
}, 40_000);

afterAll(() => store.stop());

const primaryName = async (): Promise<string> => (await store.group("sessions")).NodeGroups.NodeGroup[0].PrimaryEndpoint.Address;
const roles = async () =>
  Object.fromEntries(
    (await store.group("sessions")).NodeGroups.NodeGroup[0].NodeGroupMembers.NodeGroupMember.map((one: Record<string, string>) => [
      one.CacheClusterId,
      one.CurrentRole,
    ]),
  );

test("a group is described as ElastiCache describes it", async () => {
  const group = await store.group("sessions");

  const [shard] = group.NodeGroups.NodeGroup;
  expect(shard.PrimaryEndpoint.Address).toMatch(/^master\.sessions\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/);
  expect(shard.ReaderEndpoint.Address).toMatch(/^replica\.sessions\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/);
  expect(group.MemberClusters.ClusterId).toEqual(["sessions-001", "sessions-002"]);
  expect(shard.NodeGroupMembers.NodeGroupMember.map((one: Record<string, string>) => one.PreferredAvailabilityZone)).toEqual([
    "us-east-1a",
    "us-east-1b",
  ]);
  expect(group).toMatchObject({
    AutomaticFailover: "enabled",
    MultiAZ: "enabled",
    AuthTokenEnabled: "true",
    TransitEncryptionEnabled: "true",
    AtRestEncryptionEnabled: "true",
  });
  const { CacheClusters } = await store.call("DescribeCacheClusters", { CacheClusterId: "sessions-002" });
  expect(CacheClusters.CacheCluster[0]).toMatchObject({
    Engine: "valkey",
    EngineVersion: "8.0.1",
    CacheSubnetGroupName: "stores",
    CacheClusterStatus: "available",
  });
  const { TagList } = await store.call("ListTagsForResource", { ResourceName: group.ARN });
  expect(TagList.Tag).toEqual([{ Key: "stack", Value: "test" }]);
});

test("each node has its own interface, and the group's nodes may talk to each other", () => {
  expect(store.controller.enis()).toEqual([
    {
      id: "eni-sessions-001",
      subnetId: store.subnetIds[0],
      privateIp: "127.20.1.4",
      securityGroupIds: ["sg-1", "sg-elasticache-sessions"],
      netns: "store-sessions-001",
    },
    {
      id: "eni-sessions-002",
      subnetId: store.subnetIds[1],
      privateIp: "127.20.2.4",
      securityGroupIds: ["sg-1", "sg-elasticache-sessions"],
      netns: "store-sessions-002",
    },
  ]);
  const [own] = store.controller.securityGroups();
  expect(own?.securityGroup.ingress).toEqual([
    { protocol: "tcp", fromPort: 6379, toPort: 6379, peer: { securityGroupId: "sg-elasticache-sessions" } },
  ]);
});

test("the primary serves over TLS with the token, and the reader has what was written", async () => {
  const primary = await store.client(await primaryName(), TOKEN);
  const reader = await store.client((await primaryName()).replace("master.", "replica."), TOKEN);

  await primary.set("nplus1:node:i-1", "{}");
  expect(await primary.sendCommand(["WAIT", "1", "2000"])).toBe(1);

  expect(await reader.get("nplus1:node:i-1")).toBe("{}");
  await expect(reader.set("x", "1")).rejects.toThrow("READONLY");
  expect(await store.controller.read("nplus1:node:*")).toEqual(new Map([["nplus1:node:i-1", "{}"]]));
  primary.destroy();
  reader.destroy();
});

test("a connection without the token, or with a wrong one, is refused", async () => {
  await expect(store.client(await primaryName(), undefined)).rejects.toThrow("NOAUTH");
  await expect(store.client(await primaryName(), "not-the-token-at-all")).rejects.toThrow("WRONGPASS");
});

test("parameters of the group are in force, and CONFIG is refused as ElastiCache refuses it", async () => {
  const events: string[] = [];
  const listener = await store.client(await primaryName(), TOKEN);
  const primary = await store.client(await primaryName(), TOKEN);
  await listener.subscribe("__keyspace@0__:short", (message) => events.push(message));

  await primary.set("short", "1", { expiration: { type: "PX", value: 50 } });
  for (let left = 100; left > 0 && events.length === 0; left -= 1) await delay(20);

  expect(events).toEqual(["expired"]);
  await expect(primary.sendCommand(["CONFIG", "GET", "*"])).rejects.toThrow("NOPERM");
  await expect(primary.sendCommand(["REPLICAOF", "NO", "ONE"])).rejects.toThrow("NOPERM");
  expect(await primary.sendCommand(["CLIENT", "TRACKING", "ON"])).toBe("OK");
  listener.destroy();
  primary.destroy();
});

test("no file of a node holds the token", () => {
  const config = readFileSync(join(store.folder, "run/sessions-001/redis.conf"), "utf8");

  expect(config).not.toContain(TOKEN);
  expect(config).toContain("notify-keyspace-events Kx");
});

test("a rotated token opens beside the one before, the next one shuts out the oldest, and a set one opens alone", async () => {
  const [second, third] = ["0123456789abcdef-second", "0123456789abcdef-third"];
  const change = async (AuthToken: string, AuthTokenUpdateStrategy: string) => {
    const asked = { ReplicationGroupId: "sessions", AuthToken, AuthTokenUpdateStrategy, ApplyImmediately: "true" };
    const answer = await store.call("ModifyReplicationGroup", asked);
    await store.available("sessions");
    return answer;
  };
  const opens = async (token: string) => (await store.client(await primaryName(), token)).destroy();
  const before = await store.client(await primaryName(), TOKEN);

  await change(second, "ROTATE");
  for (const token of [TOKEN, second]) await opens(token);

  await change(third, "ROTATE");
  for (const token of [second, third]) await opens(token);
  await expect(opens(TOKEN)).rejects.toThrow("WRONGPASS");
  // Who is in stays in.
  expect(await before.set("carried", "over")).toBe("OK");
  before.destroy();

  expect((await change(TOKEN, "SET")).error.Code).toBe("InvalidParameterCombination");
  await change(third, "SET");
  await opens(third);
  await expect(opens(second)).rejects.toThrow("WRONGPASS");
  await change(TOKEN, "ROTATE");
});

test("when the primary dies, the replica is promoted with the data, names move, and the dead node comes back as its replica", async () => {
  const name = await primaryName();
  const before = await store.client(name, TOKEN);
  await before.set("cart", "3 apples");
  await before.sendCommand(["WAIT", "1", "2000"]);
  before.destroy();
  expect(await roles()).toEqual({ "sessions-001": "primary", "sessions-002": "replica" });
  const [primaryPid] = store.controller.stores()[0]?.pids ?? [];

  const killed = performance.now();
  process.kill(primaryPid ?? 0, "SIGKILL");
  expect(store.controller.dnsRecords().get(name)).toEqual(["127.20.1.4"]);
  for (let left = 200; left > 0 && (await roles())["sessions-002"] !== "primary"; left -= 1) await delay(20);

  expect(await roles()).toEqual({ "sessions-001": "replica", "sessions-002": "primary" });
  expect(store.controller.dnsRecords().get(name)).toEqual(["127.20.2.4"]);
  expect(performance.now() - killed).toBeGreaterThan(300);
  // Until the dead node is replaced, readers read at the primary.
  expect(store.controller.dnsRecords().get(name.replace("master.", "replica."))).toEqual(["127.20.2.4"]);
  const after = await store.client(name, TOKEN);
  expect(await after.get("cart")).toBe("3 apples");
  await after.set("cart", "4 apples");
  for (let left = 200; left > 0 && store.controller.stores()[0]?.pids.length !== 2; left -= 1) await delay(20);
  expect(await after.sendCommand(["WAIT", "1", "5000"])).toBe(1);
  after.destroy();
  expect(store.controller.dnsRecords().get(name.replace("master.", "replica."))).toEqual(["127.20.1.4"]);
  expect(store.controller.stores()[0]).toMatchObject({ primary: `${name}:6379`, netns: ["store-sessions-002", "store-sessions-001"] });
}, 30_000);

test("a primary that hangs is replaced as one that died", async () => {
  const [hanging] = store.controller.stores()[0]?.pids ?? [];

  process.kill(hanging ?? 0, "SIGSTOP");
  for (let left = 600; left > 0 && (await roles())["sessions-001"] !== "primary"; left -= 1) await delay(50);

  expect(await roles()).toEqual({ "sessions-001": "primary", "sessions-002": "replica" });
  const client = await store.client(await primaryName(), TOKEN);
  expect(await client.get("cart")).toBe("4 apples");
  client.destroy();
}, 40_000);

test("while no node answers none is ended, and all go on with what they held", async () => {
  for (let left = 200; left > 0 && store.controller.stores()[0]?.pids.length !== 2; left -= 1) await delay(20);
  const pids = store.controller.stores()[0]?.pids ?? [];
  const before = await roles();

  for (const pid of pids) process.kill(pid, "SIGSTOP");
  await delay(8_000);
  for (const pid of pids) process.kill(pid, "SIGCONT");

  expect(store.controller.stores()[0]?.pids).toEqual(pids);
  expect(await roles()).toEqual(before);
  const client = await store.client(await primaryName(), TOKEN);
  expect(await client.get("cart")).toBe("4 apples");
  client.destroy();
}, 40_000);

test("a replica is added and taken away again", async () => {
  await store.call("IncreaseReplicaCount", { ReplicationGroupId: "sessions", NewReplicaCount: "2", ApplyImmediately: "true" });
  expect((await store.available("sessions")).MemberClusters.ClusterId).toEqual(["sessions-001", "sessions-002", "sessions-003"]);

  await store.call("DecreaseReplicaCount", { ReplicationGroupId: "sessions", NewReplicaCount: "1", ApplyImmediately: "true" });

  expect((await store.available("sessions")).MemberClusters.ClusterId).toEqual(["sessions-001", "sessions-002"]);
  expect(store.networks.at(-1)).toEqual(["store-sessions-001", "store-sessions-002"]);
});

test.each([
  ["a group of that name exists", {}, "ReplicationGroupAlreadyExists"],
  ["the subnet group does not exist", { ReplicationGroupId: "b", CacheSubnetGroupName: "none" }, "CacheSubnetGroupNotFoundFault"],
  ["the parameter group does not exist", { ReplicationGroupId: "b", CacheParameterGroupName: "none" }, "CacheParameterGroupNotFound"],
  ["the token is short", { ReplicationGroupId: "b", AuthToken: "short" }, "InvalidParameterValue"],
  ["a failover has no replica", { ReplicationGroupId: "b", NumCacheClusters: "1" }, "InvalidParameterCombination"],
  ["it comes from a snapshot", { ReplicationGroupId: "b", SnapshotName: "nightly" }, "InvalidParameterValue"],
  ["it is a cluster of shards", { ReplicationGroupId: "b", NumNodeGroups: "3" }, "InvalidParameterValue"],
])("fails when %s", async (_, change, code) => {
  const answer = await store.call("CreateReplicationGroup", { ...SESSIONS, ...change });

  expect(answer.error.Code).toBe(code);
});

test("what a group uses cannot be deleted before it, and a deleted group leaves nothing", async () => {
  const { ARN } = await store.group("sessions");
  expect((await store.call("DeleteCacheParameterGroup", { CacheParameterGroupName: "sessions" })).error.Code).toBe("InvalidCacheParameterGroupState");
  expect((await store.call("DeleteCacheSubnetGroup", { CacheSubnetGroupName: "stores" })).error.Code).toBe("CacheSubnetGroupInUse");

  expect((await store.call("DeleteReplicationGroup", { ReplicationGroupId: "sessions" })).ReplicationGroup[0].Status).toBe("deleting");
  for (let left = 200; left > 0 && (await store.group("sessions")); left -= 1) await delay(20);

  expect((await store.call("DescribeReplicationGroups", { ReplicationGroupId: "sessions" })).error.Code).toBe("ReplicationGroupNotFoundFault");
  expect((await store.call("ListTagsForResource", { ResourceName: ARN })).error.Code).toBe("InvalidARN");
  expect([store.controller.enis(), store.controller.dnsRecords(), store.controller.stores()]).toEqual([[], new Map(), []]);
  expect(await store.call("DeleteCacheParameterGroup", { CacheParameterGroupName: "sessions" })).not.toHaveProperty("error");
  expect(await store.call("DeleteCacheSubnetGroup", { CacheSubnetGroupName: "stores" })).not.toHaveProperty("error");
  expect(store.failures).toEqual([]);
});
