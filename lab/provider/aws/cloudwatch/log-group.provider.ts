import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagChanges, tags } from "../../tags";
import { found, given } from "../found";
import { arn } from "../values";

/** Days; 0 is for ever. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION = [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** Its ARN as other services take it: without the final `:*`. */
const bare = (groupArn: string): string => groupArn.replace(/:\*$/, "");

export const logGroup = regionalResource({
  type: "aws:cloudwatch/logGroup:LogGroup",
  inputs: z.strictObject({
    name: z
      .string()
      .regex(/^[\w./#-]{1,512}$/, "must be 1-512 letters, digits or _./#-")
      .optional(),
    kmsKeyId: arn("kms").optional(),
    logGroupClass: z.literal("STANDARD"),
    retentionInDays: z.int().refine((days) => RETENTION.includes(days), `must be of ${RETENTION.join(", ")}`),
    skipDestroy: z.boolean(),
    tags: tags.optional(),
  }),
  onChange: { name: "replace", kmsKeyId: "update", logGroupClass: "replace", retentionInDays: "update", skipDestroy: "update", tags: "update" },
  defaults: { logGroupClass: "STANDARD", retentionInDays: 0, skipDestroy: false },
  autoname: { property: "name", maxLength: 512 },
  computed: { arn: "stable" },
  async create({ name, kmsKeyId, tagsAll }, { aws }) {
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId, ...(Object.keys(tagsAll).length > 0 ? { tags: tagsAll } : {}) }));
    return given(name, "name");
  },
  async settle(id, { retentionInDays }, { aws }, after) {
    if (retentionInDays > 0) await aws.logs.send(new PutRetentionPolicyCommand({ logGroupName: id, retentionInDays }));
    else if (after === "update") await aws.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: id }));
  },
  async read(id, _, { aws }) {
    const { logGroups } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
    const it = found(
      logGroups?.find(({ logGroupName }) => logGroupName === id),
      `log group ${id}`,
    );
    const arn = bare(given(it.arn, "arn"));
    const { tags } = await aws.logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    return {
      name: it.logGroupName,
      kmsKeyId: it.kmsKeyId,
      logGroupClass: it.logGroupClass ?? "STANDARD",
      retentionInDays: it.retentionInDays ?? 0,
      tagsAll: tags ?? {},
      arn,
    };
  },
  async update(id, { olds, news, has }, { aws, region }) {
    if (has("kmsKeyId")) {
      if (news.kmsKeyId) await aws.logs.send(new AssociateKmsKeyCommand({ logGroupName: id, kmsKeyId: news.kmsKeyId }));
      else await aws.logs.send(new DisassociateKmsKeyCommand({ logGroupName: id }));
    }
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    const resourceArn = `arn:aws:logs:${region}:123456789012:log-group:${id}`;
    if (remove.length > 0) await aws.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.logs.send(new TagResourceCommand({ resourceArn, tags: set }));
  },
  async delete(id, { skipDestroy }, { aws }) {
    if (!skipDestroy) await aws.logs.send(new DeleteLogGroupCommand({ logGroupName: id }));
  },
});
