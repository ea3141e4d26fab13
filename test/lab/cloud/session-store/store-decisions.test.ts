import fc from "fast-check";
import { mostAdvanced, parseInfo } from "../../../../lab/cloud/session-store/failover";
import { createdGroup, modifiedGroup, resizedGroup, rotatedTokens } from "../../../../lab/cloud/session-store/group-parameters";
import { hanging } from "../../../../lab/cloud/session-store/member";
import { findParameter, PARAMETERS, valueFault } from "../../../../lab/cloud/session-store/parameter-table";
import { structs, texts } from "../../../../lab/cloud/session-store/query-lists";
import { redisConfig } from "../../../../lab/cloud/session-store/redis-config";
import { endpoints, maxMemoryMib, placement } from "../../../../lab/cloud/session-store/store-group";

const MADE = { suffix: "abc123", at: "2026-11-24T00:00:00.000Z" };
const PARAMS = {
  ReplicationGroupId: "Sessions",
  Engine: "valkey",
  CacheNodeType: "cache.t4g.micro",
  CacheSubnetGroupName: "Stores",
  NumCacheClusters: "2",
  TransitEncryptionEnabled: "true",
};

test.each([
  [["a"], "b", "ROTATE", ["b", "a"]],
  [["b", "a"], "c", "ROTATE", ["c", "b"]],
  [["b", "a"], "b", "ROTATE", ["b", "a"]],
  [["b", "a"], "b", "SET", ["b"]],
  [[], "a", "SET", ["a"]],
  [["b", "a"], undefined, "ROTATE", ["b", "a"]],
])("tokens %j with %s by %s are %j", (tokens, token, strategy, expected) => {
  expect(rotatedTokens(tokens, token, strategy)).toEqual(expected);
});

test.each([
  [["b", "a"], "c", "SET", "AuthToken: must be the one that was rotated in last when AuthTokenUpdateStrategy is SET"],
  [["a"], "b", "SET", "AuthToken: must be the one that was rotated in last when AuthTokenUpdateStrategy is SET"],
  [[], "a", "ROTATE", "AuthTokenUpdateStrategy: must be SET in the lab for a group's first token, got ROTATE"],
  [["a"], undefined, "DELETE", "AuthTokenUpdateStrategy: DELETE leads to user groups, which the lab has not"],
  [["a"], "b", "SWAP", "AuthTokenUpdateStrategy: must be SET, ROTATE or DELETE, got SWAP"],
])("fails when tokens %j get %s by %s", (tokens, token, strategy, message) => {
  expect(() => rotatedTokens(tokens, token, strategy)).toThrow(message);
});

test("however often it is rotated, the last token and the one before it open, and no other", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 8 }), ([first = "", ...later]) => {
      let tokens: readonly string[] = [first];
      for (const [index, token] of later.entries()) {
        tokens = rotatedTokens(tokens, token, "ROTATE");
        expect(tokens).toEqual([token, later[index - 1] ?? first]);
      }
    }),
  );
});

test.each([
  [
    "one hangs and another has answered throughout",
    [
      [0, 3],
      [9, 0],
    ],
    [0],
  ],
  [
    "none answers",
    [
      [0, 5],
      [0, 5],
    ],
    [],
  ],
  [
    "one has just begun to answer again",
    [
      [0, 5],
      [2, 0],
    ],
    [],
  ],
  [
    "one missed a look or two",
    [
      [0, 2],
      [9, 0],
    ],
    [],
  ],
])("when %s, looks %j end %j", (_, looks, ended) => {
  const members = looks.map(([answered = 0, missed = 0], index) => ({ answered, missed, index }));
  expect(hanging(members).map(({ index }) => index)).toEqual(ended);
});

test("a group has ElastiCache's defaults", () => {
  expect(createdGroup(PARAMS, MADE)).toMatchObject({
    id: "sessions",
    engineVersion: "8.0",
    parameterGroupName: "default.valkey8",
    subnetGroupName: "stores",
    port: 6379,
    atRestEncryption: true,
    automaticFailover: false,
    snapshotRetentionDays: 0,
    authTokens: [],
  });
});

test("a modification changes what it names and nothing else", () => {
  const group = createdGroup(PARAMS, MADE);

  expect(modifiedGroup(group, { CacheNodeType: "cache.t4g.small" }, MADE.at)).toEqual({ ...group, nodeType: "cache.t4g.small" });
  expect(modifiedGroup(group, {}, MADE.at)).toEqual(group);
});

test.each([
  [{ TransitEncryptionEnabled: "false", AuthToken: "0123456789abcdef" }, "AuthToken: needs TransitEncryptionEnabled"],
  [{ MultiAZEnabled: "true" }, "MultiAZEnabled: needs AutomaticFailoverEnabled"],
  [{ NumCacheClusters: "7" }, "NumCacheClusters: must be 1-6, got 7"],
  [{ ReplicationGroupId: "a--b" }, "ReplicationGroupId: must be 1-40 letters, digits or single dashes, got a--b"],
  [{ Engine: "memcached" }, "Engine: must be valkey or redis, got memcached"],
])("fails when created with %j", (change, message) => {
  expect(() => createdGroup({ ...PARAMS, ...change }, MADE)).toThrow(message);
});

