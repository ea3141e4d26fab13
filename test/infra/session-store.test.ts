import * as pulumi from "@pulumi/pulumi";
import { SessionStore } from "../../infra/session-store";
import { only, record, type Recorded, resource } from "./record";

let made: Recorded[];

const program = (tokenGeneration = 1, nodes = 2) => {
  const place = { vpcId: "vpc", subnetIds: ["private-a", "private-b"], kmsKeyArn: "arn:aws:kms:k" };
  return new SessionStore("sessions", { ...place, nodeType: "cache.t4g.micro", nodes, snapshotDays: 7, tokenGeneration });
};

beforeAll(async () => {
  made = await record(() => program());
});

test("the store has a primary and a replica in two zones, by TLS with a token, encrypted and snapshotted", () => {
  expect(only(made, "aws:elasticache/replicationGroup:ReplicationGroup", "sessions")).toEqual({
    description: "sessions and registry",
    engine: "valkey",
    engineVersion: "8.1",
    autoMinorVersionUpgrade: false,
    nodeType: "cache.t4g.micro",
    numCacheClusters: 2,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    port: 6379,
    subnetGroupName: "sessions-1234567",
    securityGroupIds: ["sessions-id"],
    parameterGroupName: "sessions-1234567",
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    authToken: expect.objectContaining({ value: "a-token-that-is-not-one" }) as object,
    authTokenUpdateStrategy: "ROTATE",
    atRestEncryptionEnabled: true,
    kmsKeyId: "arn:aws:kms:k",
    snapshotRetentionLimit: 7,
    applyImmediately: true,
  });
});

test("a full store refuses to write rather than forget a session", () => {
  expect(only(made, "aws:elasticache/parameterGroup:ParameterGroup", "sessions")).toEqual({
    description: "sessions expire, they are not evicted unseen",
    family: "valkey8",
    parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
  });
});

test("the token has characters that ElastiCache takes, and is kept as a secret under the stack's key", () => {
  expect(only(made, "random:index/randomPassword:RandomPassword", "sessions-token")).toEqual({
    length: 64,
    special: false,
    keepers: { generation: "1" },
  });
  expect(only(made, "aws:secretsmanager/secret:Secret", "sessions-token")).toEqual({
    description: "AUTH token of the session store",
    kmsKeyId: "arn:aws:kms:k",
  });
  expect(only(made, "aws:secretsmanager/secretVersion:SecretVersion", "sessions-token").secretId).toBe("sessions-token-id");
});

test("the store is in the private subnets, in a group of its own without rules inside it", () => {
  expect(only(made, "aws:elasticache/subnetGroup:SubnetGroup", "sessions")).toEqual({
    description: "private subnets",
    subnetIds: ["private-a", "private-b"],
  });
  expect(only(made, "aws:ec2/securityGroup:SecurityGroup", "sessions")).toEqual({ vpcId: "vpc", description: "nodes to the session store" });
});

test("another generation makes another token, and nothing else is told anew", async () => {
  const later = await record(() => program(2));
  const changed = later.filter((one) => JSON.stringify(one.inputs) !== JSON.stringify(resource(made, one.type, one.name).inputs));
  expect(changed.map(({ type, name, inputs }) => [type, name, inputs.keepers])).toEqual([
    ["random:index/randomPassword:RandomPassword", "sessions-token", { generation: "2" }],
  ]);
});

test("a token is told to nodes only when the store takes it", () => {
  const { dependsOn } = resource(made, "aws:secretsmanager/secretVersion:SecretVersion", "sessions-token");
  expect(dependsOn).toContain(resource(made, "aws:elasticache/replicationGroup:ReplicationGroup", "sessions").urn);
});

test("its nodes have the names that ElastiCache gives them", async () => {
  let ids: string[] = [];
  await record(async () => {
    const { memberIds } = program(1, 3);
    ids = await new Promise((done) => pulumi.all(memberIds).apply(done));
  });
  expect(ids).toEqual(["sessions-id-001", "sessions-id-002", "sessions-id-003"]);
});
