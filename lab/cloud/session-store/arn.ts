const PREFIX = "arn:aws:elasticache:us-east-1:123456789012";

export type ArnKind = "replicationgroup" | "cluster" | "parametergroup" | "subnetgroup";

/** moto's account and the lab's region. */
export const elastiCacheArn = (kind: ArnKind, name: string): string => `${PREFIX}:${kind}:${name}`;
