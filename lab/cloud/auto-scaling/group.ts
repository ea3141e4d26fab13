/** A lifecycle hook. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHookSpecification.html */
export interface Hook {
  name: string;
  transition: "autoscaling:EC2_INSTANCE_LAUNCHING" | "autoscaling:EC2_INSTANCE_TERMINATING";
  heartbeatSeconds: number;
  defaultResult: "CONTINUE" | "ABANDON";
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
  suspended: Set<string>;
  deleting: boolean;
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
  launchedAt: number;
  /** When the hook it waits in gives its default result. */
  hookDeadline: number | undefined;
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
  type: string;
  /** The parameters as they were given. */
  params: Readonly<Record<string, string>>;
}

export const isLeaving = (member: Member): boolean => member.state.startsWith("Terminating");
