import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AutoScalingClient, CompleteLifecycleActionCommand } from "@aws-sdk/client-auto-scaling";
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateRuleCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateReplicationGroupCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { type Call, changesSomething, recognise } from "../../../../lab/cloud/endpoint/recognise";

let upstream: Server;
let endpoint: string;
const seen: Call[] = [];

beforeAll(async () => {
  upstream = createServer(async (incoming, outgoing) => {
    seen.push(recognise({ method: incoming.method ?? "", headers: incoming.headers }, await text(incoming)));
    outgoing.writeHead(400).end();
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  endpoint = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
});

afterAll(async () => {
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

const settings = () => ({ endpoint, region: "us-east-1", maxAttempts: 1, credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" } });

test.each<[string, string, boolean, () => Promise<unknown>]>([
  ["ec2", "RunInstances", true, () => new EC2Client(settings()).send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1 }))],
  [
    "autoscaling",
    "CompleteLifecycleAction",
    true,
    () =>
      new AutoScalingClient(settings()).send(
        new CompleteLifecycleActionCommand({ AutoScalingGroupName: "shop", LifecycleHookName: "ready", LifecycleActionResult: "CONTINUE" }),
      ),
  ],
  [
    "elasticloadbalancing",
    "CreateRule",
    true,
    () => new ElasticLoadBalancingV2Client(settings()).send(new CreateRuleCommand({ ListenerArn: "arn", Priority: 1, Conditions: [], Actions: [] })),
  ],
  [
    "elasticache",
    "CreateReplicationGroup",
    true,
    () =>
      new ElastiCacheClient(settings()).send(
        new CreateReplicationGroupCommand({ ReplicationGroupId: "sessions", ReplicationGroupDescription: "sessions" }),
      ),
  ],
  [
    "iam",
    "PutRolePolicy",
    true,
    () => new IAMClient(settings()).send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "p", PolicyDocument: "{}" })),
  ],
  ["kms", "CreateKey", true, () => new KMSClient(settings()).send(new CreateKeyCommand({}))],
  ["secretsmanager", "GetSecretValue", false, () => new SecretsManagerClient(settings()).send(new GetSecretValueCommand({ SecretId: "s" }))],
  ["ssm", "GetParameter", false, () => new SSMClient(settings()).send(new GetParameterCommand({ Name: "/p" }))],
  [
    "sts",
    "AssumeRole",
    false,
    () => new STSClient(settings()).send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "session" })),
  ],
  ["s3", "PUT", true, () => new S3Client({ ...settings(), forcePathStyle: true }).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" }))],
  ["s3", "GET", false, () => new S3Client({ ...settings(), forcePathStyle: true }).send(new GetObjectCommand({ Bucket: "b", Key: "k" }))],
])("recognises %s %s as the SDK sends it", async (service, action, changes, send) => {
  seen.length = 0;
  await send().catch(() => undefined);

  expect(seen).toEqual([expect.objectContaining({ service, action })]);
  expect(seen.map(changesSomething)).toEqual([changes]);
});
