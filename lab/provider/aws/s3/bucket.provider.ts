import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { type Tags, tagList, tagMap, tags } from "../../tags";
import { errorName } from "../../wait";
import { given } from "../found";
import { bucketName } from "./bucket-name";
import { emptyBucket } from "./empty-bucket";

/** S3's own hosted zone. @see https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints */
const ZONE_OF_US_EAST_1 = "Z3AQBSTGFYJSTF";

/** What a bucket is set to are resources of their own. */
export const bucket = regionalResource({
  type: "aws:s3/bucket:Bucket",
  inputs: z.strictObject({
    bucket: bucketName.optional(),
    /** Deleting it deletes what is in it. */
    forceDestroy: z.boolean(),
    objectLockEnabled: z.boolean(),
    tags: tags.optional(),
  }),
  onChange: { bucket: "replace", forceDestroy: "update", objectLockEnabled: "replace", tags: "update" },
  defaults: { forceDestroy: false, objectLockEnabled: false },
  autoname: { property: "bucket", maxLength: 63, form: (name) => name.toLowerCase() },
  computed: { arn: "stable", bucketDomainName: "stable", bucketRegionalDomainName: "stable", bucketRegion: "stable", hostedZoneId: "stable" },
  async create(inputs, { aws, region }) {
    const place = region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } };
    await aws.s3.send(
      new CreateBucketCommand({ Bucket: inputs.bucket, ObjectLockEnabledForBucket: inputs.objectLockEnabled || undefined, ...place }),
    );
    return given(inputs.bucket, "bucket");
  },
  async settle(id, { tagsAll }, { aws }) {
    if (Object.keys(tagsAll).length > 0) await aws.s3.send(new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: tagList(tagsAll) } }));
    else await aws.s3.send(new DeleteBucketTaggingCommand({ Bucket: id }));
  },
  async read(id, _, call) {
    await call.aws.s3.send(new HeadBucketCommand({ Bucket: id }));
    return {
      bucket: id,
      tagsAll: await readTags(id, call),
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${call.region}.amazonaws.com`,
      bucketRegion: call.region,
      hostedZoneId: call.region === "us-east-1" ? ZONE_OF_US_EAST_1 : undefined,
    };
  },
  async delete(id, state, call) {
    if (state.forceDestroy) await emptyBucket(id, call);
    await call.aws.s3.send(new DeleteBucketCommand({ Bucket: id }));
  },
});

async function readTags(id: string, { aws }: Call): Promise<Tags> {
  try {
    return tagMap((await aws.s3.send(new GetBucketTaggingCommand({ Bucket: id }))).TagSet);
  } catch (error) {
    if (errorName(error) === "NoSuchTagSet") return {};
    throw error;
  }
}
