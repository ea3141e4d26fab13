import type { LoadBalancerAttribute } from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";

const logs = z.strictObject({ bucket: z.string().min(3).max(63), prefix: z.string().max(255).optional(), enabled: z.boolean().optional() });

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
export const attributeInputs = {
  accessLogs: logs.optional(),
  connectionLogs: logs.optional(),
  clientKeepAlive: z.int().min(60).max(604_800),
  desyncMitigationMode: z.enum(["monitor", "defensive", "strictest"]),
  dropInvalidHeaderFields: z.boolean(),
  enableCrossZoneLoadBalancing: z.literal(true),
  enableDeletionProtection: z.boolean(),
  enableHttp2: z.boolean(),
  enableTlsVersionAndCipherSuiteHeaders: z.boolean(),
  enableXffClientPort: z.boolean(),
  idleTimeout: z.int().min(1).max(4_000),
  preserveHostHeader: z.boolean(),
  xffHeaderProcessingMode: z.enum(["append", "preserve", "remove"]),
};

export const attributeDefaults = {
  clientKeepAlive: 3600,
  desyncMitigationMode: "defensive",
  dropInvalidHeaderFields: false,
  enableCrossZoneLoadBalancing: true,
  enableDeletionProtection: false,
  enableHttp2: true,
  enableTlsVersionAndCipherSuiteHeaders: false,
  enableXffClientPort: false,
  idleTimeout: 60,
  preserveHostHeader: false,
  xffHeaderProcessingMode: "append",
} as const;

export type AttributeInputs = z.infer<z.ZodObject<typeof attributeInputs>>;

/** AWS's key of each attribute that is one value. */
const KEYS = {
  clientKeepAlive: "client_keep_alive.seconds",
  desyncMitigationMode: "routing.http.desync_mitigation_mode",
  dropInvalidHeaderFields: "routing.http.drop_invalid_header_fields.enabled",
  enableCrossZoneLoadBalancing: "load_balancing.cross_zone.enabled",
  enableDeletionProtection: "deletion_protection.enabled",
  enableHttp2: "routing.http2.enabled",
  enableTlsVersionAndCipherSuiteHeaders: "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
  enableXffClientPort: "routing.http.xff_client_port.enabled",
  idleTimeout: "idle_timeout.timeout_seconds",
  preserveHostHeader: "routing.http.preserve_host_header.enabled",
  xffHeaderProcessingMode: "routing.http.xff_header_processing.mode",
} as const satisfies Partial<Record<keyof AttributeInputs, string>>;

export function toAttributes(inputs: AttributeInputs): LoadBalancerAttribute[] {
  const single = Object.entries(KEYS).map(([name, Key]) => ({ Key, Value: String(inputs[name as keyof typeof KEYS]) }));
  return [...single, ...logAttributes("access_logs.s3", inputs.accessLogs), ...logAttributes("connection_logs.s3", inputs.connectionLogs)];
}

/** Only what AWS answered: what it leaves out counts as unchanged. */
export function fromAttributes(attributes: readonly LoadBalancerAttribute[]): Partial<Record<keyof AttributeInputs, unknown>> {
  const value = (key: string) => attributes.find(({ Key }) => Key === key)?.Value;
  const single: Record<string, unknown> = Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, typed(value(key))]));
  const logsAt = (key: string) =>
    value(`${key}.enabled`) === undefined
      ? undefined
      : { bucket: value(`${key}.bucket`), prefix: value(`${key}.prefix`) || undefined, enabled: value(`${key}.enabled`) === "true" };
  return { ...single, accessLogs: logsAt("access_logs.s3"), connectionLogs: logsAt("connection_logs.s3") };
}

function logAttributes(key: string, to: AttributeInputs["accessLogs"]): LoadBalancerAttribute[] {
  if (!to?.enabled) return [{ Key: `${key}.enabled`, Value: "false" }];
  return [
    { Key: `${key}.enabled`, Value: "true" },
    { Key: `${key}.bucket`, Value: to.bucket },
    { Key: `${key}.prefix`, Value: to.prefix ?? "" },
  ];
}

const typed = (text: string | undefined): unknown =>
  text === "true" || text === "false" ? text === "true" : text && /^\d+$/.test(text) ? Number(text) : text;
