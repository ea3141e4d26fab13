import { z } from "zod";
import { parseCidr } from "./cidr";
import { allocateSubnets } from "./subnets";

/** The namespace of this program's keys in Pulumi.<stack>.yaml. */
const NAMESPACE = "nplus1:";

const matching = (pattern: RegExp, what: string) =>
  z.string().refine((text) => pattern.test(text), { error: (issue) => `must be ${what}, got ${String(issue.input)}` });

const integer = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^-?\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: (issue) => `must be ${least}-${most}, got ${String(issue.input)}`,
    })
    .transform(Number);

const oneOf = <Word extends string>(...words: readonly Word[]) =>
  z.enum(words, { error: (issue) => `must be ${words.join(" or ")}, got ${String(issue.input)}` });

const flag = oneOf("true", "false").transform((text) => text === "true");

/** Two ports for each, and a security group has 60 rules. @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MOST_CLIENT_CIDRS = 30;

/** A list arrives as JSON. */
const clientCidrs = z.string().transform((text, context): string[] => {
  try {
    return z.array(z.string()).min(1).max(MOST_CLIENT_CIDRS).refine(areDifferentBlocks).parse(JSON.parse(text));
  } catch {
    context.addIssue(`must be a list of 1-${MOST_CLIENT_CIDRS} different IPv4 blocks like ["0.0.0.0/0"], got ${text}`);
    return z.NEVER;
  }
});

/** @throws for what is no block. */
const areDifferentBlocks = (blocks: string[]): boolean => new Set(blocks.map((block) => parseCidr(block) && block)).size === blocks.length;

/** Every key, with its unit in its name and its range; Pulumi.yaml has the defaults and says what each is for. */
const keys = z.strictObject({
  app: matching(/\S/, "the path of the application's folder"),
  n: integer(1, 99),
  vpcCidr: z.string(),
  zones: integer(2, 6),
  // 64: what a certificate's common name can hold.
  domain: matching(
    /^$|^(?=.{1,64}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    "a domain name in lower case (at most 64 characters), or empty",
  ),
  hostedZoneId: matching(/^$|^[A-Z0-9]{1,32}$/, "a Route 53 zone's id like Z0123456789ABC, or empty"),
  certificateArn: matching(/^$|^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/, "an ACM certificate's ARN, or empty"),
  plainHttp: flag,
  clientCidrs,
  stickinessSeconds: integer(1, 604_800),
  drainSeconds: integer(0, 3600),
  deletionProtection: flag,
  instanceType: matching(/^[a-z]+\d+g[a-z]*\.(nano|micro|small|medium|large|\d*xlarge|metal)$/, "a Graviton (arm64) instance type like t4g.small"),
  rootVolumeGiB: integer(8, 16_384),
  maxNodes: integer(0, 200),
  cpuTargetPercent: integer(10, 90),
  readyTimeoutSeconds: integer(60, 3600),
  sessionNodeType: matching(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "an ElastiCache node type like cache.t4g.micro"),
  sessionSnapshotDays: integer(0, 35),
  sessionLifetimeMinutes: integer(1, 525_600),
  sessionMemoryMiB: integer(8, 65_536),
  sessionMaxKiB: integer(1, 8192),
  sessionDurability: oneOf("memory", "replica"),
  sessionStoreTimeoutMs: integer(100, 30_000),
  sessionWhenStoreAway: oneOf("serve", "refuse"),
  sessionTokenGeneration: integer(1, 9999),
  alarmEmail: matching(/^$|^[^\s@"<>]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,63}$/, "an e-mail address, or empty"),
  protectEgress: flag,
  retainData: flag,
  logDays: integer(1, 3650),
  backupDays: integer(1, 3650),
});

type Keys = z.infer<typeof keys>;

export type StackConfig = Readonly<Keys>;

/**
 * The stack's configuration out of all of Pulumi's (`namespace:key` → text); other namespaces are left alone.
 * @throws Error that lists every fault: the key, what is allowed and what was found.
 */
export function parseConfig(all: Readonly<Record<string, string>>): StackConfig {
  const own = Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(NAMESPACE))
      .map(([key, value]) => [key.slice(NAMESPACE.length), value]),
  );
  const result = keys.safeParse(own);
  const faults = [...(result.error?.issues.flatMap(describe) ?? []), ...combinationFaults(result.data ?? validPart(own))];
  if (!result.success || faults.length > 0)
    throw new Error(["the stack's configuration has faults:", ...faults.map((fault) => NAMESPACE + fault)].join("\n  "));
  return { ...result.data, maxNodes: result.data.maxNodes || 2 * (result.data.n + 1) };
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: must be one of ${Object.keys(keys.shape).join(", ")}`);
  const missing = issue.code === "invalid_type";
  return [`${issue.path.join(".")}: ${missing ? "must be set (Pulumi.yaml has its default)" : issue.message}`];
}

/** Of a configuration with faults, the keys without: what is wrong with their combination is told at once too. */
function validPart(own: Record<string, string>): Partial<Keys> {
  const parsed = Object.entries(keys.shape).map(([key, schema]) => [key, schema.safeParse(own[key]).data] as const);
  return Object.fromEntries(parsed);
}

function combinationFaults({ vpcCidr, zones = 2, n, maxNodes, domain, hostedZoneId, certificateArn, plainHttp }: Partial<Keys>): string[] {
  const faults: string[] = [];
  if (vpcCidr !== undefined) {
    try {
      allocateSubnets(vpcCidr, zones);
    } catch (error) {
      faults.push(`vpcCidr: ${(error as Error).message}`);
    }
  }
  if (n && maxNodes && maxNodes <= n) faults.push(`maxNodes: must be 0 or at least n+1 = ${n + 1}, got ${maxNodes}`);
  if (domain && certificateArn) faults.push(`certificateArn: must be empty when domain is set (a certificate is made for it), got ${certificateArn}`);
  if (domain && hostedZoneId === "") faults.push("hostedZoneId: must be set when domain is set, got nothing");
  if (domain === "" && hostedZoneId) faults.push(`hostedZoneId: must be empty when domain is empty, got ${hostedZoneId}`);
  if (plainHttp && (domain || certificateArn)) faults.push("plainHttp: must be false when domain or certificateArn is set, got true");
  if (plainHttp === false && domain === "" && certificateArn === "") {
    faults.push("plainHttp: must be true when neither domain nor certificateArn is set (plain HTTP is served only when asked for), got false");
  }
  return faults;
}
