import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  DeleteInternetGatewayCommand,
  DescribeInternetGatewaysCommand,
  DetachInternetGatewayCommand,
} from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { resourceId } from "../values";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";

export const internetGateway = regionalResource({
  type: "aws:ec2/internetGateway:InternetGateway",
  inputs: z.strictObject({ vpcId: resourceId("vpc").optional(), tags: tags.optional() }),
  onChange: { vpcId: "update", tags: "update" },
  computed: { arn: "stable", ownerId: "stable" },
  async create(inputs, { aws }) {
    const { InternetGateway } = await aws.ec2.send(new CreateInternetGatewayCommand(taggedAs("internet-gateway", inputs.tagsAll)));
    return given(InternetGateway?.InternetGatewayId, "InternetGatewayId");
  },
  async settle(id, { vpcId }, call) {
    const attached = (await describe(id, call)).Attachments?.[0]?.VpcId;
    if (attached === vpcId) return;
    if (attached) await detach(id, attached, call);
    if (vpcId) await call.aws.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpcId }));
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    return {
      vpcId: it.Attachments?.[0]?.VpcId,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, it.OwnerId, `internet-gateway/${id}`),
      ownerId: it.OwnerId,
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, call) {
    const attached = (await describe(id, call)).Attachments?.[0]?.VpcId;
    if (attached) await detach(id, attached, call);
    await call.aws.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
  },
});

async function describe(id: string, { aws }: Call) {
  const { InternetGateways } = await aws.ec2.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] }));
  return found(InternetGateways?.[0], id);
}

/** AWS refuses while a public address behind it is mapped. */
async function detach(id: string, vpcId: string, { aws, waitFor }: Call): Promise<void> {
  const action = () => aws.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpcId }));
  await waitFor(`internet gateway ${id} to be free of mapped addresses`, 900, whileRefused(["DependencyViolation"], action));
}
