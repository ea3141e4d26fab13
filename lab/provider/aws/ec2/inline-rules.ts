import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import type { Call } from "../../resource";
import { found } from "../found";
import { resourceId, setOf } from "../values";

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html (description: 255 characters of this set) */
export const ruleDescription = z
  .string()
  .max(255)
  .regex(/^[\w .:\-/()#,@[\]+=&;{}!$*]*$/, "must be letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*");

/** A rule inside a security group, as pulumi-aws has it. */
export const inlineRule = z.strictObject({
  protocol: z.string(),
  fromPort: z.int().min(-1).max(65_535),
  toPort: z.int().min(-1).max(65_535),
  cidrBlocks: z.array(z.cidrv4()).optional(),
  prefixListIds: z.array(resourceId("pl")).optional(),
  securityGroups: setOf(resourceId("sg"), 60).optional(),
  self: z.boolean().optional(),
  description: ruleDescription.optional(),
});

export type InlineRule = z.infer<typeof inlineRule>;

export async function describeGroup(id: string, { aws }: Call): Promise<SecurityGroup> {
  const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return found(SecurityGroups?.[0], id);
}

/** Makes the group's rules these and no others. A direction left out is not touched. */
export async function setRules(
  id: string,
  wanted: { ingress?: InlineRule[] | undefined; egress?: InlineRule[] | undefined },
  call: Call,
): Promise<void> {
  const { aws } = call;
  const group = await describeGroup(id, call);
  const has = (list: readonly unknown[] | undefined) => (list?.length ?? 0) > 0;
  if (wanted.ingress) {
    if (has(group.IpPermissions))
      await aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: bare(group.IpPermissions) }));
    if (has(wanted.ingress))
      await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: wanted.ingress.map(permission(id)) }));
  }
  if (wanted.egress) {
    if (has(group.IpPermissionsEgress))
      await aws.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: bare(group.IpPermissionsEgress) }));
    if (has(wanted.egress))
      await aws.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: wanted.egress.map(permission(id)) }));
  }
}

/** As described, without the empty lists that a call refuses. */
function bare(permissions: readonly IpPermission[] | undefined): IpPermission[] {
  return (permissions ?? []).map(({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs, ...rest }) => ({
    ...rest,
    ...(IpRanges?.length ? { IpRanges } : {}),
    ...(Ipv6Ranges?.length ? { Ipv6Ranges } : {}),
    ...(PrefixListIds?.length ? { PrefixListIds } : {}),
    ...(UserIdGroupPairs?.length ? { UserIdGroupPairs } : {}),
  }));
}

const permission =
  (ownId: string) =>
  (rule: InlineRule): IpPermission => {
    const Description = rule.description;
    const groups = [...(rule.securityGroups ?? []), ...(rule.self ? [ownId] : [])];
    return {
      IpProtocol: rule.protocol,
      ...(rule.protocol === "-1" ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort }),
      ...(rule.cidrBlocks?.length ? { IpRanges: rule.cidrBlocks.map((CidrIp) => ({ CidrIp, Description })) } : {}),
      ...(rule.prefixListIds?.length ? { PrefixListIds: rule.prefixListIds.map((PrefixListId) => ({ PrefixListId, Description })) } : {}),
      ...(groups.length > 0 ? { UserIdGroupPairs: groups.map((GroupId) => ({ GroupId, Description })) } : {}),
    };
  };

/** Groups that are named by each other's rules cannot be deleted: the rules go first. */
export async function revokeAll(id: string, call: Call): Promise<void> {
  await setRules(id, { ingress: [], egress: [] }, call);
}
