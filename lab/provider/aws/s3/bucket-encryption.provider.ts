import { DeleteBucketEncryptionCommand, GetBucketEncryptionCommand, PutBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { AwsClients } from "../clients";
import { regionalResource } from "../../resource";
import { bucketName } from "./bucket-name";

const rule = z.strictObject({
  applyServerSideEncryptionByDefault: z
    .strictObject({ sseAlgorithm: z.enum(["AES256", "aws:kms", "aws:kms:dsse"]), kmsMasterKeyId: z.string().min(1).max(2_048).optional() })
    .refine((one) => one.sseAlgorithm !== "AES256" || one.kmsMasterKeyId === undefined, "must have no kmsMasterKeyId when sseAlgorithm is AES256"),
  bucketKeyEnabled: z.boolean().optional(),
});

const inputs = z.strictObject({ bucket: bucketName, rules: z.array(rule).length(1) });

async function put(aws: AwsClients, { bucket, rules }: z.infer<typeof inputs>): Promise<void> {
  const Rules = rules.map(({ applyServerSideEncryptionByDefault: by, bucketKeyEnabled }) => ({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: by.sseAlgorithm, KMSMasterKeyID: by.kmsMasterKeyId },
    BucketKeyEnabled: bucketKeyEnabled,
  }));
  await aws.s3.send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules } }));
}

export const bucketEncryption = regionalResource({
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs,
  onChange: { bucket: "replace", rules: "update" },
  computed: {},
  async create(inputs, { aws }) {
    await put(aws, inputs);
    return inputs.bucket;
  },
  async read(id, _, { aws }) {
    const { ServerSideEncryptionConfiguration: it } = await aws.s3.send(new GetBucketEncryptionCommand({ Bucket: id }));
    return {
      bucket: id,
      rules: it?.Rules?.map(({ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled }) => ({
        applyServerSideEncryptionByDefault: by && { sseAlgorithm: by.SSEAlgorithm, kmsMasterKeyId: by.KMSMasterKeyID },
        bucketKeyEnabled: BucketKeyEnabled ?? false,
      })),
    };
  },
  async update(_, { news }, { aws }) {
    await put(aws, news);
  },
  async delete(id, _, { aws }) {
    await aws.s3.send(new DeleteBucketEncryptionCommand({ Bucket: id }));
  },
});
