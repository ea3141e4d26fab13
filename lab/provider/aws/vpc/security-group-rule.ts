import {
  DescribeSecurityGroupRulesCommand,
  type EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  type SecurityGroupRule,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, type Resource, regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { accountId } from "../ec2/account";
import { ec2Arn } from "../ec2/ec2-arn";
import { taggedAs, updateTags } from "../ec2/ec2-tags";
import { ruleDescription } from "../ec2/inline-rules";
import { found, given } from "../found";
import { resourceId } from "../values";

const PEERS = ["cidrIpv4", "prefixListId", "referencedSecurityGroupId"] as const;

/** One rule, one peer. */
const ruleInputs = z
  .strictObject({
    securityGroupId: resourceId("sg"),
    ipProtocol: z.enum(["tcp", "udp", "icmp", "-1"]),
    fromPort: z.int().min(-1).max(65_535).optional(),
    toPort: z.int().min(-1).max(65_535).optional(),
    cidrIpv4: z.cidrv4().optional(),
    prefixListId: resourceId("pl").optional(),
    referencedSecurityGroupId: resourceId("sg").optional(),
    description: ruleDescription.optional(),
    tags: tags.optional(),
  })
  .refine((rule) => PEERS.filter((peer) => rule[peer] !== undefined).length === 1, `must have one of ${PEERS.join(", ")}`)
  .refine(
    (rule) => (rule.ipProtocol === "-1") === (rule.fromPort === undefined && rule.toPort === undefined),
    "must have ports exactly when ipProtocol is not -1",
  )
  .refine((rule) => rule.ipProtocol === "icmp" || (rule.fromPort ?? 0) <= (rule.toPort ?? 0), "must have fromPort <= toPort");

type RuleInputs = z.infer<typeof ruleInputs>;

/** What ModifySecurityGroupRules takes; the rest is the rule's group and its tags. */
const CONTENT = ["ipProtocol", "fromPort", "toPort", "cidrIpv4", "prefixListId", "referencedSecurityGroupId", "description"] as const;

interface NewRule {
  GroupId: string;
  IpPermissions: IpPermission[];
  TagSpecifications?: TagSpecification[];
}

/** AWS has two calls for what is one thing: which of them makes a rule and which takes it away. */
export interface RuleCalls {
  authorize: (rule: NewRule, ec2: EC2Client) => Promise<{ SecurityGroupRules?: SecurityGroupRule[] | undefined }>;
  revoke: (rule: { GroupId: string; SecurityGroupRuleIds: string[] }, ec2: EC2Client) => Promise<unknown>;
}

/** Ingress and egress are the same resource in two directions. */
export function securityGroupRule(type: string, { authorize, revoke }: RuleCalls): Resource {
  return regionalResource({
    type,
    inputs: ruleInputs,
    onChange: {
      securityGroupId: "replace",
      ipProtocol: "update",
      fromPort: "update",
      toPort: "update",
      cidrIpv4: "update",
      prefixListId: "update",
      referencedSecurityGroupId: "update",
      description: "update",
      tags: "update",
    },
    computed: { arn: "stable", securityGroupRuleId: "stable" },
    async create(inputs, { aws }) {
      const rule = {
        GroupId: inputs.securityGroupId,
        IpPermissions: [permission(inputs)],
        ...taggedAs("security-group-rule", inputs.tagsAll),
      };
      const { SecurityGroupRules } = await authorize(rule, aws.ec2);
      return given(SecurityGroupRules?.[0]?.SecurityGroupRuleId, "SecurityGroupRuleId");
    },
    read: (id, _, call) => readRule(id, call),
    async update(id, change, call) {
      if (change.has("tagsAll")) await updateTags(id, change, call);
      if (change.has(...CONTENT)) await modifyRule(id, change.news, call);
    },
    async delete(id, state, { aws }) {
      await revoke({ GroupId: state.securityGroupId, SecurityGroupRuleIds: [id] }, aws.ec2);
    },
  });
}

function permission(rule: RuleInputs): IpPermission {
  const Description = rule.description;
  return {
    IpProtocol: rule.ipProtocol,
    FromPort: rule.fromPort,
    ToPort: rule.toPort,
    ...(rule.cidrIpv4 ? { IpRanges: [{ CidrIp: rule.cidrIpv4, Description }] } : {}),
    ...(rule.prefixListId ? { PrefixListIds: [{ PrefixListId: rule.prefixListId, Description }] } : {}),
    ...(rule.referencedSecurityGroupId ? { UserIdGroupPairs: [{ GroupId: rule.referencedSecurityGroupId, Description }] } : {}),
  };
}

async function describeRule(id: string, { aws }: Call): Promise<SecurityGroupRule> {
  const { SecurityGroupRules } = await aws.ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] }));
  return found(SecurityGroupRules?.[0], id);
}

async function readRule(id: string, call: Call) {
  const it = await describeRule(id, call);
  const all = it.IpProtocol === "-1";
  return {
    securityGroupId: it.GroupId,
    ipProtocol: it.IpProtocol,
    fromPort: all ? undefined : it.FromPort,
    toPort: all ? undefined : it.ToPort,
    cidrIpv4: it.CidrIpv4,
    prefixListId: it.PrefixListId,
    referencedSecurityGroupId: it.ReferencedGroupInfo?.GroupId,
    description: it.Description || undefined,
    tagsAll: tagMap(it.Tags),
    arn: it.SecurityGroupRuleArn ?? ec2Arn(call.region, it.GroupOwnerId || (await accountId(call)), `security-group-rule/${id}`),
    securityGroupRuleId: id,
  };
}

async function modifyRule(id: string, rule: RuleInputs, { aws }: Call): Promise<void> {
  const SecurityGroupRule = {
    IpProtocol: rule.ipProtocol,
    FromPort: rule.fromPort ?? -1,
    ToPort: rule.toPort ?? -1,
    CidrIpv4: rule.cidrIpv4,
    PrefixListId: rule.prefixListId,
    ReferencedGroupId: rule.referencedSecurityGroupId,
    Description: rule.description,
  };
  await aws.ec2.send(
    new ModifySecurityGroupRulesCommand({ GroupId: rule.securityGroupId, SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule }] }),
  );
}
