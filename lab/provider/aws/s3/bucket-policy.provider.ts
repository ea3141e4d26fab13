import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { jsonDocument } from "../values";
import { bucketName } from "./bucket-name";

export const bucketPolicy = regionalResource({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: z.strictObject({ bucket: bucketName, policy: jsonDocument(20_480) }),
  onChange: { bucket: "replace", policy: "update" },
  computed: {},
  async create({ bucket, policy }, { aws }) {
    await aws.s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    return bucket;
  },
  async read(id, _, { aws }) {
    const { Policy } = await aws.s3.send(new GetBucketPolicyCommand({ Bucket: id }));
    return { bucket: id, policy: Policy };
  },
  async update(id, { news }, { aws }) {
    await aws.s3.send(new PutBucketPolicyCommand({ Bucket: id, Policy: news.policy }));
  },
  async delete(id, _, { aws }) {
    await aws.s3.send(new DeleteBucketPolicyCommand({ Bucket: id }));
  },
});
