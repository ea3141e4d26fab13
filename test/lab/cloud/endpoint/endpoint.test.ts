import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { AutoScalingClient, DescribeAutoScalingGroupsCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { AllocateAddressCommand, EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AwsError } from "../../../../lab/cloud/aws-error";
import { type Answer, Endpoint } from "../../../../lab/cloud/endpoint/endpoint";
import { jsonAnswer, type ServiceAnswer } from "../../../../lab/cloud/endpoint/service-answer";
import { asAnswers } from "../../../../lab/cloud/query-protocol";

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let upstream: Server;
let door: Server;
let url: string;
let received: Received[];
let passed: string[];
let before: string[];
/** What the upstream answers with; undefined: it breaks the connection. */
let reply: { status: number; body: string } | undefined;

const answers: Record<string, Answer> = asAnswers("http://autoscaling.amazonaws.com/doc/2011-01-01/", {
  DescribeAutoScalingGroups: async () => "<AutoScalingGroups></AutoScalingGroups>",
  SetDesiredCapacity: async ({ DesiredCapacity }) => {
    if (Number(DesiredCapacity) > 6) throw new AwsError("ValidationError", "too many & more");
    return "";
  },
});

/** Answers what it knows; the rest is moto's. */
const ownParameter: ServiceAnswer = async ({ headers, body }) =>
  headers["x-amz-target"] === "AmazonSSM.PutParameter"
    ? jsonAnswer(200, { Version: (JSON.parse(body.toString()) as { Value: string }).Value.length })
    : undefined;

beforeEach(async () => {
  received = [];
  passed = [];
  before = [];
  reply = { status: 200, body: "<Answer/>" };
  upstream = createServer(async (incoming, outgoing) => {
    received.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body: await buffer(incoming) });
    if (reply) outgoing.writeHead(reply.status, { "content-type": "text/xml" }).end(reply.body);
    else outgoing.destroy();
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const endpoint = new Endpoint({
    moto: { host: "127.0.0.1", port: (upstream.address() as AddressInfo).port },
    answers: { autoscaling: answers },
    services: { ssm: ownParameter },
    before: async ({ service, action }) => void before.push(`${service} ${action}`),
    rewrite: (call): Record<string, string> => (call.action === "AllocateAddress" ? { Address: "198.51.100.10" } : {}),
    s3: () => undefined,
    passed: (call) => passed.push(`${call.service} ${call.action}`),
    own: (incoming, outgoing) => void outgoing.end(`own ${incoming.url}`),
  });
  door = createServer(endpoint.forMachine).listen(0, "127.0.0.1");
  await once(door, "listening");
  url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const server of [door, upstream]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const settings = () => ({ endpoint: url, region: "us-east-1", maxAttempts: 1, credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" } });

test("an own answer goes before moto's, and only a change is passed on", async () => {
  const client = new AutoScalingClient(settings());
  expect((await client.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups).toEqual([]);
  await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "shop", DesiredCapacity: 3 }));

  expect(received).toEqual([]);
  expect(passed).toEqual(["autoscaling SetDesiredCapacity"]);
});

test("an own refusal is the service's error, and nothing changed", async () => {
  const refused = new AutoScalingClient(settings()).send(new SetDesiredCapacityCommand({ AutoScalingGroupName: "shop", DesiredCapacity: 7 }));

  await expect(refused).rejects.toMatchObject({ name: "ValidationError", message: "too many & more", $fault: "client" });
  expect(passed).toEqual([]);
});

test("everything else reaches moto byte for byte, under the host name that was asked", async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
  await new S3Client({ ...settings(), forcePathStyle: true }).send(new PutObjectCommand({ Bucket: "b", Key: "a key+%", Body: bytes }));

  expect(received.map(({ method, url: path }) => [method, path])).toEqual([["PUT", "/b/a%20key%2B%25?x-id=PutObject"]]);
  expect(received[0]?.headers.host).toBe(new URL(url).host);
  expect(received[0]?.body.equals(bytes)).toBe(true);
  expect(passed).toEqual(["s3 PUT"]);
});

test("an Elastic IP is asked for by an address that the lab can route", async () => {
  await new EC2Client(settings()).send(new AllocateAddressCommand({ Domain: "vpc" })).catch(() => undefined);

  expect(new URLSearchParams(received[0]?.body.toString()).get("Address")).toBe("198.51.100.10");
});

test("moto's refusal is passed back as it is, and is no change", async () => {
  reply = { status: 400, body: "<Response><Errors><Error><Code>AddressLimitExceeded</Code><Message>no more</Message></Error></Errors></Response>" };

  await expect(new EC2Client(settings()).send(new AllocateAddressCommand({}))).rejects.toMatchObject({ name: "AddressLimitExceeded" });
  expect(passed).toEqual([]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ["the query protocol", () => new IAMClient(settings()).send(new ListRolesCommand({})), "InternalFailure"],
  ["EC2's", () => new EC2Client(settings()).send(new AllocateAddressCommand({})), "InternalFailure"],
  ["JSON", () => new SSMClient(settings()).send(new GetParameterCommand({ Name: "/p" })), "InternalFailure"],
  [
    "S3's",
    () => new S3Client({ ...settings(), forcePathStyle: true }).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" })),
    "InternalError",
  ],
])("a moto that does not answer is an internal error in %s protocol", async (_, call, code) => {
  reply = undefined;
  const log = jest.spyOn(process.stderr, "write").mockReturnValue(true);

  await expect(call()).rejects.toMatchObject({ name: code, message: "the lab's endpoint failed; see its log" });
  expect(log).toHaveBeenCalledTimes(1);
  log.mockRestore();
});

test("a service that answers whole requests leaves to moto what it does not answer", async () => {
  const client = new SSMClient(settings());
  expect(await client.send(new PutParameterCommand({ Name: "/p", Value: "four" }))).toMatchObject({ Version: 4 });
  expect([received, passed, before]).toEqual([[], ["ssm PutParameter"], []]);

  await client.send(new GetParameterCommand({ Name: "/p" })).catch(() => undefined);
  expect(JSON.parse(received[0]?.body.toString() ?? "")).toEqual({ Name: "/p" });
  expect(before).toEqual(["ssm GetParameter"]);
});

test("the lab's own paths answer on this machine's side", async () => {
  expect(await (await fetch(`${url}/_lab/status`)).text()).toBe("own /_lab/status");
});
