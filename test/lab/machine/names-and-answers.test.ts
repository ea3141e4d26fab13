import { encode, decode, type Packet } from "dns-packet";
import { contains, linkAddresses, nthAddress, parseCidr, toAddress, toNumber } from "../../../lab/machine/addresses";
import { serverConfig } from "../../../lab/machine/certificate-authority";
import { answerQuery } from "../../../lab/machine/dns-answer";
import { execCommand } from "../../../lab/machine/exec-command";
import { parseNsPids } from "../../../lab/machine/host-pid";
import { answerImds } from "../../../lab/machine/imds-answer";
import { type InstanceMetadata, metadataFiles, readMetadata } from "../../../lab/machine/instance-metadata";
import { lockedFlags } from "../../../lab/machine/mount-flags";
import { macAddress } from "../../../lab/machine/names";
import { services } from "./sample-network";

test("addresses and CIDRs", () => {
  expect(toAddress(toNumber("203.0.113.80"))).toBe("203.0.113.80");
  expect(nthAddress("10.0.2.0/24", 1)).toBe("10.0.2.1");
  expect(parseCidr("10.0.2.77/24")).toEqual({ base: toNumber("10.0.2.0"), prefix: 24 });
  expect(contains("10.0.2.0/24", "10.0.3.0")).toBe(false);
  expect(contains("0.0.0.0/0", "255.255.255.255")).toBe(true);
  expect(linkAddresses(1)).toEqual({ aws: "169.254.0.5", router: "169.254.0.6" });
  expect(linkAddresses(8191).router).toBe("169.254.127.254");
  expect(() => toNumber("10.0.0.256")).toThrow("address: must be four numbers 0-255 with dots, got 10.0.0.256");
  expect(() => parseCidr("10.0.0.0/33")).toThrow("cidr: must be ADDRESS/0-32, got 10.0.0.0/33");
  expect(macAddress("eni-1")).toMatch(/^02(:[0-9a-f]{2}){5}$/);
});

describe("the resolver", () => {
  const records = new Map([["lb-1.us-east-1.elb.amazonaws.com", ["10.0.0.1", "10.0.1.1"]]]);
  const ask = (name: string, type: "A" | "AAAA" | "MX" = "A"): Packet => {
    const query = decode(encode({ type: "query", id: 7, flags: 256, questions: [{ type, name }] }));
    return decode(encode(answerQuery(query, records, services)));
  };
  const addresses = (packet: Packet) => packet.answers?.map((answer) => (answer.type === "A" ? answer.data : answer.type));

  test.each([
    ["s3.us-east-1.amazonaws.com", ["52.216.0.10"]],
    ["a.b-bucket.s3.us-east-1.amazonaws.com", ["52.216.0.10"]],
    ["bucket.s3.amazonaws.com", ["52.216.0.10"]],
    ["dynamodb.eu-central-1.amazonaws.com", ["52.94.0.10"]],
    ["SecretsManager.us-east-1.amazonaws.com", ["52.119.0.10"]],
    ["iam.amazonaws.com", ["52.119.0.10"]],
    ["LB-1.us-east-1.elb.amazonaws.com", ["10.0.0.1", "10.0.1.1"]],
  ])("knows %s", (name, expected) => {
    const answer = ask(name);
    expect(addresses(answer)).toEqual(expected);
    expect(answer).toMatchObject({ id: 7, type: "response", rcode: "NOERROR", flag_rd: true, flag_ra: true });
  });

  test.each([
    "example.org",
    "lb-2.us-east-1.elb.amazonaws.com",
    "x.use1.cache.amazonaws.com",
    "amazonaws.com",
    "s3.us-east-1.amazonaws.com.evil.org",
  ])("does not know %s", (name) => {
    expect(ask(name)).toMatchObject({ rcode: "NXDOMAIN", answers: [] });
  });

  test("has no other records of a name it knows", () => {
    expect(ask("s3.us-east-1.amazonaws.com", "AAAA")).toMatchObject({ rcode: "NOERROR", answers: [] });
    expect(ask("s3.us-east-1.amazonaws.com", "MX")).toMatchObject({ rcode: "NOERROR", answers: [] });
  });

  test("refuses what is not a query of one question", () => {
    expect(answerQuery({ type: "query", id: 1, questions: [] }, records, services).flags).toBe(0x81);
    expect(answerQuery({ type: "query", id: 1, flags: 0x2800, questions: [{ type: "A", name: "x" }] }, records, services).flags).toBe(0x84);
  });
});

const metadata: InstanceMetadata = {
  instanceId: "i-1",
  amiId: "ami-1",
  instanceType: "t4g.small",
  localIpv4: "10.0.2.5",
  mac: "02:00:00:00:00:01",
  hostName: "ip-10-0-2-5.ec2.internal",
  region: "us-east-1",
  availabilityZone: "us-east-1a",
  accountId: "123456789012",
  architecture: "arm64",
  role: { name: "node", accessKeyId: "A", secretAccessKey: "S", token: "T", expiration: new Date(7_200_000), lastUpdated: new Date(0) },
  tags: { Name: "web" },
  targetLifecycleState: "InService",
  launchedAt: "2026-11-24T00:00:00Z",
};

