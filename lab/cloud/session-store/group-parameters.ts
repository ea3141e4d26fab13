import { AwsError } from "../aws-error";
import { flag, texts, whole } from "./query-lists";
import type { StoreGroup } from "./store-group";

type Params = Readonly<Record<string, string>>;

const refuse = (message: string): never => {
  throw new AwsError("InvalidParameterValue", message);
};

const combination = (message: string): never => {
  throw new AwsError("InvalidParameterCombination", message);
};

/** What ElastiCache has and the lab has not: refused, never ignored. */
const NOT_IN_THE_LAB: readonly string[] = [
  "GlobalReplicationGroupId",
  "PrimaryClusterId",
  "SnapshotName",
  "SnapshotArns.SnapshotArn.1",
  "UserGroupIds.member.1",
  "ServerlessCacheSnapshotName",
  "FinalSnapshotIdentifier",
];

export function refuseWhatIsNotInTheLab(params: Params): void {
  for (const name of NOT_IN_THE_LAB) if (params[name]) refuse(`${name}: is not emulated in the lab`);
  if (params.ClusterMode !== undefined && params.ClusterMode !== "disabled")
    refuse(`ClusterMode: must be disabled in the lab, got ${params.ClusterMode}`);
  if ((whole(params, "NumNodeGroups") ?? 1) !== 1) refuse(`NumNodeGroups: must be 1 in the lab, got ${params.NumNodeGroups}`);
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html */
export function createdGroup(params: Params, made: { suffix: string; at: string }): StoreGroup {
  refuseWhatIsNotInTheLab(params);
  const engine = params.Engine ?? "redis";
  const engineVersion = params.EngineVersion ?? (engine === "valkey" ? "8.0" : "7.1");
  const replicas = whole(params, "ReplicasPerNodeGroup");
  const group: StoreGroup = {
    id: (params.ReplicationGroupId ?? "").toLowerCase(),
    description: params.ReplicationGroupDescription ?? "",
    engine,
    engineVersion,
    nodeType: params.CacheNodeType ?? refuse("CacheNodeType: must be given"),
    port: whole(params, "Port") ?? 6379,
    parameterGroupName: params.CacheParameterGroupName ?? `default.${engine}${engineVersion.split(".")[0]}`,
    subnetGroupName: (
      params.CacheSubnetGroupName ?? refuse("CacheSubnetGroupName: must be given in the lab, which has no default VPC")
    ).toLowerCase(),
    securityGroupIds: texts(params, "SecurityGroupIds") ?? [],
    preferredZones: texts(params, "PreferredCacheClusterAZs") ?? [],
    size: whole(params, "NumCacheClusters") ?? (replicas ?? 0) + 1,
    automaticFailover: flag(params, "AutomaticFailoverEnabled") ?? false,
    multiAz: flag(params, "MultiAZEnabled") ?? false,
    transitEncryption: flag(params, "TransitEncryptionEnabled") ?? false,
    atRestEncryption: flag(params, "AtRestEncryptionEnabled") ?? engine === "valkey",
    authTokens: params.AuthToken === undefined ? [] : [params.AuthToken],
    autoMinorVersionUpgrade: flag(params, "AutoMinorVersionUpgrade") ?? true,
    maintenanceWindow: params.PreferredMaintenanceWindow ?? "sun:05:00-sun:06:00",
    snapshotWindow: params.SnapshotWindow ?? "03:00-04:00",
    snapshotRetentionDays: whole(params, "SnapshotRetentionLimit") ?? 0,
    createdAt: made.at,
    suffix: made.suffix,
    ...(params.KmsKeyId === undefined ? {} : { kmsKeyId: params.KmsKeyId }),
    ...(params.AuthToken === undefined ? {} : { authTokenChangedAt: made.at }),
  };
  return checked(group);
}

/**
 * A tokenless call changes none. ROTATE keeps the newest one beside the new, the one before that goes; SET leaves only the one that was rotated in last.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
 */
export function rotatedTokens(tokens: readonly string[], token: string | undefined, strategy = "ROTATE"): readonly string[] {
  if (strategy === "DELETE") return refuse("AuthTokenUpdateStrategy: DELETE leads to user groups, which the lab has not");
  if (strategy !== "SET" && strategy !== "ROTATE") return refuse(`AuthTokenUpdateStrategy: must be SET, ROTATE or DELETE, got ${strategy}`);
  if (token === undefined) return tokens;
  const [newest] = tokens;
  if (strategy === "SET" && newest !== undefined && token !== newest)
    return combination("AuthToken: must be the one that was rotated in last when AuthTokenUpdateStrategy is SET");
  if (strategy === "SET") return [token];
  // On AWS such a group goes on taking clients without a token until SET.
  if (newest === undefined) return refuse("AuthTokenUpdateStrategy: must be SET in the lab for a group's first token, got ROTATE");
  return [token, ...tokens.filter((one) => one !== token).slice(0, 1)];
}

/** All changes are applied at once, as with ApplyImmediately. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html */
export function modifiedGroup(group: StoreGroup, params: Params, at: string): StoreGroup {
  refuseWhatIsNotInTheLab(params);
  const encrypted = flag(params, "TransitEncryptionEnabled");
  if (encrypted !== undefined && encrypted !== group.transitEncryption) refuse("TransitEncryptionEnabled: cannot be changed in the lab");
  const authTokens = rotatedTokens(group.authTokens, params.AuthToken, params.AuthTokenUpdateStrategy);
  return checked({
    ...group,
    description: params.ReplicationGroupDescription ?? group.description,
    engine: params.Engine ?? group.engine,
    engineVersion: params.EngineVersion ?? group.engineVersion,
    nodeType: params.CacheNodeType ?? group.nodeType,
    parameterGroupName: params.CacheParameterGroupName ?? group.parameterGroupName,
    securityGroupIds: texts(params, "SecurityGroupIds") ?? group.securityGroupIds,
    automaticFailover: flag(params, "AutomaticFailoverEnabled") ?? group.automaticFailover,
    multiAz: flag(params, "MultiAZEnabled") ?? group.multiAz,
    autoMinorVersionUpgrade: flag(params, "AutoMinorVersionUpgrade") ?? group.autoMinorVersionUpgrade,
    maintenanceWindow: params.PreferredMaintenanceWindow ?? group.maintenanceWindow,
    snapshotWindow: params.SnapshotWindow ?? group.snapshotWindow,
    snapshotRetentionDays: whole(params, "SnapshotRetentionLimit") ?? group.snapshotRetentionDays,
    authTokens,
    ...(authTokens === group.authTokens ? {} : { authTokenChangedAt: at }),
  });
}

export function resizedGroup(group: StoreGroup, replicas: number, change: "increase" | "decrease"): StoreGroup {
  const size = replicas + 1;
  if (change === "increase" ? size <= group.size : size >= group.size)
    refuse(`NewReplicaCount: must ${change} the ${group.size - 1} replicas, got ${replicas}`);
  return checked({ ...group, size });
}

function checked(group: StoreGroup): StoreGroup {
  if (!/^[a-z](?!.*--)[a-z0-9-]{0,39}(?<!-)$/.test(group.id))
    refuse(`ReplicationGroupId: must be 1-40 letters, digits or single dashes, got ${group.id}`);
  if (group.engine !== "valkey" && group.engine !== "redis") refuse(`Engine: must be valkey or redis, got ${group.engine}`);
  if (!(group.size >= 1 && group.size <= 6)) refuse(`NumCacheClusters: must be 1-6, got ${group.size}`);
  if (group.automaticFailover && group.size < 2) combination("AutomaticFailoverEnabled: needs at least one replica");
  if (group.multiAz && !group.automaticFailover) combination("MultiAZEnabled: needs AutomaticFailoverEnabled");
  if (group.authTokens.length > 0 && !group.transitEncryption) combination("AuthToken: needs TransitEncryptionEnabled");
  for (const token of group.authTokens) {
    if (!/^[\x21-\x7e]{16,128}$/.test(token) || /["/@]/.test(token)) refuse('AuthToken: must be 16-128 printable characters without ", / and @');
  }
  return group;
}
