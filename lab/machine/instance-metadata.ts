/** What an instance can ask of itself; read anew at each request. */
export interface InstanceMetadata {
  instanceId: string;
  amiId: string;
  /** t4g.small */
  instanceType: string;
  localIpv4: string;
  mac: string;
  /** ip-10-0-1-5.ec2.internal */
  hostName: string;
  region: string;
  availabilityZone: string;
  accountId: string;
  /** arm64 or x86_64 */
  architecture: string;
  /** The instance profile's role, and its credentials as they are now. */
  role?: { name: string; accessKeyId: string; secretAccessKey: string; token: string; expiration: Date; lastUpdated: Date };
  /** Empty unless the launch template has InstanceMetadataTags enabled. */
  tags: Readonly<Record<string, string>>;
  /** InService, Terminated …; absent outside an Auto Scaling group. */
  targetLifecycleState?: string;
  /** When the instance was launched, ISO 8601. */
  launchedAt: string;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html */
const identityDocument = (data: InstanceMetadata): string =>
  JSON.stringify(
    {
      accountId: data.accountId,
      architecture: data.architecture,
      availabilityZone: data.availabilityZone,
      imageId: data.amiId,
      instanceId: data.instanceId,
      instanceType: data.instanceType,
      pendingTime: data.launchedAt,
      privateIp: data.localIpv4,
      region: data.region,
      version: "2017-09-30",
    },
    null,
    2,
  );

const isoSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

function credentials(role: NonNullable<InstanceMetadata["role"]>): string {
  return JSON.stringify(
    {
      Code: "Success",
      LastUpdated: isoSeconds(role.lastUpdated),
      Type: "AWS-HMAC",
      AccessKeyId: role.accessKeyId,
      SecretAccessKey: role.secretAccessKey,
      Token: role.token,
      Expiration: isoSeconds(role.expiration),
    },
    null,
    2,
  );
}

/**
 * The files of the metadata service, by their path below /latest/.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
 */
export function metadataFiles(data: InstanceMetadata, userData: string): Map<string, string> {
  return new Map([
    ["meta-data/ami-id", data.amiId],
    ["meta-data/hostname", data.hostName],
    ["meta-data/local-hostname", data.hostName],
    ["meta-data/instance-id", data.instanceId],
    ["meta-data/instance-type", data.instanceType],
    ["meta-data/instance-life-cycle", "on-demand"],
    ["meta-data/local-ipv4", data.localIpv4],
    ["meta-data/mac", data.mac],
    [`meta-data/network/interfaces/macs/${data.mac}/local-ipv4s`, data.localIpv4],
    ["meta-data/placement/availability-zone", data.availabilityZone],
    ["meta-data/placement/region", data.region],
    ...(data.role ? ([[`meta-data/iam/security-credentials/${data.role.name}`, credentials(data.role)]] as const) : []),
    ...(data.targetLifecycleState ? ([["meta-data/autoscaling/target-lifecycle-state", data.targetLifecycleState]] as const) : []),
    ...Object.entries(data.tags).map(([key, value]) => [`meta-data/tags/instance/${key}`, value] as const),
    ["dynamic/instance-identity/document", identityDocument(data)],
    ...(userData === "" ? [] : ([["user-data", userData]] as const)),
  ]);
}

/** The content of a path: a file, or a folder's names (folders with a final slash), one a line. */
export function readMetadata(files: ReadonlyMap<string, string>, path: string): string | undefined {
  const bare = path.replace(/\/+$/, "");
  const file = files.get(bare);
  if (file !== undefined) return file;
  const prefix = bare === "" ? "" : `${bare}/`;
  const names = [...files.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length).replace(/\/.*/, "/"));
  return names.length === 0 ? undefined : [...new Set(names)].sort().join("\n");
}
