import {
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  ModifyVpcAttributeCommand,
  type VpcAttributeName,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";

export const vpc = regionalResource({
  type: "aws:ec2/vpc:Vpc",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html (/16 to /28) */
    cidrBlock: z.cidrv4().refine((cidr) => Number(cidr.split("/")[1]) >= 16 && Number(cidr.split("/")[1]) <= 28, "must be a /16 to a /28"),
    enableDnsHostnames: z.boolean(),
    enableDnsSupport: z.boolean(),
    instanceTenancy: z.enum(["default", "dedicated"]),
    tags: tags.optional(),
  }),
  onChange: { cidrBlock: "replace", enableDnsHostnames: "update", enableDnsSupport: "update", instanceTenancy: "replace", tags: "update" },
  defaults: { enableDnsHostnames: false, enableDnsSupport: true, instanceTenancy: "default" },
  computed: {
    arn: "stable",
    ownerId: "stable",
    mainRouteTableId: "stable",
    defaultRouteTableId: "stable",
    defaultSecurityGroupId: "stable",
    defaultNetworkAclId: "stable",
    dhcpOptionsId: "stable",
  },
  async create(inputs, { aws }) {
    const { Vpc } = await aws.ec2.send(
      new CreateVpcCommand({ CidrBlock: inputs.cidrBlock, InstanceTenancy: inputs.instanceTenancy, ...taggedAs("vpc", inputs.tagsAll) }),
    );
    return given(Vpc?.VpcId, "VpcId");
  },
  // One attribute a call: an AWS limit.
  async settle(id, inputs, { aws }) {
    await aws.ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsSupport: { Value: inputs.enableDnsSupport } }));
    await aws.ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsHostnames: { Value: inputs.enableDnsHostnames } }));
  },
  async read(id, _, call) {
    const { Vpcs } = await call.aws.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
    const it = found(Vpcs?.[0], id);
    return {
      cidrBlock: it.CidrBlock,
      instanceTenancy: it.InstanceTenancy,
      enableDnsSupport: await attribute(id, "enableDnsSupport", call),
      enableDnsHostnames: await attribute(id, "enableDnsHostnames", call),
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, it.OwnerId, `vpc/${id}`),
      ownerId: it.OwnerId,
      dhcpOptionsId: it.DhcpOptionsId,
      ...(await defaultsOf(id, call)),
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, { aws, waitFor }) {
    await waitFor(
      `VPC ${id} to be free of dependencies`,
      300,
      whileRefused(["DependencyViolation"], () => aws.ec2.send(new DeleteVpcCommand({ VpcId: id }))),
    );
  },
});

async function attribute(
  id: string,
  name: VpcAttributeName & ("enableDnsSupport" | "enableDnsHostnames"),
  { aws }: Call,
): Promise<boolean | undefined> {
  const answer = await aws.ec2.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: name }));
  return (name === "enableDnsSupport" ? answer.EnableDnsSupport : answer.EnableDnsHostnames)?.Value;
}

/** What AWS makes together with a VPC. */
async function defaultsOf(id: string, { aws }: Call) {
  const inVpc = (name: string, value: string) => ({
    Filters: [
      { Name: "vpc-id", Values: [id] },
      { Name: name, Values: [value] },
    ],
  });
  const { RouteTables } = await aws.ec2.send(new DescribeRouteTablesCommand(inVpc("association.main", "true")));
  const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand(inVpc("group-name", "default")));
  const { NetworkAcls } = await aws.ec2.send(new DescribeNetworkAclsCommand(inVpc("default", "true")));
  return {
    mainRouteTableId: RouteTables?.[0]?.RouteTableId,
    defaultRouteTableId: RouteTables?.[0]?.RouteTableId,
    defaultSecurityGroupId: SecurityGroups?.[0]?.GroupId,
    defaultNetworkAclId: NetworkAcls?.[0]?.NetworkAclId,
  };
}
