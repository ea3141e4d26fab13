import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseConfig } from "../../infra/config";

interface ProjectFile {
  config: Record<string, { default: unknown; description: string }>;
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const project = parse(readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8")) as ProjectFile;
const defaults = Object.fromEntries(Object.entries(project.config).map(([key, { default: value }]) => [`nplus1:${key}`, text(value)]));
const plain = { ...defaults, "nplus1:plainHttp": "true" };

const stackFile = (stack: string): Record<string, string> => {
  const file = parse(readFileSync(join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(file.config).map(([key, value]) => [key, text(value)]));
};

test("every key has a description and a default that is allowed", () => {
  expect(Object.values(project.config).every(({ description, default: value }) => description.length > 10 && value !== undefined)).toBe(true);
  expect(parseConfig(plain)).toMatchObject({ n: 2, zones: 2, maxNodes: 6, clientCidrs: ["0.0.0.0/0"], plainHttp: true, app: "examples/shop" });
});

test.each(["dev", "staging", "prod", "lab"])("the stack file of %s has no faults", (stack) => {
  expect(() => parseConfig({ ...defaults, ...stackFile(stack) })).not.toThrow();
});

test("keys of other namespaces are left alone", () => {
  expect(() => parseConfig({ ...plain, "aws:region": "us-east-1" })).not.toThrow();
});

test.each([
  ["nplus1:n", "0", "nplus1:n: must be 1-99, got 0"],
  ["nplus1:n", "two", "nplus1:n: must be 1-99, got two"],
  ["nplus1:nodes", "3", "nplus1:nodes: must be one of app, n, "],
  ["nplus1:zones", "1", "nplus1:zones: must be 2-6, got 1"],
  [
    "nplus1:vpcCidr",
    "198.51.100.0/22",
    "nplus1:vpcCidr: must be inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, got 198.51.100.0/22",
  ],
  ["nplus1:hostedZoneId", "Z123", "nplus1:hostedZoneId: must be empty when domain is empty, got Z123"],
  ["nplus1:n", "1.5", "nplus1:n: must be 1-99, got 1.5"],
  ["nplus1:drainSeconds", "", "nplus1:drainSeconds: must be 0-3600, got "],
  ["nplus1:vpcCidr", "10.0.0.0/26", "nplus1:vpcCidr: must have a prefix of /16 to /23, got 10.0.0.0/26"],
  ["nplus1:maxNodes", "2", "nplus1:maxNodes: must be 0 or at least n+1 = 3, got 2"],
  ["nplus1:plainHttp", "false", "nplus1:plainHttp: must be true when neither domain nor certificateArn is set"],
  ["nplus1:plainHttp", "yes", "nplus1:plainHttp: must be true or false, got yes"],
  ["nplus1:domain", "shop.example.com", "nplus1:hostedZoneId: must be set when domain is set"],
  ["nplus1:domain", "Shop Example", "nplus1:domain: must be a domain name in lower case (at most 64 characters), or empty, got Shop Example"],
  ["nplus1:instanceType", "m5.large", "nplus1:instanceType: must be a Graviton (arm64) instance type like t4g.small, got m5.large"],
  ["nplus1:sessionLifetimeMinutes", "0", "nplus1:sessionLifetimeMinutes: must be 1-525600, got 0"],
  ["nplus1:sessionMemoryMiB", "4", "nplus1:sessionMemoryMiB: must be 8-65536, got 4"],
  ["nplus1:sessionMaxKiB", "8193", "nplus1:sessionMaxKiB: must be 1-8192, got 8193"],
  ["nplus1:sessionDurability", "disk", "nplus1:sessionDurability: must be memory or replica, got disk"],
  ["nplus1:sessionStoreTimeoutMs", "99", "nplus1:sessionStoreTimeoutMs: must be 100-30000, got 99"],
  ["nplus1:sessionWhenStoreAway", "", "nplus1:sessionWhenStoreAway: must be serve or refuse, got "],
  ["nplus1:sessionTokenGeneration", "-1", "nplus1:sessionTokenGeneration: must be 1-9999, got -1"],
  ["nplus1:alarmEmail", "ops", "nplus1:alarmEmail: must be an e-mail address, or empty, got ops"],
  ["nplus1:clientCidrs", "[]", 'nplus1:clientCidrs: must be a list of 1-30 different IPv4 blocks like ["0.0.0.0/0"], got []'],
  ["nplus1:clientCidrs", '["everyone"]', 'nplus1:clientCidrs: must be a list of 1-30 different IPv4 blocks like ["0.0.0.0/0"], got ["everyone"]'],
  [
    "nplus1:clientCidrs",
    '["10.0.0.0/8","10.0.0.0/8"]',
    'nplus1:clientCidrs: must be a list of 1-30 different IPv4 blocks like ["0.0.0.0/0"], got ["10.0.0.0/8","10.0.0.0/8"]',
  ],
  ["nplus1:clientCidrs", "everyone", 'nplus1:clientCidrs: must be a list of 1-30 different IPv4 blocks like ["0.0.0.0/0"], got everyone'],
  ["nplus1:stickinessSeconds", "604801", "nplus1:stickinessSeconds: must be 1-604800, got 604801"],
  ["nplus1:certificateArn", "arn:aws:iam::1:x", "nplus1:certificateArn: must be an ACM certificate's ARN, or empty, got arn:aws:iam::1:x"],
])("fails when %s is %s", (key, value, message) => {
  expect(() => parseConfig({ ...plain, [key]: value })).toThrow(message);
});

test("all faults are told at once, those of combinations too", () => {
  const faulty = {
    ...plain,
    "nplus1:n": "0",
    "nplus1:zones": "9",
    "nplus1:extra": "1",
    "nplus1:domain": "shop.example.com",
    "nplus1:vpcCidr": "ten",
  };
  expect(faultsOf(faulty)).toEqual([
    "nplus1:n: must be 1-99, got 0",
    "nplus1:zones: must be 2-6, got 9",
    expect.stringMatching(/^nplus1:extra: must be one of app, n, /) as string,
    "nplus1:vpcCidr: must be like 10.20.0.0/16, got ten",
    "nplus1:hostedZoneId: must be set when domain is set, got nothing",
    "nplus1:plainHttp: must be false when domain or certificateArn is set, got true",
  ]);
});

test("a certificate of one's own and a domain exclude each other", () => {
  const own = {
    "nplus1:certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "nplus1:domain": "a.example.com",
    "nplus1:hostedZoneId": "Z1",
  };
  expect(faultsOf({ ...defaults, ...own })).toEqual([
    "nplus1:certificateArn: must be empty when domain is set (a certificate is made for it), got arn:aws:acm:us-east-1:123456789012:certificate/1",
  ]);
});

test("fails when a key has no value at all", () => {
  const without = Object.entries(plain).filter(([key]) => key !== "nplus1:n");
  expect(faultsOf(Object.fromEntries(without))).toEqual(["nplus1:n: must be set (Pulumi.yaml has its default)"]);
});

/** The lines of the message, without its first. */
function faultsOf(all: Record<string, string>): string[] {
  try {
    parseConfig(all);
  } catch (error) {
    return (error as Error).message.split("\n  ").slice(1);
  }
  return [];
}
