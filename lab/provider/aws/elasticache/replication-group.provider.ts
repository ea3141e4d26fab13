import {
  CreateReplicationGroupCommand,
  DecreaseReplicaCountCommand,
  DeleteReplicationGroupCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import { type Call, type Change, regionalResource } from "../../resource";
import { untilGone, whileRefused } from "../../wait";
import { found, given } from "../found";
import { cacheTags, readCacheTags, updateCacheTags } from "./cache-tags";
import { type ReplicationGroupInputs, replicationGroupDefaults, replicationGroupInputs } from "./replication-group-inputs";

/** Cluster mode disabled: one shard and its replicas. */
export const replicationGroup = regionalResource({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  inputs: replicationGroupInputs,
  onChange: {
    replicationGroupId: "replace",
    description: "update",
    engine: "update",
    engineVersion: "update",
    nodeType: "update",
    numCacheClusters: "update",
    port: "replace",
    parameterGroupName: "update",
    subnetGroupName: "replace",
    securityGroupIds: "update",
    preferredCacheClusterAzs: "update",
    automaticFailoverEnabled: "update",
    multiAzEnabled: "update",
    atRestEncryptionEnabled: "replace",
    kmsKeyId: "replace",
    transitEncryptionEnabled: "update",
    transitEncryptionMode: "update",
    authToken: "update",
    authTokenUpdateStrategy: "update",
    applyImmediately: "update",
    autoMinorVersionUpgrade: "update",
    maintenanceWindow: "update",
    snapshotWindow: "update",
    snapshotRetentionLimit: "update",
    finalSnapshotIdentifier: "update",
    tags: "update",
  },
  defaults: replicationGroupDefaults,
  autoname: { property: "replicationGroupId", maxLength: 40, form: (name) => name.toLowerCase() },
  unordered: ["securityGroupIds"],
  secrets: ["authToken"],
  computed: {
    arn: "stable",
    clusterEnabled: "stable",
    primaryEndpointAddress: "stable",
    readerEndpointAddress: "stable",
    configurationEndpointAddress: "stable",
    engineVersionActual: "changes",
    memberClusters: "changes",
  },
  async create(inputs, { aws }) {
    const { engine, transitEncryptionMode, authToken } = inputs;
    await aws.elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: inputs.replicationGroupId,
        ReplicationGroupDescription: inputs.description,
        Engine: engine,
        EngineVersion: inputs.engineVersion,
        CacheNodeType: inputs.nodeType,
        NumCacheClusters: inputs.numCacheClusters,
        // The same again: moto 5.2.5 counts replicas only here.
        ReplicasPerNodeGroup: inputs.numCacheClusters - 1,
        Port: inputs.port,
        CacheParameterGroupName: inputs.parameterGroupName,
        CacheSubnetGroupName: inputs.subnetGroupName,
        SecurityGroupIds: inputs.securityGroupIds,
        PreferredCacheClusterAZs: inputs.preferredCacheClusterAzs,
        AutomaticFailoverEnabled: inputs.automaticFailoverEnabled,
        MultiAZEnabled: inputs.multiAzEnabled,
        AtRestEncryptionEnabled: inputs.atRestEncryptionEnabled,
        KmsKeyId: inputs.kmsKeyId,
        TransitEncryptionEnabled: inputs.transitEncryptionEnabled,
        TransitEncryptionMode: transitEncryptionMode,
        AuthToken: authToken,
        AutoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade,
        PreferredMaintenanceWindow: inputs.maintenanceWindow,
        SnapshotWindow: inputs.snapshotWindow,
        SnapshotRetentionLimit: inputs.snapshotRetentionLimit,
        ...cacheTags(inputs.tagsAll),
      }),
    );
    return given(inputs.replicationGroupId, "replicationGroupId");
  },
  async settle(id, _, call) {
    await call.waitFor(`replication group ${id} to be available`, 3600, async () => {
      const status = (await describe(id, call)).Status ?? "nothing";
      if (status === "create-failed") throw new Error(`replication group ${id}: create-failed`);
      return status === "available" ? { done: true } : { seen: status };
    });
  },
  async read(id, known, call) {
    const it = await describe(id, call);
    const arn = given(it.ARN, "ARN");
    const member = await memberOf(it.MemberClusters?.[0], call);
    const primary = it.NodeGroups?.[0];
    return {
      replicationGroupId: it.ReplicationGroupId,
      description: it.Description,
      engine: member?.Engine,
      nodeType: it.CacheNodeType,
      numCacheClusters: it.MemberClusters?.length,
      port: primary?.PrimaryEndpoint?.Port,
      automaticFailoverEnabled: it.AutomaticFailover && ["enabled", "enabling"].includes(it.AutomaticFailover),
      multiAzEnabled: it.MultiAZ && it.MultiAZ === "enabled",
      atRestEncryptionEnabled: it.AtRestEncryptionEnabled,
      transitEncryptionEnabled: it.TransitEncryptionEnabled,
      kmsKeyId: known.kmsKeyId === undefined ? undefined : it.KmsKeyId,
      snapshotRetentionLimit: it.SnapshotRetentionLimit,
      tagsAll: await readCacheTags(arn, call),
      arn,
      clusterEnabled: it.ClusterEnabled ?? false,
      primaryEndpointAddress: primary?.PrimaryEndpoint?.Address,
      // moto 5.2.5 leaves it out; AWS names it after the primary's.
      readerEndpointAddress: primary?.ReaderEndpoint?.Address ?? primary?.PrimaryEndpoint?.Address?.replace(/^master\./, "replica."),
      configurationEndpointAddress: it.ConfigurationEndpoint?.Address ?? "",
      engineVersionActual: member?.EngineVersion,
      memberClusters: it.MemberClusters,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateCacheTags(given((await describe(id, call)).ARN, "ARN"), change, call);
    if (change.has("numCacheClusters")) await setReplicas(id, change.olds.numCacheClusters, change.news.numCacheClusters, call);
    if (change.has(...MODIFIED))
      await call.aws.elasticache.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: id, ...modification(change) }));
  },
  async delete(id, state, call) {
    const remove = () =>
      call.aws.elasticache.send(
        new DeleteReplicationGroupCommand({ ReplicationGroupId: id, FinalSnapshotIdentifier: state.finalSnapshotIdentifier }),
      );
    await call.waitFor(
      `replication group ${id} to be deletable`,
      600,
      whileRefused(["InvalidReplicationGroupStateFault", "InvalidReplicationGroupState"], remove),
    );
    const look = async () => (await describe(id, call)).Status ?? "a replication group";
    await call.waitFor(`replication group ${id} to be gone`, 2700, untilGone(look));
  },
});

