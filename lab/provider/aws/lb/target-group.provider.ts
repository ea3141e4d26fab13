import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { port, resourceId } from "../values";
import { arnSuffix, elbName } from "./elb-name";
import { elbTags, readElbTags, updateElbTags } from "./elb-tags";
import { healthCheck, healthCheckCall, healthCheckFault, readHealthCheck } from "./health-check";
import { attributeDefaults, attributeInputs, fromAttributes, toAttributes } from "./target-group-attributes";

export const targetGroup = regionalResource({
  type: "aws:lb/targetGroup:TargetGroup",
  inputs: z
    .strictObject({
      name: elbName.optional(),
      vpcId: resourceId("vpc"),
      port,
      protocol: z.enum(["HTTP", "HTTPS"]),
      protocolVersion: z.enum(["HTTP1", "HTTP2", "GRPC"]),
      targetType: z.enum(["instance", "ip"]),
      ipAddressType: z.literal("ipv4"),
      healthCheck: healthCheck.optional(),
      ...attributeInputs,
      tags: tags.optional(),
    })
    .superRefine((group, faults) => {
      const fault = healthCheckFault(group.healthCheck);
      if (fault) faults.addIssue({ code: "custom", path: ["healthCheck", "timeout"], message: fault });
    }),
  onChange: {
    name: "replace",
    vpcId: "replace",
    port: "replace",
    protocol: "replace",
    protocolVersion: "replace",
    targetType: "replace",
    ipAddressType: "replace",
    healthCheck: "update",
    deregistrationDelay: "update",
    slowStart: "update",
    loadBalancingAlgorithmType: "update",
    loadBalancingAnomalyMitigation: "update",
    loadBalancingCrossZoneEnabled: "update",
    stickiness: "update",
    targetGroupHealth: "update",
    tags: "update",
  },
  defaults: { protocolVersion: "HTTP1", targetType: "instance", ipAddressType: "ipv4", ...attributeDefaults },
  autoname: { property: "name", maxLength: 32 },
  computed: { arn: "stable", arnSuffix: "stable", loadBalancerArns: "changes" },
  async create(inputs, { aws }) {
    const { TargetGroups } = await aws.elb.send(
      new CreateTargetGroupCommand({
        Name: inputs.name,
        VpcId: inputs.vpcId,
        Port: inputs.port,
        Protocol: inputs.protocol,
        ProtocolVersion: inputs.protocolVersion,
        TargetType: inputs.targetType,
        IpAddressType: inputs.ipAddressType,
        ...healthCheckCall(inputs.healthCheck),
        ...elbTags(inputs.tagsAll),
      }),
    );
    return given(TargetGroups?.[0]?.TargetGroupArn, "TargetGroupArn");
  },
  async settle(id, inputs, { aws }) {
    await aws.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: id, Attributes: toAttributes(inputs) }));
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    const { Attributes } = await call.aws.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: id }));
    return {
      name: it.TargetGroupName,
      vpcId: it.VpcId,
      port: it.Port,
      protocol: it.Protocol,
      protocolVersion: it.ProtocolVersion,
      targetType: it.TargetType,
      ipAddressType: it.IpAddressType,
      healthCheck: readHealthCheck(it),
      ...fromAttributes(Attributes ?? []),
      tagsAll: await readElbTags(id, call),
      arn: id,
      arnSuffix: arnSuffix(id),
      loadBalancerArns: [...new Set(it.LoadBalancerArns)],
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateElbTags(id, change, call);
    if (change.has("healthCheck"))
      await call.aws.elb.send(new ModifyTargetGroupCommand({ TargetGroupArn: id, ...healthCheckCall(change.news.healthCheck) }));
  },
  async delete(id, state, { aws, waitFor }) {
    const remove = () => aws.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: id }));
    await waitFor(`target group ${state.name} to be unused`, 120, whileRefused(["ResourceInUseException", "ResourceInUse"], remove));
  },
});

async function describe(id: string, { aws }: Call) {
  const { TargetGroups } = await aws.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [id] }));
  return found(TargetGroups?.[0], id);
}
