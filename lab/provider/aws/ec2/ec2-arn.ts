export const ec2Arn = (region: string, ownerId: string | undefined, resource: string): string => `arn:aws:ec2:${region}:${ownerId ?? ""}:${resource}`;
