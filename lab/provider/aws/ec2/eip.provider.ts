import { AllocateAddressCommand, DescribeAddressesCommand, ReleaseAddressCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { accountId } from "./account";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";

const IN_USE = ["AuthFailure", "InvalidIPAddress.InUse"];

export const eip = regionalResource({
  type: "aws:ec2/eip:Eip",
  inputs: z.strictObject({ domain: z.literal("vpc"), tags: tags.optional() }),
  onChange: { domain: "replace", tags: "update" },
  defaults: { domain: "vpc" },
  computed: {
    arn: "stable",
    allocationId: "stable",
    publicIp: "stable",
    publicDns: "stable",
    associationId: "changes",
    networkInterface: "changes",
    privateIp: "changes",
    networkBorderGroup: "stable",
    publicIpv4Pool: "stable",
  },
  async create(inputs, { aws }) {
    const { AllocationId } = await aws.ec2.send(new AllocateAddressCommand({ Domain: "vpc", ...taggedAs("elastic-ip", inputs.tagsAll) }));
    return given(AllocationId, "AllocationId");
  },
  async read(id, _, call) {
    const { Addresses } = await call.aws.ec2.send(new DescribeAddressesCommand({ AllocationIds: [id] }));
    const it = found(Addresses?.[0], id);
    const zone = call.region === "us-east-1" ? "compute-1" : `${call.region}.compute`;
    return {
      domain: it.Domain,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, await accountId(call), `elastic-ip/${id}`),
      allocationId: id,
      publicIp: it.PublicIp,
      publicDns: `ec2-${it.PublicIp?.replaceAll(".", "-")}.${zone}.amazonaws.com`,
      associationId: it.AssociationId ?? "",
      networkInterface: it.NetworkInterfaceId ?? "",
      privateIp: it.PrivateIpAddress ?? "",
      networkBorderGroup: it.NetworkBorderGroup ?? call.region,
      publicIpv4Pool: it.PublicIpv4Pool ?? "amazon",
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, { aws, waitFor }) {
    await waitFor(
      `address ${id} to be unused`,
      180,
      whileRefused(IN_USE, () => aws.ec2.send(new ReleaseAddressCommand({ AllocationId: id }))),
    );
  },
});
