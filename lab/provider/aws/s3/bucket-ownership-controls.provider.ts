import { DeleteBucketOwnershipControlsCommand, GetBucketOwnershipControlsCommand, PutBucketOwnershipControlsCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { AwsClients } from "../clients";
import { regionalResource } from "../../resource";
import { bucketName } from "./bucket-name";

const inputs = z.strictObject({
  bucket: bucketName,
  rule: z.strictObject({ objectOwnership: z.enum(["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"]) }),
});

async function put(aws: AwsClients, { bucket, rule }: z.infer<typeof inputs>): Promise<void> {
  await aws.s3.send(
    new PutBucketOwnershipControlsCommand({ Bucket: bucket, OwnershipControls: { Rules: [{ ObjectOwnership: rule.objectOwnership }] } }),
  );
}

export const bucketOwnershipControls = regionalResource({
  type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  inputs,
  onChange: { bucket: "replace", rule: "update" },
  computed: {},
  async create(inputs, { aws }) {
    await put(aws, inputs);
    return inputs.bucket;
  },
  async read(id, _, { aws }) {
    const { OwnershipControls } = await aws.s3.send(new GetBucketOwnershipControlsCommand({ Bucket: id }));
    return { bucket: id, rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
  },
  async update(_, { news }, { aws }) {
    await put(aws, news);
  },
  async delete(id, _, { aws }) {
    await aws.s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket: id }));
  },
});
