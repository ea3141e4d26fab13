import { GetBucketVersioningCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { AwsClients } from "../clients";
import { regionalResource } from "../../resource";
import { bucketName } from "./bucket-name";

const inputs = z.strictObject({ bucket: bucketName, versioningConfiguration: z.strictObject({ status: z.enum(["Enabled", "Suspended"]) }) });

const put = (aws: AwsClients, Bucket: string, Status: "Enabled" | "Suspended") =>
  aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

export const bucketVersioning = regionalResource({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  inputs,
  onChange: { bucket: "replace", versioningConfiguration: "update" },
  computed: {},
  async create({ bucket, versioningConfiguration }, { aws }) {
    await put(aws, bucket, versioningConfiguration.status);
    return bucket;
  },
  async read(id, _, { aws }) {
    const { Status } = await aws.s3.send(new GetBucketVersioningCommand({ Bucket: id }));
    return Status ? { bucket: id, versioningConfiguration: { status: Status } } : undefined;
  },
  async update(id, { news }, { aws }) {
    await put(aws, id, news.versioningConfiguration.status);
  },
  // A bucket never loses its versioning, it can only pause it.
  async delete(id, _, { aws }) {
    await put(aws, id, "Suspended");
  },
});
