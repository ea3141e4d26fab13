import { CreateFlowLogsCommand, DeleteFlowLogsCommand, DescribeFlowLogsCommand } from "@aws-sdk/client-ec2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tagMap, tags } from "../../tags";
import { found } from "../found";
import { arn, resourceId } from "../values";
import { accountId } from "./account";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";

const inputs = z
  .strictObject({
    vpcId: resourceId("vpc").optional(),
    subnetId: resourceId("subnet").optional(),
    trafficType: z.enum(["ACCEPT", "REJECT", "ALL"]),
    logDestinationType: z.enum(["s3", "cloud-watch-logs"]),
    logDestination: z.union([arn("s3"), arn("logs")]),
    iamRoleArn: arn("iam").optional(),
    logFormat: z.string().max(4096).optional(),
    /** Seconds. @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html */
    maxAggregationInterval: z.union([z.literal(60), z.literal(600)]),
    destinationOptions: z
      .strictObject({
        fileFormat: z.enum(["plain-text", "parquet"]).optional(),
        hiveCompatiblePartitions: z.boolean().optional(),
        perHourPartition: z.boolean().optional(),
      })
      .optional(),
    tags: tags.optional(),
  })
  .refine((log) => (log.vpcId === undefined) !== (log.subnetId === undefined), "must have one of vpcId and subnetId");

export const flowLog = regionalResource({
  type: "aws:ec2/flowLog:FlowLog",
  inputs,
  onChange: {
    vpcId: "replace",
    subnetId: "replace",
    trafficType: "replace",
    logDestinationType: "replace",
    logDestination: "replace",
    iamRoleArn: "replace",
    logFormat: "replace",
    maxAggregationInterval: "replace",
    destinationOptions: "replace",
    tags: "update",
  },
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  computed: { arn: "stable" },
  async create(inputs, { aws }) {
    const { destinationOptions: options, ...rest } = inputs;
    const { FlowLogIds, Unsuccessful } = await aws.ec2.send(
      new CreateFlowLogsCommand({
        ResourceIds: [rest.vpcId ?? rest.subnetId ?? ""],
        ResourceType: rest.vpcId ? "VPC" : "Subnet",
        TrafficType: rest.trafficType,
        LogDestinationType: rest.logDestinationType,
        LogDestination: rest.logDestination,
        DeliverLogsPermissionArn: rest.iamRoleArn,
        LogFormat: rest.logFormat,
        MaxAggregationInterval: rest.maxAggregationInterval,
        ...(options
          ? {
              DestinationOptions: {
                FileFormat: options.fileFormat,
                HiveCompatiblePartitions: options.hiveCompatiblePartitions,
                PerHourPartition: options.perHourPartition,
              },
            }
          : {}),
        ...taggedAs("vpc-flow-log", inputs.tagsAll),
      }),
    );
    // The call succeeds even when nothing was made.
    const [id] = FlowLogIds ?? [];
    if (!id)
      throw new Error(`flow log of ${rest.vpcId ?? rest.subnetId}: ${Unsuccessful?.[0]?.Error?.Message ?? "AWS made none and says no reason"}`);
    return id;
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    return {
      vpcId: it.ResourceId?.startsWith("vpc-") ? it.ResourceId : undefined,
      subnetId: it.ResourceId?.startsWith("subnet-") ? it.ResourceId : undefined,
      trafficType: it.TrafficType,
      logDestinationType: it.LogDestinationType,
      logDestination: it.LogDestination,
      maxAggregationInterval: it.MaxAggregationInterval,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, await accountId(call), `vpc-flow-log/${id}`),
    };
  },
  async update(id, change, call) {
    if (change.has("tagsAll")) await updateTags(id, change, call);
  },
  async delete(id, _, { aws }) {
    await aws.ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }));
  },
});

async function describe(id: string, { aws }: Call) {
  const { FlowLogs } = await aws.ec2.send(new DescribeFlowLogsCommand({ FlowLogIds: [id] }));
  return found(FlowLogs?.[0], id);
}
