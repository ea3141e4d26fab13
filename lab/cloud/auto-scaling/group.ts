/** A lifecycle hook. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHookSpecification.html */
export interface Hook {
  name: string;
  transition: "autoscaling:EC2_INSTANCE_LAUNCHING" | "autoscaling:EC2_INSTANCE_TERMINATING";
  heartbeatSeconds: number;
  defaultResult: "CONTINUE" | "ABANDON";
  /** Said with each of its events. */
  notificationMetadata: string | undefined;
}

export interface Tag {
  key: string;
  value: string;
  propagate: boolean;
}

export interface LaunchTemplateRef {
  id: string;
  name: string;
  version: string;
}

/** An Auto Scaling group as it was asked for. */
export interface Group {
  name: string;
  arn: string;
  min: number;
  max: number;
  desired: number;
  subnetIds: string[];
  launchTemplate: LaunchTemplateRef;
  targetGroupArns: string[];
  healthCheckType: string;
  graceSeconds: number;
  /** Percentages of the desired capacity; undefined: replacements terminate first. */
  maintenance: { minPercent: number; maxPercent: number } | undefined;
  hooks: Hook[];
  tags: Tag[];
  /** Milliseconds since the epoch. */
  createdAt: number;
  cooldownSeconds: number;
  /** New members start with this protection from scale-in. */
  protectsNew: boolean;
  /** What the lab keeps and describes and does not act on, by AWS's names. */
  kept: Readonly<Record<string, string>>;
  terminationPolicies: string[];
  metrics: string[];
  suspended: Set<string>;
  deleting: boolean;
  /** The subnet of each launch under way: its instance has no id yet. */
  launching: string[];
  /** After failed launches: none before this moment, in milliseconds since the epoch. */
  nextLaunchAt: number;
  failures: number;
}

export type LifecycleState =
  | "Pending"
  | "Pending:Wait"
  | "Pending:Proceed"
  | "InService"
  | "Terminating"
  | "Terminating:Wait"
  | "Terminating:Proceed"
  | "EnteringStandby"
  | "Standby";

/** A hook that a member waits in. Times are in milliseconds since the epoch. */
export interface HookWait {
  hook: string;
  token: string;
  /** Then the hook's default result counts. */
  deadline: number;
  /** No heartbeat moves the deadline beyond this. */
  latest: number;
}

/** An instance of a group. */
export interface Member {
  id: string;
  group: string;
  zone: string;
  subnetId: string;
  launchTemplate: LaunchTemplateRef;
  state: LifecycleState;
  healthy: boolean;
  /** It is not only sick: nothing of it runs. */
  dead: boolean;
  /** Why it is not healthy, in AWS's words; empty while it is. */
  sickness: string;
  launchedAt: number;
  /** Undefined until it first serves. */
  inServiceAt: number | undefined;
  protectedFromScaleIn: boolean;
  /** Target groups that it is in. */
  registered: Set<string>;
  /** Empty unless its state is Pending:Wait or Terminating:Wait. */
  waits: HookWait[];
}

export interface Activity {
  id: string;
  group: string;
  description: string;
  cause: string;
  startedAt: number;
  endedAt: number | undefined;
  status: "InProgress" | "Successful" | "Failed" | "Cancelled";
  message: string;
}

export interface ScalingPolicy {
  name: string;
  arn: string;
  group: string;
  groupArn: string;
  type: string;
  /** The parameters as they were given. */
  params: Readonly<Record<string, string>>;
}

export const isLeaving = (member: Member): boolean => member.state.startsWith("Terminating");

export const isOnStandby = (member: Member): boolean => member.state === "EnteringStandby" || member.state === "Standby";
