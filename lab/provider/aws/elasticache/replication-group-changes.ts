import {
  DecreaseReplicaCountCommand,
  type ElastiCacheClient,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  type ModifyReplicationGroupMessage,
} from "@aws-sdk/client-elasticache";
import type { Change } from "../../resource";
import type { ReplicationGroupInputs } from "./replication-group-inputs";

export type Step = (elasticache: ElastiCacheClient) => Promise<unknown>;

/**
 * The calls of an update, in the real provider's order: more replicas, what is modified, the token by a call of its own and at once, fewer replicas.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/elasticache/replication_group.go
 */
export function replicationGroupSteps(id: string, change: Change<ReplicationGroupInputs>): Step[] {
  const { olds, news, has } = change;
  const steps: Step[] = [];
  const modify =
    (asked: Omit<ModifyReplicationGroupMessage, "ReplicationGroupId">): Step =>
    (elasticache) =>
      elasticache.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: id, ...asked }));
  const replicas = { ReplicationGroupId: id, NewReplicaCount: news.numCacheClusters - 1, ApplyImmediately: true };
  if (news.numCacheClusters > olds.numCacheClusters) steps.push((elasticache) => elasticache.send(new IncreaseReplicaCountCommand(replicas)));
  if (has(...MODIFIED)) steps.push(modify(modification(change)));
  if (has("authToken", "authTokenUpdateStrategy"))
    steps.push(modify({ ApplyImmediately: true, AuthToken: news.authToken, AuthTokenUpdateStrategy: news.authTokenUpdateStrategy }));
  if (news.numCacheClusters < olds.numCacheClusters) steps.push((elasticache) => elasticache.send(new DecreaseReplicaCountCommand(replicas)));
  return steps;
}

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
    AutoMinorVersionUpgrade: changed("autoMinorVersionUpgrade", news.autoMinorVersionUpgrade),
    PreferredMaintenanceWindow: changed("maintenanceWindow", news.maintenanceWindow),
    SnapshotWindow: changed("snapshotWindow", news.snapshotWindow),
    SnapshotRetentionLimit: changed("snapshotRetentionLimit", news.snapshotRetentionLimit),
  };
}
