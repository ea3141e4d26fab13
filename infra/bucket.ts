import * as pulumi from "@pulumi/pulumi";
import * as s3 from "@pulumi/aws/s3";

export interface BucketArgs {
  /** The stack's key; undefined: S3's own (SSE-S3), for what AWS services write that cannot use a key. */
  kmsKeyArn: pulumi.Input<string> | undefined;
  /** Outlives the stack with all that is in it; else goes with all that is in it. */
  retain: boolean;
  /** Days that replaced and deleted versions are kept. */
  noncurrentDays: number;
  /** Days that current objects are kept; undefined: for ever. */
  expireDays?: number;
  /** What the policy allows besides TLS-only access. */
  statements?: (bucketArn: string) => object[];
}

/** Days after which the parts of an upload that never ended are removed. */
const ABORT_UPLOAD_DAYS = 7;

/** A bucket as all of this stack are: versioned, encrypted, private, by TLS only, with an end to what is old. */
export class Bucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Bucket", name, {}, opts);
    const kept = { parent: this, retainOnDelete: args.retain };
    const bucket = new s3.Bucket(name, { forceDestroy: !args.retain }, kept);
    const ref = { bucket: bucket.bucket };
    const closed = new s3.BucketPublicAccessBlock(
      `${name}-closed`,
      { ...ref, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      kept,
    );
    new s3.BucketOwnershipControls(`${name}-ownership`, { ...ref, rule: { objectOwnership: "BucketOwnerEnforced" } }, kept);
    const versioning = new s3.BucketVersioning(`${name}-versions`, { ...ref, versioningConfiguration: { status: "Enabled" } }, kept);
    new s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, { ...ref, rules: [encryption(args.kmsKeyArn)] }, kept);
    new s3.BucketLifecycleConfiguration(`${name}-lifecycle`, { ...ref, rules: [lifecycle(args)] }, { ...kept, dependsOn: versioning });
    const policy = bucket.arn.apply((arn) => bucketPolicy(arn, args.statements?.(arn) ?? []));
    new s3.BucketPolicy(`${name}-policy`, { ...ref, policy }, { ...kept, dependsOn: closed });

    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}

const encryption = (kmsKeyArn: pulumi.Input<string> | undefined) =>
  kmsKeyArn
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn }, bucketKeyEnabled: true }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };

const lifecycle = ({ noncurrentDays, expireDays }: BucketArgs) => ({
  id: "old",
  status: "Enabled",
  filter: { prefix: "" },
  // With an age S3 removes the marks of what was deleted too; without one it has to be told.
  expiration: expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays },
  noncurrentVersionExpiration: { noncurrentDays },
  abortIncompleteMultipartUpload: { daysAfterInitiation: ABORT_UPLOAD_DAYS },
});

const bucketPolicy = (arn: string, statements: object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyByTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...statements,
    ],
  });
