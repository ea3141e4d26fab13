import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "./bucket";

export interface BucketsArgs {
  partition: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  retain: boolean;
  logDays: number;
  backupDays: number;
}

/** Days that replaced settings and releases are kept. */
const HISTORY_DAYS = 365;

/** Where releases, settings, backups and logs are. */
export class Buckets extends pulumi.ComponentResource {
  readonly releases: Bucket;
  readonly settings: Bucket;
  readonly backups: Bucket;
  readonly logs: Bucket;

  constructor(name: string, args: BucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Buckets", name, {}, opts);
    const child = { parent: this };
    const { partition, kmsKeyArn, retain } = args;
    this.releases = new Bucket("releases", { partition, kmsKeyArn, retain, noncurrentDays: HISTORY_DAYS }, child);
    this.settings = new Bucket("settings", { partition, kmsKeyArn, retain, noncurrentDays: HISTORY_DAYS }, child);
    this.backups = new Bucket("backups", { partition, kmsKeyArn, retain, noncurrentDays: args.backupDays }, child);
    // Access logs can be written under S3's own key only. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    this.logs = new Bucket(
      "logs",
      {
        partition,
        kmsKeyArn: undefined,
        retain,
        noncurrentDays: 1,
        expireDays: args.logDays,
        statements: logWriters,
      },
      child,
    );
    this.registerOutputs();
  }
}

/** The load balancer's access logs under `alb/`, flow logs under `AWSLogs/`. @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html */
function logWriters(bucketArn: string): object[] {
  const delivery = { Service: "delivery.logs.amazonaws.com" };
  return [
    {
      Sid: "LoadBalancerWritesAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn}/alb/AWSLogs/*`,
    },
    {
      Sid: "FlowLogsAreWritten",
      Effect: "Allow",
      Principal: delivery,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/*`,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    { Sid: "FlowLogsAreChecked", Effect: "Allow", Principal: delivery, Action: "s3:GetBucketAcl", Resource: bucketArn },
  ];
}
