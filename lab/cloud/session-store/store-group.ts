import type { GroupSubnet } from "./subnet-groups";

export interface StoreNode {
  /** `<group>-001`, …: never used again within the group. */
  id: string;
  zone: string;
  subnetId: string;
  privateIp: string;
}

/** A replication group, cluster mode disabled: one primary and its replicas. */
export interface StoreGroup {
  id: string;
  description: string;
  engine: string;
  engineVersion: string;
  nodeType: string;
  port: number;
  parameterGroupName: string;
  subnetGroupName: string;
  securityGroupIds: readonly string[];
  /** A zone for each node, in order; the subnets' zones in turn where it ends. */
  preferredZones: readonly string[];
  /** Nodes, 1-6. */
  size: number;
  automaticFailover: boolean;
  multiAz: boolean;
  transitEncryption: boolean;
  atRestEncryption: boolean;
  kmsKeyId?: string;
  /** Those accepted, the newest first; none without AUTH. */
  authTokens: readonly string[];
  authTokenChangedAt?: string;
  autoMinorVersionUpgrade: boolean;
  maintenanceWindow: string;
  snapshotWindow: string;
  snapshotRetentionDays: number;
  createdAt: string;
  /** Six characters that make its names unique. */
  suffix: string;
}

export interface Endpoints {
  primary: string;
  reader: string;
  node(id: string): string;
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html */
export function endpoints({ id, suffix, transitEncryption }: Pick<StoreGroup, "id" | "suffix" | "transitEncryption">): Endpoints {
  if (transitEncryption) {
    const domain = `${id}.${suffix}.use1.cache.amazonaws.com`;
    return { primary: `master.${domain}`, reader: `replica.${domain}`, node: (node) => `${node}.${domain}` };
  }
  const domain = `${suffix}.ng.0001.use1.cache.amazonaws.com`;
  return { primary: `${id}.${domain}`, reader: `${id}-ro.${domain}`, node: (node) => `${node}.${suffix}.0001.use1.cache.amazonaws.com` };
}

export const nodeId = (groupId: string, number: number): string => `${groupId}-${String(number).padStart(3, "0")}`;

/** Where the n-th node goes, counted from 0. @throws when a zone has no subnet */
export function placement(
  { id, preferredZones }: Pick<StoreGroup, "id" | "preferredZones">,
  subnets: readonly GroupSubnet[],
  index: number,
): GroupSubnet {
  const zones = [...new Set(subnets.map(({ zone }) => zone))].sort();
  const zone = preferredZones[index] ?? zones[index % zones.length];
  const found = subnets.find((subnet) => subnet.zone === zone);
  if (found === undefined) throw new Error(`${id}: must have a subnet in ${zone} in its cache subnet group, got ${zones.join(", ")}`);
  return found;
}

/** Memory of node types in MiB, and what a group may use of it. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html */
const MEMORY_MIB: Readonly<Record<string, number>> = {
  "cache.t4g.micro": 512,
  "cache.t4g.small": 1402,
  "cache.t4g.medium": 3164,
  "cache.t3.micro": 512,
  "cache.t3.small": 1402,
  "cache.t3.medium": 3164,
  "cache.m7g.large": 6523,
  "cache.r7g.large": 13387,
};

/** The lab never takes more than this, whatever the type. */
const LAB_MIB = 512;

export const nodeMemoryMib = (nodeType: string): number => Math.min(MEMORY_MIB[nodeType] ?? LAB_MIB, LAB_MIB);

export const maxMemoryMib = (nodeType: string, reservedPercent: number): number =>
  Math.floor((nodeMemoryMib(nodeType) * (100 - reservedPercent)) / 100);
