import {
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import type { Call } from "../../resource";

/** moto 5.2.5 fails on a delete marker while versioning is suspended, which it is once the bucket's versioning has been destroyed. */
export async function emptyBucket(bucket: string, call: Call): Promise<void> {
  const { Status } = await call.aws.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  if (Status === "Suspended") {
    await call.aws.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }));
  }
  await deleteVersions(bucket, call);
}

/** Every version and delete marker, of one key when it is given. */
export async function deleteVersions(bucket: string, { aws, signal }: Call, only?: string): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new Error(`bucket ${bucket}: cancelled while it was emptied`);
    const page = await aws.s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: only }));
    const all = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].filter(({ Key }) => only === undefined || Key === only);
    if (all.length === 0) return;
    const Objects: ObjectIdentifier[] = all.map(({ Key, VersionId }) => ({ Key: Key ?? "", VersionId }));
    const { Errors } = await aws.s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
    const [error] = Errors ?? [];
    if (error) throw new Error(`bucket ${bucket}: ${error.Key} cannot be deleted: ${error.Code}: ${error.Message}`);
  }
}
