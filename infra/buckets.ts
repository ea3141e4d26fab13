import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "./bucket";

export interface BucketsArgs {
  accountId: string;
  partition: string;
  region: string;
  kmsKeyArn: pulumi.Input<string>;
  retain: boolean;
  logDays: number;
  backupDays: number;
}

/** Days that replaced settings and releases are kept. */
const HISTORY_DAYS = 365;

/** Where the load balancer's access logs are in the bucket for logs; flow logs have no prefix of their own. */
export const ACCESS_LOGS_PREFIX = "alb";

/** Where releases, settings, backups and logs are. */
export class Buckets extends pulumi.ComponentResource {
  readonly releases: Bucket;
  readonly settings: Bucket;
  readonly backups: Bucket;
  readonly logs: Bucket;

  constructor(name: string, args: BucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Buckets", name, {}, opts);
    const child = { parent: this };
    const { kmsKeyArn, retain } = args;
    this.releases = new Bucket("releases", { kmsKeyArn, retain, noncurrentDays: HISTORY_DAYS }, child);
    this.settings = new Bucket("settings", { kmsKeyArn, retain, noncurrentDays: HISTORY_DAYS }, child);
    this.backups = new Bucket("backups", { kmsKeyArn, retain, noncurrentDays: args.backupDays }, child);
    // Access logs can be written under S3's own key only. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    const statements = (bucketArn: string) => logWriters(bucketArn, args);
    this.logs = new Bucket("logs", { kmsKeyArn: undefined, retain, noncurrentDays: 1, expireDays: args.logDays, statements }, child);
    this.registerOutputs();
  }
}

/**
 * Who writes logs, and that they write this account's. All that flow logs need is here: AWS would add what is missing to the policy by itself,
 * and the next `pulumi up` would take it away again.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 */
function logWriters(bucketArn: string, { accountId, partition, region }: BucketsArgs): object[] {
  const Principal = { Service: "delivery.logs.amazonaws.com" };
  const own = {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:${accountId}:*` },
  };
  return [
    {
      Sid: "LoadBalancerWritesAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn}/${ACCESS_LOGS_PREFIX}/AWSLogs/${accountId}/*`,
    },
    {
      Sid: "FlowLogsAreWritten",
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: { ...own, StringEquals: { ...own.StringEquals, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    { Sid: "FlowLogsAreChecked", Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: bucketArn, Condition: own },
  ];
}