test("fails when replicas are increased to what there is", () => {
  expect(() => resizedGroup(createdGroup(PARAMS, MADE), 1, "increase")).toThrow("NewReplicaCount: must increase the 1 replicas, got 1");
});

test("names are ElastiCache's, with and without TLS", () => {
  const tls = endpoints({ id: "s", suffix: "abc123", transitEncryption: true });
  const plain = endpoints({ id: "s", suffix: "abc123", transitEncryption: false });

  expect([tls.primary, tls.reader, tls.node("s-001")]).toEqual([
    "master.s.abc123.use1.cache.amazonaws.com",
    "replica.s.abc123.use1.cache.amazonaws.com",
    "s-001.s.abc123.use1.cache.amazonaws.com",
  ]);
  expect([plain.primary, plain.reader, plain.node("s-001")]).toEqual([
    "s.abc123.ng.0001.use1.cache.amazonaws.com",
    "s-ro.abc123.ng.0001.use1.cache.amazonaws.com",
    "s-001.abc123.0001.use1.cache.amazonaws.com",
  ]);
});

test("nodes are spread over the zones of the subnet group, or go where they were asked for", () => {
  const subnets = ["b", "a"].map((zone) => ({ id: `subnet-${zone}`, zone, cidr: "10.0.0.0/24" }));

  expect([0, 1, 2].map((index) => placement({ id: "s", preferredZones: [] }, subnets, index).zone)).toEqual(["a", "b", "a"]);
  expect(placement({ id: "s", preferredZones: ["b"] }, subnets, 0).zone).toBe("b");
  expect(() => placement({ id: "s", preferredZones: ["c"] }, subnets, 0)).toThrow("s: must have a subnet in c in its cache subnet group, got a, b");
});

test("a node may use what its type has without the reserved part, and never more than the lab has", () => {
  expect([maxMemoryMib("cache.t4g.micro", 25), maxMemoryMib("cache.r7g.large", 25), maxMemoryMib("cache.unknown", 50)]).toEqual([384, 384, 256]);
});

test("the replica with the most of the primary's data is promoted, and never one that does not answer", () => {
  const offsets = fc.array(fc.option(fc.nat(), { nil: undefined }), { maxLength: 5 });
  fc.assert(
    fc.property(offsets, (all) => {
      const replicas = all.map((offset, index) => ({ id: String(index), offset }));
      const promoted = replicas.find(({ id }) => id === mostAdvanced(replicas));
      const answering = all.filter((offset) => offset !== undefined);
      expect(promoted?.offset).toBe(answering.length === 0 ? undefined : Math.max(...answering));
    }),
  );
});

test("INFO is read as keys and values", () => {
  expect(parseInfo("# Replication\r\nrole:slave\r\nslave_repl_offset:42\r\n")).toEqual(
    new Map([
      ["role", "slave"],
      ["slave_repl_offset", "42"],
    ]),
  );
});

test("every parameter's default is a value it allows", () => {
  expect(PARAMETERS.flatMap((one) => (valueFault(one, one.byDefault) === undefined ? [] : [one.name]))).toEqual([]);
});

test.each([
  ["timeout", "0", undefined],
  ["timeout", "5", "must be a whole number in 0,20-4294967295"],
  ["slowlog-log-slower-than", "-1", undefined],
  ["maxmemory-policy", "allkeys-lru", undefined],
  [
    "maxmemory-policy",
    "lru",
    "must be one of volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction",
  ],
  ["notify-keyspace-events", "Kgx", undefined],
  ["notify-keyspace-events", "?", "must be made of the letters KEg$lszxeAtdmn"],
])("parameter %s with %s: %s", (name, value, fault) => {
  const parameter = findParameter(name);

  expect(parameter && valueFault(parameter, value)).toBe(fault);
});

test("lists of the query protocol are read whatever their members are called", () => {
  const params = { "Tags.Tag.1.Key": "a", "Tags.Tag.1.Value": "1", "Tags.Tag.2.Key": "b", "TagKeys.member.1": "x", "TagKeys.member.2": "y" };

  expect(structs(params, "Tags")).toEqual([{ Key: "a", Value: "1" }, { Key: "b" }]);
  expect([texts(params, "TagKeys"), texts(params, "SubnetIds")]).toEqual([["x", "y"], undefined]);
});

test("a replica is this configuration", () => {
  const group = { ...createdGroup(PARAMS, MADE), authTokens: ["0123456789abcdef"] };
  const place = { folder: "/run/s-002", socket: "/run/s-002.sock", bind: "10.0.0.5", labSecret: "secret", primaryIp: "10.0.0.4" };

  expect(
    redisConfig(
      group,
      new Map([
        ["notify-keyspace-events", ""],
        ["databases", "16"],
        ["reserved-memory-percent", "25"],
      ]),
      place,
    ),
  ).toMatchSnapshot();
});
