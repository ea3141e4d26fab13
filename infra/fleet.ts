import * as pulumi from "@pulumi/pulumi";
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import { HEALTH_PATH, RELEASE_HEADER } from "../contract/health";
import { LAUNCH_HEARTBEAT_SECONDS, LAUNCH_HOOK, TERMINATE_HEARTBEAT_SECONDS, TERMINATE_HOOK } from "../contract/lifecycle";
import { GATE_PORT } from "../contract/ports";
import { fleetName, rulePriority } from "./fleet-name";

export interface FleetArgs {
  /** The release's digest. */
  release: string;
  stack: string;
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  listenerArn: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  instanceProfileArn: pulumi.Input<string>;
  imageId: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  userData: pulumi.Input<string>;
  /** Every node has these, and its disk. */
  tags: Record<string, string>;
  n: number;
  maxNodes: number;
  instanceType: string;
  rootVolumeGiB: number;
  cpuTargetPercent: number;
  stickinessSeconds: number;
  drainSeconds: number;
  readyTimeoutSeconds: number;
  /** What nodes need from their first second: the way out, what they may do, what they fetch. */
  after: pulumi.Resource[];
}

/** n+1 nodes of one release, healthy as a whole before anything that comes after it. */
export class Fleet extends pulumi.ComponentResource {
  readonly targetGroupArn: pulumi.Output<string>;
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: FleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Fleet", name, {}, opts);
    const child = { parent: this };
    const targets = new lb.TargetGroup(
      name,
      {
        vpcId: args.vpcId,
        port: GATE_PORT,
        protocol: "HTTP",
        targetType: "instance",
        deregistrationDelay: args.drainSeconds,
        stickiness: { type: "lb_cookie", enabled: true, cookieDuration: args.stickinessSeconds },
        healthCheck: { ...FASTEST_CHECK, path: HEALTH_PATH },
      },
      child,
    );
    // A target group that hangs on no rule is not health-checked, and nothing could wait for it.
    const rule = new lb.ListenerRule(
      name,
      {
        listenerArn: args.listenerArn,
        priority: rulePriority(args.release),
        conditions: [{ httpHeader: { httpHeaderName: RELEASE_HEADER, values: [args.release] } }],
        actions: [{ type: "forward", targetGroupArn: targets.arn }],
      },
      child,
    );
    const template = new ec2.LaunchTemplate(name, launchTemplate(args), child);
    const group = new autoscaling.Group(
      name,
      {
        name: fleetName(args.stack, args.release),
        minSize: args.n + 1,
        desiredCapacity: args.n + 1,
        maxSize: args.maxNodes,
        vpcZoneIdentifiers: args.subnetIds,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        targetGroupArns: [targets.arn],
        // Recovery belongs to the nodes' own ladder: a group that kills what the load balancer finds unhealthy would kill what is being repaired.
        healthCheckType: "EC2",
        healthCheckGracePeriod: 0,
        // One more first, then one less.
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
        // Part of the group from its creation: the first nodes pass through them too.
        initialLifecycleHooks: [
          {
            name: LAUNCH_HOOK,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: LAUNCH_HEARTBEAT_SECONDS,
            defaultResult: "ABANDON",
          },
          {
            name: TERMINATE_HOOK,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
            heartbeatTimeout: TERMINATE_HEARTBEAT_SECONDS,
            defaultResult: "CONTINUE",
          },
        ],
        minElbCapacity: args.n + 1,
        waitForCapacityTimeout: `${args.readyTimeoutSeconds}s`,
        tags: Object.entries(args.tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      },
      {
        ...child,
        dependsOn: [rule, ...args.after],
        customTimeouts: { delete: `${args.drainSeconds + TERMINATE_HEARTBEAT_SECONDS + DELETE_MARGIN_SECONDS}s` },
      },
    );
    new autoscaling.Policy(
      `${name}-load`,
      {
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: oneMoreThanNeeded(args.cpuTargetPercent, args.n),
        },
      },
      child,
    );
    this.targetGroupArn = targets.arn;
    this.groupName = group.name;
    this.registerOutputs({ targetGroupArn: this.targetGroupArn, groupName: this.groupName });
  }
}

/** The quickest that an ALB can be: a hang is seen after 7-12 s. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
const FASTEST_CHECK = { protocol: "HTTP", interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: 2, matcher: "200" };

/** Besides what nodes may take to leave, in seconds. */
const DELETE_MARGIN_SECONDS = 600;

/** At this average over n+1 nodes, n alone would be at the wanted load. */
export const oneMoreThanNeeded = (cpuTargetPercent: number, n: number): number => Math.round((cpuTargetPercent * n * 10) / (n + 1)) / 10;

function launchTemplate(args: FleetArgs): ec2.LaunchTemplateArgs {
  return {
    imageId: args.imageId,
    instanceType: args.instanceType,
    iamInstanceProfile: { arn: args.instanceProfileArn },
    vpcSecurityGroupIds: [args.securityGroupId],
    userData: pulumi.output(args.userData).apply((text) => Buffer.from(text).toString("base64")),
    // Tokens required, and none travels further than the node itself.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: args.rootVolumeGiB, encrypted: "true", kmsKeyId: args.kmsKeyArn, deleteOnTermination: "true" },
      },
    ],
    monitoring: { enabled: true },
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: args.tags })),
  };
}
