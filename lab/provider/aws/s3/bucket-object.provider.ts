import { DeleteObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand, PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { Asset } from "../../property-values";
import { type Call, type Checked, regionalResource } from "../../resource";
import { tagList, tagMap, tags } from "../../tags";
import { found } from "../found";
import { assetBody } from "./asset-body";
import { bucketName } from "./bucket-name";
import { deleteVersions } from "./empty-bucket";

const inputs = z
  .strictObject({
    bucket: bucketName,
    key: z.string().min(1).max(1_024),
    source: z.instanceof(Asset, { message: "must be an asset (a file or text), not an archive" }).optional(),
    content: z.string().optional(),
    contentBase64: z.base64().optional(),
    contentType: z.string().min(1).max(255),
    contentEncoding: z.string().optional(),
    cacheControl: z.string().optional(),
    sourceHash: z.string().optional(),
    serverSideEncryption: z.enum(["AES256", "aws:kms"]).optional(),
    kmsKeyId: z.string().min(1).max(2_048).optional(),
    bucketKeyEnabled: z.boolean().optional(),
    metadata: z.record(z.string().regex(/^[a-z0-9._-]+$/, "must be lower case"), z.string()).optional(),
    forceDestroy: z.boolean(),
    tags: tags.optional(),
  })
  .refine(
    (one) => [one.source, one.content, one.contentBase64].filter((body) => body !== undefined).length === 1,
    "must have one of source, content and contentBase64",
  );

type ObjectInputs = Checked<z.infer<typeof inputs>>;

export const bucketObject = regionalResource({
  type: "aws:s3/bucketObjectv2:BucketObjectv2",
  inputs,
  onChange: {
    bucket: "replace",
    key: "replace",
    source: "update",
    content: "update",
    contentBase64: "update",
    contentType: "update",
    contentEncoding: "update",
    cacheControl: "update",
    sourceHash: "update",
    serverSideEncryption: "update",
    kmsKeyId: "update",
    bucketKeyEnabled: "update",
    metadata: "update",
    forceDestroy: "update",
    tags: "update",
  },
  defaults: { contentType: "application/octet-stream", forceDestroy: false },
  computed: { arn: "stable", etag: "changes", versionId: "changes" },
  async create(inputs, call) {
    await put(inputs, call);
    return `${inputs.bucket}/${inputs.key}`;
  },
  async read(id, _, { aws }) {
    const [Bucket, Key] = [id.slice(0, id.indexOf("/")), id.slice(id.indexOf("/") + 1)];
    const it = await aws.s3.send(new HeadObjectCommand({ Bucket, Key }));
    const { TagSet } = await aws.s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return {
      bucket: Bucket,
      key: Key,
      contentType: it.ContentType,
      tagsAll: tagMap(TagSet),
      arn: `arn:aws:s3:::${id}`,
      etag: found(it.ETag, `the ETag of ${id}`).replaceAll('"', ""),
      versionId: it.VersionId,
    };
  },
  // Other headers than the tags cannot be changed in place: the object is put again.
  async update(_, { news, has }, call) {
    if (has(...CONTENT)) await put(news, call);
    else await call.aws.s3.send(new PutObjectTaggingCommand({ Bucket: news.bucket, Key: news.key, Tagging: { TagSet: tagList(news.tagsAll) } }));
  },
  async delete(_, { bucket, key, versionId }, call) {
    if (versionId) await deleteVersions(bucket, call, key);
    else await call.aws.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});

const IN_PLACE = ["bucket", "key", "forceDestroy", "tags"];
const CONTENT = (Object.keys(inputs.shape) as (keyof ObjectInputs)[]).filter((key) => !IN_PLACE.includes(key));

async function put(inputs: ObjectInputs, { aws }: Call): Promise<void> {
  const text = inputs.contentBase64 === undefined ? Buffer.from(inputs.content ?? "") : Buffer.from(inputs.contentBase64, "base64");
  await aws.s3.send(
    new PutObjectCommand({
      Bucket: inputs.bucket,
      Key: inputs.key,
      Body: inputs.source ? await assetBody(inputs.source) : text,
      ContentType: inputs.contentType,
      ContentEncoding: inputs.contentEncoding,
      CacheControl: inputs.cacheControl,
      ServerSideEncryption: inputs.kmsKeyId ? "aws:kms" : inputs.serverSideEncryption,
      SSEKMSKeyId: inputs.kmsKeyId,
      BucketKeyEnabled: inputs.bucketKeyEnabled,
      Metadata: inputs.metadata,
      Tagging: new URLSearchParams(inputs.tagsAll).toString(),
    }),
  );
}
