import { DeletePublicAccessBlockCommand, GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { AwsClients } from "../clients";
import { regionalResource } from "../../resource";
import { bucketName } from "./bucket-name";

const inputs = z.strictObject({
  bucket: bucketName,
  blockPublicAcls: z.boolean(),
  blockPublicPolicy: z.boolean(),
  ignorePublicAcls: z.boolean(),
  restrictPublicBuckets: z.boolean(),
});

async function put(aws: AwsClients, block: z.infer<typeof inputs>): Promise<void> {
  await aws.s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: block.bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: block.blockPublicAcls,
        BlockPublicPolicy: block.blockPublicPolicy,
        IgnorePublicAcls: block.ignorePublicAcls,
        RestrictPublicBuckets: block.restrictPublicBuckets,
      },
    }),
  );
}

export const bucketPublicAccessBlock = regionalResource({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  inputs,
  onChange: {
    bucket: "replace",
    blockPublicAcls: "update",
    blockPublicPolicy: "update",
    ignorePublicAcls: "update",
    restrictPublicBuckets: "update",
  },
  defaults: { blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false },
  computed: {},
  async create(inputs, { aws }) {
    await put(aws, inputs);
    return inputs.bucket;
  },
  async read(id, _, { aws }) {
    const { PublicAccessBlockConfiguration: it } = await aws.s3.send(new GetPublicAccessBlockCommand({ Bucket: id }));
    return {
      bucket: id,
      blockPublicAcls: it?.BlockPublicAcls,
      blockPublicPolicy: it?.BlockPublicPolicy,
      ignorePublicAcls: it?.IgnorePublicAcls,
      restrictPublicBuckets: it?.RestrictPublicBuckets,
    };
  },
  async update(_, { news }, { aws }) {
    await put(aws, news);
  },
  async delete(id, _, { aws }) {
    await aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket: id }));
  },
});
