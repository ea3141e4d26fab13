import { element } from "../query-protocol";
import { elastiCacheArn } from "./arn";
import { namedList } from "./query-lists";
import { endpoints, type StoreGroup, type StoreNode } from "./store-group";

export interface GroupView {
  group: StoreGroup;
  status: "creating" | "available" | "modifying" | "deleting" | "create-failed";
  nodes: readonly StoreNode[];
  primaryId: string | undefined;
}

const endpoint = (name: string, address: string, port: number): string => `<${name}>${element("Address", address)}${element("Port", port)}</${name}>`;

/** A ReplicationGroup as the API writes it. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html */
export function groupXml({ group, status, nodes, primaryId }: GroupView): string {
  const names = endpoints(group);
  const shard = [
    element("NodeGroupId", "0001"),
    element("Status", status),
    endpoint("PrimaryEndpoint", names.primary, group.port),
    endpoint("ReaderEndpoint", names.reader, group.port),
    namedList(
      "NodeGroupMembers",
      "NodeGroupMember",
      nodes.map(({ id, zone }) =>
        [
          element("CacheClusterId", id),
          element("CacheNodeId", "0001"),
          endpoint("ReadEndpoint", names.node(id), group.port),
          element("PreferredAvailabilityZone", zone),
          element("CurrentRole", id === primaryId ? "primary" : "replica"),
        ].join(""),
      ),
    ),
  ].join("");
  return [
    element("ReplicationGroupId", group.id),
    element("Description", group.description),
    element("Status", status),
    "<PendingModifiedValues/>",
    namedList(
      "MemberClusters",
      "ClusterId",
      nodes.map(({ id }) => id),
    ),
    namedList("NodeGroups", "NodeGroup", status === "creating" || status === "create-failed" ? [] : [shard]),
    element("AutomaticFailover", group.automaticFailover ? "enabled" : "disabled"),
    element("MultiAZ", group.multiAz ? "enabled" : "disabled"),
    element("SnapshotRetentionLimit", group.snapshotRetentionDays),
    element("SnapshotWindow", group.snapshotWindow),
    element("ClusterEnabled", false),
    element("ClusterMode", "disabled"),
    element("CacheNodeType", group.nodeType),
    element("AuthTokenEnabled", group.authTokens.length > 0),
    element("AuthTokenLastModifiedDate", group.authTokenChangedAt),
    element("TransitEncryptionEnabled", group.transitEncryption),
    element("TransitEncryptionMode", group.transitEncryption ? "required" : undefined),
    element("AtRestEncryptionEnabled", group.atRestEncryption),
    element("KmsKeyId", group.kmsKeyId),
    element("ARN", elastiCacheArn("replicationgroup", group.id)),
    element("ReplicationGroupCreateTime", group.createdAt),
    element("AutoMinorVersionUpgrade", group.autoMinorVersionUpgrade),
    element("DataTiering", "disabled"),
    element("NetworkType", "ipv4"),
    element("IpDiscovery", "ipv4"),
    element("Engine", group.engine),
  ].join("");
}

/** One member as a CacheCluster. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html */
export function clusterXml({ group, status }: GroupView, node: StoreNode): string {
  const securityGroups = group.securityGroupIds.map((id) => element("SecurityGroupId", id) + element("Status", "active"));
  return [
    element("CacheClusterId", node.id),
    element("CacheNodeType", group.nodeType),
    element("Engine", group.engine),
    // ElastiCache says the patch version too.
    element("EngineVersion", /^\d+\.\d+$/.test(group.engineVersion) ? `${group.engineVersion}.1` : group.engineVersion),
    element("CacheClusterStatus", status),
    element("NumCacheNodes", 1),
    element("PreferredAvailabilityZone", node.zone),
    element("CacheClusterCreateTime", group.createdAt),
    element("PreferredMaintenanceWindow", group.maintenanceWindow),
    `<CacheParameterGroup>${element("CacheParameterGroupName", group.parameterGroupName)}${element("ParameterApplyStatus", "in-sync")}</CacheParameterGroup>`,
    element("CacheSubnetGroupName", group.subnetGroupName),
    element("AutoMinorVersionUpgrade", group.autoMinorVersionUpgrade),
    namedList("SecurityGroups", "member", securityGroups),
    element("ReplicationGroupId", group.id),
    element("SnapshotRetentionLimit", group.snapshotRetentionDays),
    element("SnapshotWindow", group.snapshotWindow),
    element("AuthTokenEnabled", group.authTokens.length > 0),
    element("TransitEncryptionEnabled", group.transitEncryption),
    element("AtRestEncryptionEnabled", group.atRestEncryption),
    element("ARN", elastiCacheArn("cluster", node.id)),
  ].join("");
}
