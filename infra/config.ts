import { z } from "zod";
import { parseCidr } from "./cidr";
import { allocateSubnets } from "./subnets";

/** The namespace of this program's keys in Pulumi.<stack>.yaml. */
const NAMESPACE = "nplus1:";

const integer = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^-?\d+$/.test(text) && Number(text) >= least && Number(text) <= most, { error: (issue) => `must be ${least}-${most}, got ${String(issue.input)}` })
    .transform(Number);

const flag = z.enum(["true", "false"], { error: (issue) => `must be true or false, got ${String(issue.input)}` }).transform((text) => text === "true");

const matching = (pattern: RegExp, what: string) => z.string().refine((text) => pattern.test(text), { error: (issue) => `must be ${what}, got ${String(issue.input)}` });

/** A list arrives as JSON. */
const cidrs = z.string().transform((text, context) => {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === "string")) {
      for (const item of list) parseCidr(item);
      return list;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      context.addIssue(`every item ${(error as Error).message}`);
      return z.NEVER;
    }
  }
  context.addIssue(`must be a list of IPv4 blocks like ["0.0.0.0/0"], got ${text}`);
  return z.NEVER;
});

/** Every key, with its unit in its name and its range; Pulumi.yaml has the defaults and says what each is for. */
const keys = z.strictObject({
  app: matching(/\S/, "the path of the application's folder"),
  n: integer(1, 99),
  vpcCidr: z.string(),
  zones: integer(2, 6),
  domain: matching(/^$|^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "a domain name in lower case, or empty"),
  hostedZoneId: matching(/^$|^Z[A-Z0-9]{1,31}$/, "a Route 53 zone's id like Z0123456789ABC, or empty"),
  certificateArn: matching(/^$|^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/, "an ACM certificate's ARN, or empty"),
  plainHttp: flag,
  clientCidrs: cidrs,
  stickinessSeconds: integer(1, 604_800),
  drainSeconds: integer(0, 3600),
  deletionProtection: flag,
  instanceType: matching(/^[a-z]+\d[a-z]*g[a-z]*\.(nano|micro|small|medium|large|x?large|\d+xlarge|metal)$/, "a Graviton (arm64) instance type like t4g.small"),
  rootVolumeGiB: integer(8, 16_384),
  maxNodes: integer(0, 200),
  cpuTargetPercent: integer(10, 90),
  readyTimeoutSeconds: integer(60, 3600),
  sessionNodeType: matching(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "an ElastiCache node type like cache.t4g.micro"),
  sessionSnapshotDays: integer(0, 35),
  protectEgress: flag,
  retainData: flag,
  logDays: integer(1, 3650),
  backupDays: integer(1, 3650),
});

const schema = keys
  .superRefine((config, context) => {
    const fault = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
    try {
      allocateSubnets(config.vpcCidr, config.zones);
    } catch (error) {
      fault("vpcCidr", (error as Error).message);
    }
    if (config.maxNodes !== 0 && config.maxNodes <= config.n) fault("maxNodes", `must be 0 or at least n+1 = ${config.n + 1}, got ${config.maxNodes}`);
    if (config.domain && config.certificateArn) fault("certificateArn", "must be empty when domain is set: a certificate is made for the domain");
    if (config.domain && !config.hostedZoneId) fault("hostedZoneId", "must be set when domain is set");
    if (!config.domain && config.hostedZoneId) fault("hostedZoneId", "must be empty when domain is empty");
    const tls = Boolean(config.domain || config.certificateArn);
    if (tls && config.plainHttp) fault("plainHttp", "must be false when domain or certificateArn is set");
    if (!tls && !config.plainHttp) fault("plainHttp", "must be true when neither domain nor certificateArn is set: plain HTTP is served only when asked for");
  })
  .transform((config) => ({ ...config, maxNodes: config.maxNodes || 2 * (config.n + 1) }));

export type StackConfig = z.infer<typeof schema>;

/**
 * The stack's configuration out of all of Pulumi's (`namespace:key` → text); other namespaces are left alone.
 * @throws Error that lists every fault: the key, what was found and what is allowed.
 */
export function parseConfig(all: Readonly<Record<string, string>>): StackConfig {
  const own = Object.entries(all).filter(([key]) => key.startsWith(NAMESPACE));
  const result = schema.safeParse(Object.fromEntries(own.map(([key, value]) => [key.slice(NAMESPACE.length), value])));
  if (result.success) return result.data;
  throw new Error(["the stack's configuration has faults:", ...result.error.issues.flatMap(faults)].join("\n  "));
}

function faults(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${NAMESPACE}${key}: unknown key; allowed are ${Object.keys(keys.shape).join(", ")}`);
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  return [`${NAMESPACE}${issue.path.join(".")}: ${missing ? "must be set (Pulumi.yaml has its default)" : issue.message}`];
}
