import {
  CreateReplicationGroupCommand,
  DeleteReplicationGroupCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
} from "@aws-sdk/client-elasticache";
import { type Call, regionalResource } from "../../resource";
import { untilGone, whileRefused } from "../../wait";
import { found, given } from "../found";
import { cacheTags, readCacheTags, updateCacheTags } from "./cache-tags";
import { replicationGroupSteps } from "./replication-group-changes";
import { replicationGroupDefaults, replicationGroupInputs } from "./replication-group-inputs";

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
  settle: (id, _, call) => available(id, call),
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
    for (const step of replicationGroupSteps(id, change)) {
      await available(id, call);
      await step(call.aws.elasticache);
    }
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

/** ElastiCache refuses a change while another is under way. */
async function available(id: string, call: Call): Promise<void> {
  await call.waitFor(`replication group ${id} to be available`, 3600, async () => {
    const status = (await describe(id, call)).Status ?? "nothing";
    if (status === "create-failed") throw new Error(`replication group ${id}: create-failed`);
    return status === "available" ? { done: true } : { seen: status };
  });
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
