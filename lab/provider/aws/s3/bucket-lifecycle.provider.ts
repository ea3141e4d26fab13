import { DeleteBucketLifecycleCommand, GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { AwsClients } from "../clients";
import { regionalResource } from "../../resource";
import { bucketName } from "./bucket-name";
import { fromRule, lifecycleRule, toRule } from "./lifecycle-rule";

const inputs = z.strictObject({
  bucket: bucketName,
  rules: z
    .array(lifecycleRule)
    .min(1)
    .max(1_000)
    .refine((rules) => new Set(rules.map((rule) => rule.id)).size === rules.length, "must not use an id twice"),
});

async function put(aws: AwsClients, { bucket, rules }: z.infer<typeof inputs>): Promise<void> {
  await aws.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: rules.map(toRule) } }));
}

export const bucketLifecycle = regionalResource({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs,
  onChange: { bucket: "replace", rules: "update" },
  unordered: ["rules"],
  computed: {},
  async create(inputs, { aws }) {
    await put(aws, inputs);
    return inputs.bucket;
  },
  async read(id, _, { aws }) {
    const { Rules } = await aws.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: id }));
    return { bucket: id, rules: Rules?.map(fromRule) };
  },
  async update(_, { news }, { aws }) {
    await put(aws, news);
  },
  async delete(id, _, { aws }) {
    await aws.s3.send(new DeleteBucketLifecycleCommand({ Bucket: id }));
  },
});
