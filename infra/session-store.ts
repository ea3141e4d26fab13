import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import * as elasticache from "@pulumi/aws/elasticache";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as random from "@pulumi/random";
import { SESSION_STORE_PORT } from "../contract/ports";

export interface SessionStoreArgs {
  vpcId: pulumi.Input<string>;
  /** Private subnets in at least two zones. */
  subnetIds: pulumi.Input<string>[];
  kmsKeyArn: pulumi.Input<string>;
  nodeType: string;
  /** 0: none. */
  snapshotDays: number;
}

const ENGINE_VERSION = "8.1";
const FAMILY = "valkey8";

/** A primary and a replica, in two zones. */
const NODES = 2;

/** An AUTH token has 16-128 printable characters and of the others only these. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html */
const TOKEN = { length: 64, special: true, overrideSpecial: "!&#$^<>-" };

/** The central store of sessions, and of what the nodes say of themselves. */
export class SessionStore extends pulumi.ComponentResource {
  readonly primaryHost: pulumi.Output<string>;
  readonly readerHost: pulumi.Output<string>;
  readonly authSecretArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: SessionStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:SessionStore", name, {}, opts);
    const child = { parent: this };
    const group = new ec2.SecurityGroup(name, { vpcId: args.vpcId, description: "nodes to the session store" }, child);
    const token = new random.RandomPassword(`${name}-token`, TOKEN, child);
    const secret = new secretsmanager.Secret(`${name}-token`, { description: "AUTH token of the session store", kmsKeyId: args.kmsKeyArn }, child);
    const version = new secretsmanager.SecretVersion(`${name}-token`, { secretId: secret.id, secretString: token.result }, child);
    const subnets = new elasticache.SubnetGroup(name, { description: "private subnets", subnetIds: args.subnetIds }, child);
    const parameters = new elasticache.ParameterGroup(
      name,
      {
        description: "sessions expire, they are not evicted unseen",
        family: FAMILY,
        // Only keys with a lifetime may go when memory is full, the least used first: sessions have one, the registry's entries too.
        parameters: [
          { name: "maxmemory-policy", value: "volatile-lru" },
          // Expired keys are announced, so that a node can drop its copy (Ex: expired events by key).
          { name: "notify-keyspace-events", value: "Ex" },
        ],
      },
      child,
    );
    const store = new elasticache.ReplicationGroup(
      name,
      {
        description: "sessions and registry",
        engine: "valkey",
        engineVersion: ENGINE_VERSION,
        nodeType: args.nodeType,
        numCacheClusters: NODES,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        port: SESSION_STORE_PORT,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        parameterGroupName: parameters.name,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: token.result,
        atRestEncryptionEnabled: true,
        kmsKeyId: args.kmsKeyArn,
        snapshotRetentionLimit: args.snapshotDays,
        applyImmediately: true,
      },
      child,
    );
    this.primaryHost = store.primaryEndpointAddress;
    this.readerHost = store.readerEndpointAddress;
    // A node that reads the ARN finds a token behind it.
    this.authSecretArn = pulumi.all([secret.arn, version.id]).apply(([arn]) => arn);
    this.securityGroupId = group.id;
    this.registerOutputs({ primaryHost: this.primaryHost, readerHost: this.readerHost });
  }
}