describe("the metadata service", () => {
  const key = Buffer.from("key");
  const ask = (method: string, path: string, headers: Record<string, string> = {}, now = 0) =>
    answerImds({ method, path, headers }, () => metadataFiles(metadata, "#!/bin/sh\n"), key, now);
  const tokenFor = (ttl: number) => ask("PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": String(ttl) });
  const token = { "x-aws-ec2-metadata-token": tokenFor(60).body };

  test.each([
    ["PUT", "/latest/api/token", {}, 400],
    ["PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "0" }, 400],
    ["PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "21601" }, 400],
    ["PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "60", "x-forwarded-for": "1.2.3.4" }, 403],
    ["PUT", "/latest/api/token", { "x-aws-ec2-metadata-token-ttl-seconds": "21600" }, 200],
    ["PUT", "/latest/meta-data/", token, 405],
    ["POST", "/latest/meta-data/", token, 405],
    ["GET", "/latest/meta-data/instance-id", {}, 401],
    ["GET", "/latest/meta-data/instance-id", { "x-aws-ec2-metadata-token": "nonsense" }, 401],
    ["GET", "/latest/meta-data/instance-id", token, 200],
    ["GET", "/2021-01-03/meta-data/instance-id", token, 200],
    ["GET", "/latest/meta-data/nothing", token, 404],
    ["GET", "/nothing", token, 404],
  ] as [string, string, Record<string, string>, number][])("%s %s with %j is %i", (method, path, headers, status) => {
    expect(ask(method, path, headers).status).toBe(status);
  });

  test("a token holds for its time", () => {
    expect(ask("GET", "/latest/meta-data/instance-id", token, 59_999).status).toBe(200);
    expect(ask("GET", "/latest/meta-data/instance-id", token, 60_000).status).toBe(401);
  });

  test.each([
    ["meta-data/placement/", "availability-zone\nregion"],
    ["meta-data/iam/security-credentials/", "node"],
    ["meta-data/iam/", "security-credentials/"],
    ["meta-data/tags/instance/Name", "web"],
    ["meta-data/autoscaling/target-lifecycle-state", "InService"],
    ["user-data", "#!/bin/sh\n"],
    ["", "dynamic/\nmeta-data/\nuser-data"],
  ])("%s is %j", (path, content) => {
    expect(readMetadata(metadataFiles(metadata, "#!/bin/sh\n"), path)).toBe(content);
  });

  test("credentials and the identity document are JSON as on EC2", () => {
    const files = metadataFiles(metadata, "");
    expect(JSON.parse(files.get("meta-data/iam/security-credentials/node") ?? "")).toEqual({
      Code: "Success",
      LastUpdated: "1970-01-01T00:00:00Z",
      Type: "AWS-HMAC",
      AccessKeyId: "A",
      SecretAccessKey: "S",
      Token: "T",
      Expiration: "1970-01-01T02:00:00Z",
    });
    expect(JSON.parse(files.get("dynamic/instance-identity/document") ?? "")).toMatchObject({
      instanceId: "i-1",
      region: "us-east-1",
      privateIp: "10.0.2.5",
    });
    expect(files.has("user-data")).toBe(false);
  });
});

test("a command on a node enters all its namespaces, the ordinary user's own first", () => {
  const tail = [
    "--mount",
    "--uts",
    "--net",
    "--pid",
    "--",
    "/usr/bin/env",
    "-i",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=C.UTF-8",
    "ls",
  ];
  expect(execCommand(42, ["ls"], { rootless: false })).toEqual(["nsenter", "--target=42", ...tail]);
  expect(execCommand(42, ["ls"], { rootless: true })).toEqual(["nsenter", "--target=42", "--user", "--preserve-credentials", ...tail]);
});

test("process ids are read from the host inwards", () => {
  expect(parseNsPids("Name:\tx\nNSpid:\t310\t12\t1\nNSsid:\t0\n")).toEqual([310, 12, 1]);
  expect(parseNsPids("Name:\tx\n")).toEqual([]);
});

test("a mount keeps the flags that the kernel locks", () => {
  const info =
    "1 0 8:1 / / rw,relatime - ext4 x rw\n2 1 8:2 / /home rw,nosuid,nodev,noatime - ext4 y rw\n3 1 8:3 / /my\\040disk ro,noexec - ext4 z ro";
  expect(lockedFlags(info, "/usr")).toEqual(["relatime"]);
  expect(lockedFlags(info, "/home/a")).toEqual(["nosuid", "nodev", "noatime"]);
  expect(lockedFlags(info, "/homework")).toEqual(["relatime"]);
  expect(lockedFlags(info, "/my disk/x")).toEqual(["noexec"]);
});

test("a certificate has its names and addresses as alternatives", () => {
  expect(serverConfig(["*.s3.us-east-1.amazonaws.com", "127.0.0.1"])).toContain("subjectAltName = DNS:*.s3.us-east-1.amazonaws.com,IP:127.0.0.1\n");
});
