import { Buckets } from "../../infra/buckets";
import { only, record, type Recorded } from "./record";

const program = (retain: boolean) => () =>
  new Buckets("buckets", {
    accountId: "123456789012",
    partition: "aws",
    region: "us-east-1",
    kmsKeyArn: "arn:aws:kms:k",
    retain,
    logDays: 90,
    backupDays: 35,
  });

let made: Recorded[];

beforeAll(async () => {
  made = await record(program(true));
});

interface Statement {
  Sid: string;
}
const statements = (name: string): Statement[] =>
  (JSON.parse(only(made, "aws:s3/bucketPolicy:BucketPolicy", `${name}-policy`).policy as string) as { Statement: Statement[] }).Statement;

const NAMES = ["releases", "settings", "backups", "logs"];

describe.each(NAMES)("the bucket for %s", (name) => {
  const ref = { bucket: `${name}-1234567` };

  test("is versioned and closed to the public", () => {
    expect(only(made, "aws:s3/bucketVersioning:BucketVersioning", `${name}-versions`)).toEqual({
      ...ref,
      versioningConfiguration: { status: "Enabled" },
    });
    expect(only(made, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", `${name}-closed`)).toEqual({
      ...ref,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(only(made, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", `${name}-ownership`)).toEqual({
      ...ref,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  test("refuses what does not come by TLS", () => {
    const arn = `arn:aws:s3:us-east-1:123456789012:${name}`;
    expect(statements(name)[0]).toEqual({
      Sid: "OnlyByTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });
});

test.each([
  ["releases", "aws:kms"],
  ["settings", "aws:kms"],
  ["backups", "aws:kms"],
  ["logs", "AES256"],
])("the bucket for %s is encrypted by %s", (name, sseAlgorithm) => {
  const { rules } = only(made, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", `${name}-encryption`);
  const byKey = { applyServerSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId: "arn:aws:kms:k" }, bucketKeyEnabled: true };
  expect(rules).toEqual([sseAlgorithm === "aws:kms" ? byKey : { applyServerSideEncryptionByDefault: { sseAlgorithm } }]);
});

test.each([
  ["releases", { expiredObjectDeleteMarker: true }, 365],
  ["settings", { expiredObjectDeleteMarker: true }, 365],
  ["backups", { expiredObjectDeleteMarker: true }, 35],
  ["logs", { days: 90 }, 1],
])("what is old in the bucket for %s ends", (name, expiration, noncurrentDays) => {
  const { rules } = only(made, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `${name}-lifecycle`);
  const old = { id: "old", status: "Enabled", filter: { prefix: "" }, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
  expect(rules).toEqual([{ ...old, expiration, noncurrentVersionExpiration: { noncurrentDays } }]);
});

test("only the load balancer and flow logs write logs, this account's, each in its place", () => {
  const arn = "arn:aws:s3:us-east-1:123456789012:logs";
  const own = {
    StringEquals: { "aws:SourceAccount": "123456789012" },
    ArnLike: { "aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:*" },
  };
  expect(statements("logs").slice(1)).toEqual([
    {
      Sid: "LoadBalancerWritesAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${arn}/alb/AWSLogs/123456789012/*`,
    },
    {
      Sid: "FlowLogsAreWritten",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${arn}/AWSLogs/123456789012/*`,
      Condition: { ...own, StringEquals: { ...own.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    {
      Sid: "FlowLogsAreChecked",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:GetBucketAcl",
      Resource: arn,
      Condition: own,
    },
  ]);
  for (const name of NAMES.slice(0, 3)) expect(statements(name)).toHaveLength(1);
});

test("retained buckets are kept with all that protects them; others go with what is in them", async () => {
  expect(made.filter(({ type }) => type.startsWith("aws:")).every(({ retainOnDelete }) => retainOnDelete)).toBe(true);
  const passing = await record(program(false));
  expect(passing.some(({ retainOnDelete }) => retainOnDelete)).toBe(false);
  for (const name of NAMES) {
    expect(only(made, "aws:s3/bucket:Bucket", name)).toEqual({ forceDestroy: false });
    expect(only(passing, "aws:s3/bucket:Bucket", name)).toEqual({ forceDestroy: true });
  }
});
