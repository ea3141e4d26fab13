import { CreateSubnetCommand, DeleteSubnetCommand, DescribeSubnetsCommand, ModifySubnetAttributeCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { resourceId, zoneName } from "../values";
import { taggedAs, updateTags } from "./ec2-tags";

export const subnet = regionalResource({
  type: "aws:ec2/subnet:Subnet",
  inputs: z.strictObject({
    vpcId: resourceId("vpc"),
    /** @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html (/16 to /28) */
    cidrBlock: z.cidrv4().refine((cidr) => Number(cidr.split("/")[1]) >= 16 && Number(cidr.split("/")[1]) <= 28, "must be a /16 to a /28"),
    availabilityZone: zoneName.optional(),
    mapPublicIpOnLaunch: z.boolean(),
    tags: tags.optional(),
  }),
  onChange: { vpcId: "replace", cidrBlock: "replace", availabilityZone: "replace", mapPublicIpOnLaunch: "update", tags: "update" },
  defaults: { mapPublicIpOnLaunch: false },
  computed: { arn: "stable", ownerId: "stable", availabilityZoneId: "stable" },
  async create(inputs, { aws }) {
    const { Subnet } = await aws.ec2.send(
      new CreateSubnetCommand({
        VpcId: inputs.vpcId,
        CidrBlock: inputs.cidrBlock,
        AvailabilityZone: inputs.availabilityZone,
        ...taggedAs("subnet", inputs.tagsAll),
      }),
    );
    return given(Subnet?.SubnetId, "SubnetId");
  },
  async settle(id, inputs, { aws, waitFor }) {
    await aws.ec2.send(new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch: { Value: inputs.mapPublicIpOnLaunch } }));
    await waitFor(`subnet ${id} to be available`, 600, async () => {
      const { Subnets } = await aws.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
      const state = Subnets?.[0]?.State ?? "nothing";
      return state === "available" ? { done: true } : { seen: state };
    });
  },
  async read(id, _, { aws }) {
    const { Subnets } = await aws.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }));
    const it = found(Subnets?.[0], id);
    return {
      vpcId: it.VpcId,
      cidrBlock: it.CidrBlock,
      availabilityZone: it.AvailabilityZone,
      mapPublicIpOnLaunch: it.MapPublicIpOnLaunch,
      tagsAll: tagMap(it.Tags),
      arn: it.SubnetArn,
      ownerId: it.OwnerId,
      availabilityZoneId: it.AvailabilityZoneId,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, { aws, waitFor }) {
    const remove = () => aws.ec2.send(new DeleteSubnetCommand({ SubnetId: id }));
    await waitFor(`subnet ${id} to be free of dependencies`, 1200, whileRefused(["DependencyViolation"], remove));
  },
});
