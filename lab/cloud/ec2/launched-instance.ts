import type { EniState } from "../../machine/network-state";

/** An instance that EC2 has launched: what the lab needs to boot it. */
export interface LaunchedInstance {
  instanceId: string;
  imageId: string;
  /** t4g.small */
  instanceType: string;
  /** arm64 or x86_64 */
  architecture: string;
  eniId: string;
  subnetId: string;
  /** us-east-1a */
  zone: string;
  privateIp: string;
  securityGroupIds: readonly string[];
  /** The profile as the launch template names it: by ARN or by name. */
  instanceProfile: { arn?: string; name?: string } | undefined;
  /** The script itself, not its base64 form. */
  userData: string;
  tags: Readonly<Record<string, string>>;
  /** May the instance read its tags from its metadata? */
  instanceMetadataTags: boolean;
  /** ISO 8601. */
  launchedAt: string;
}

/** The instance's network interface; the namespace has the instance's id. */
export const eniOf = (instance: LaunchedInstance): EniState => ({
  id: instance.eniId,
  subnetId: instance.subnetId,
  privateIp: instance.privateIp,
  securityGroupIds: instance.securityGroupIds,
  netns: instance.instanceId,
});

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
export const hostNameOf = (privateIp: string): string => `ip-${privateIp.replaceAll(".", "-")}.ec2.internal`;
