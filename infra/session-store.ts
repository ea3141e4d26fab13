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
  /** A primary and its replicas (2-6), spread over the zones. */
  nodes: number;
  /** 0: none. */
  snapshotDays: number;
  /** Another number: another token. */
  tokenGeneration: number;
}

const ENGINE_VERSION = "8.1";
const FAMILY = "valkey8";

/** Letters and digits (16-128, an ElastiCache limit): the same in a URL, a shell and every language. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html */
const TOKEN = { length: 64, special: false };

/** The central store of sessions, and of what the nodes say of themselves. */
export class SessionStore extends pulumi.ComponentResource {
  readonly primaryHost: pulumi.Output<string>;
  readonly readerHost: pulumi.Output<string>;
  readonly authSecretArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** The nodes, as CloudWatch knows them. */
  readonly memberIds: pulumi.Output<string>[];

  constructor(name: string, args: SessionStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:SessionStore", name, {}, opts);
    const child = { parent: this };
    const group = new ec2.SecurityGroup(name, { vpcId: args.vpcId, description: "nodes to the session store" }, child);
    const keepers = { generation: String(args.tokenGeneration) };
    const token = new random.RandomPassword(`${name}-token`, { ...TOKEN, keepers }, child);
    const secret = new secretsmanager.Secret(`${name}-token`, { description: "AUTH token of the session store", kmsKeyId: args.kmsKeyArn }, child);
    const subnets = new elasticache.SubnetGroup(name, { description: "private subnets", subnetIds: args.subnetIds }, child);
    const parameters = new elasticache.ParameterGroup(
      name,
      {
        description: "sessions expire, they are not evicted unseen",
        family: FAMILY,
        // A full store refuses to write, which everyone sees; any other policy forgets somebody's session, which only that person does.
        parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
      },
      child,
    );
    const store = new elasticache.ReplicationGroup(
      name,
      {
        description: "sessions and registry",
        engine: "valkey",
        engineVersion: ENGINE_VERSION,
        autoMinorVersionUpgrade: false,
        nodeType: args.nodeType,
        numCacheClusters: args.nodes,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        port: SESSION_STORE_PORT,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        parameterGroupName: parameters.name,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: token.result,
        // Of a change: the token before it goes on opening until the next one. From the beginning, because to say it later would be a change too.
        authTokenUpdateStrategy: "ROTATE",
        atRestEncryptionEnabled: true,
        kmsKeyId: args.kmsKeyArn,
        snapshotRetentionLimit: args.snapshotDays,
        applyImmediately: true,
      },
      child,
    );
    // After the store: a node that reads a token here can use it.
    const version = { secretId: secret.id, secretString: token.result };
    new secretsmanager.SecretVersion(`${name}-token`, version, { ...child, dependsOn: store });
    this.primaryHost = store.primaryEndpointAddress;
    this.readerHost = store.readerEndpointAddress;
    this.authSecretArn = secret.arn;
    this.securityGroupId = group.id;
    this.memberIds = Array.from({ length: args.nodes }, (_, index) => store.id.apply((id) => memberId(id, index + 1)));
    this.registerOutputs({ primaryHost: this.primaryHost, readerHost: this.readerHost });
  }
}

/** ElastiCache's own names for a group's nodes. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html (redis12-001, redis12-002) */
const memberId = (groupId: string, number: number): string => `${groupId}-${String(number).padStart(3, "0")}`;