const MODIFIED = [
  "description",
  "engine",
  "engineVersion",
  "nodeType",
  "parameterGroupName",
  "securityGroupIds",
  "automaticFailoverEnabled",
  "multiAzEnabled",
  "transitEncryptionEnabled",
  "transitEncryptionMode",
  "authToken",
  "autoMinorVersionUpgrade",
  "maintenanceWindow",
  "snapshotWindow",
  "snapshotRetentionLimit",
] as const satisfies (keyof ReplicationGroupInputs)[];

/** Only what changed: ElastiCache takes some changes alone and refuses them repeated. */
function modification({ news, has }: Change<ReplicationGroupInputs>) {
  const changed = <T>(key: keyof ReplicationGroupInputs, value: T): T | undefined => (has(key) ? value : undefined);
  return {
    ApplyImmediately: news.applyImmediately,
    ReplicationGroupDescription: changed("description", news.description),
    Engine: changed("engine", news.engine),
    EngineVersion: changed("engineVersion", news.engineVersion),
    CacheNodeType: changed("nodeType", news.nodeType),
    CacheParameterGroupName: changed("parameterGroupName", news.parameterGroupName),
    SecurityGroupIds: changed("securityGroupIds", news.securityGroupIds),
    AutomaticFailoverEnabled: changed("automaticFailoverEnabled", news.automaticFailoverEnabled),
    MultiAZEnabled: changed("multiAzEnabled", news.multiAzEnabled),
    TransitEncryptionEnabled: changed("transitEncryptionEnabled", news.transitEncryptionEnabled),
    TransitEncryptionMode: changed("transitEncryptionMode", news.transitEncryptionMode),
    ...(has("authToken")
      ? { AuthToken: news.authToken, AuthTokenUpdateStrategy: news.authToken ? news.authTokenUpdateStrategy : ("DELETE" as const) }
      : {}),
    AutoMinorVersionUpgrade: changed("autoMinorVersionUpgrade", news.autoMinorVersionUpgrade),
    PreferredMaintenanceWindow: changed("maintenanceWindow", news.maintenanceWindow),
    SnapshotWindow: changed("snapshotWindow", news.snapshotWindow),
    SnapshotRetentionLimit: changed("snapshotRetentionLimit", news.snapshotRetentionLimit),
  };
}

async function setReplicas(id: string, from: number, to: number, { aws }: Call): Promise<void> {
  const wanted = { ReplicationGroupId: id, NewReplicaCount: to - 1, ApplyImmediately: true };
  if (to > from) await aws.elasticache.send(new IncreaseReplicaCountCommand(wanted));
  else await aws.elasticache.send(new DecreaseReplicaCountCommand(wanted));
}

async function describe(id: string, { aws }: Call) {
  const { ReplicationGroups } = await aws.elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
  return found(ReplicationGroups?.[0], `replication group ${id}`);
}

/** The group does not say its engine and version, its members do. */
async function memberOf(id: string | undefined, { aws }: Call) {
  if (!id) return undefined;
  const { CacheClusters } = await aws.elasticache.send(new DescribeCacheClustersCommand({}));
  return CacheClusters?.find((one) => one.CacheClusterId === id);
}
