import { SessionStore } from "../../infra/session-store";
import { only, record, type Recorded } from "./record";

let made: Recorded[];

beforeAll(async () => {
  const args = { vpcId: "vpc", subnetIds: ["private-a", "private-b"], kmsKeyArn: "arn:aws:kms:k", nodeType: "cache.t4g.micro", snapshotDays: 7 };
  made = await record(() => new SessionStore("sessions", args));
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
  expect(only(made, "random:index/randomPassword:RandomPassword", "sessions-token")).toEqual({ length: 64, special: false });
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
