import { CreateNatGatewayCommand, DeleteNatGatewayCommand, DescribeNatGatewaysCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { found, given } from "../found";
import { resourceId } from "../values";
import { taggedAs, updateTags } from "./ec2-tags";

export const natGateway = regionalResource({
  type: "aws:ec2/natGateway:NatGateway",
  inputs: z
    .strictObject({
      subnetId: resourceId("subnet"),
      allocationId: resourceId("eipalloc").optional(),
      connectivityType: z.enum(["public", "private"]),
      privateIp: z.ipv4().optional(),
      tags: tags.optional(),
    })
    .refine(
      (gateway) => (gateway.connectivityType === "public") === (gateway.allocationId !== undefined),
      "must have an allocationId exactly when public",
    ),
  onChange: { subnetId: "replace", allocationId: "replace", connectivityType: "replace", privateIp: "replace", tags: "update" },
  defaults: { connectivityType: "public" },
  computed: { associationId: "stable", networkInterfaceId: "stable", publicIp: "stable" },
  async create(inputs, { aws }) {
    const { NatGateway } = await aws.ec2.send(
      new CreateNatGatewayCommand({
        SubnetId: inputs.subnetId,
        AllocationId: inputs.allocationId,
        ConnectivityType: inputs.connectivityType,
        PrivateIpAddress: inputs.privateIp,
        ...taggedAs("natgateway", inputs.tagsAll),
      }),
    );
    return given(NatGateway?.NatGatewayId, "NatGatewayId");
  },
  async settle(id, _, call) {
    await call.waitFor(`NAT gateway ${id} to be available`, 600, async () => {
      const it = await describe(id, call);
      if (it?.State === "failed") throw new Error(`NAT gateway ${id} failed: ${it.FailureMessage ?? "AWS says no reason"}`);
      return it?.State === "available" ? { done: true } : { seen: it?.State ?? "nothing" };
    });
  },
  async read(id, _, call) {
    const it = found(await describe(id, call), id);
    if (it.State === "deleted" || it.State === "deleting") return undefined;
    const [address] = it.NatGatewayAddresses ?? [];
    return {
      subnetId: it.SubnetId,
      allocationId: address?.AllocationId,
      connectivityType: it.ConnectivityType,
      privateIp: address?.PrivateIp,
      tagsAll: tagMap(it.Tags),
      associationId: address?.AssociationId,
      networkInterfaceId: address?.NetworkInterfaceId,
      publicIp: address?.PublicIp,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, call) {
    await call.aws.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
    await call.waitFor(`NAT gateway ${id} to be deleted`, 1800, async () => {
      const state = (await describe(id, call))?.State ?? "deleted";
      return state === "deleted" ? { done: true } : { seen: state };
    });
  },
});

async function describe(id: string, { aws }: Call) {
  const { NatGateways } = await aws.ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: "nat-gateway-id", Values: [id] }] }));
  return NatGateways?.[0];
}
