import type { NewEvent } from "../events/event";
import type { Activity, Group, HookWait, Member } from "./group";

const SOURCE = "aws.autoscaling";

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");

/** An instance waits in a hook. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html */
export function lifecycleEvent(group: Group, member: Member, wait: HookWait): NewEvent {
  const hook = group.hooks.find(({ name }) => name === wait.hook);
  const isLaunch = hook?.transition === "autoscaling:EC2_INSTANCE_LAUNCHING";
  return {
    source: SOURCE,
    detailType: isLaunch ? "EC2 Instance-launch Lifecycle Action" : "EC2 Instance-terminate Lifecycle Action",
    resources: [group.arn],
    detail: {
      LifecycleActionToken: wait.token,
      AutoScalingGroupName: group.name,
      LifecycleHookName: wait.hook,
      EC2InstanceId: member.id,
      LifecycleTransition: hook?.transition,
      ...(hook?.notificationMetadata === undefined ? {} : { NotificationMetadata: hook.notificationMetadata }),
      Origin: isLaunch ? "EC2" : "AutoScalingGroup",
      Destination: isLaunch ? "AutoScalingGroup" : "EC2",
    },
  };
}

type Outcome = "Launch Successful" | "Launch Unsuccessful" | "Terminate Successful";

/** A launch or a termination is over. The instance is absent where none came to be. */
export function outcomeEvent(
  outcome: Outcome,
  group: Group,
  activity: Activity,
  instance: Pick<Member, "id" | "zone" | "subnetId"> | undefined,
): NewEvent {
  const isLaunch = outcome.startsWith("Launch");
  return {
    source: SOURCE,
    detailType: `EC2 Instance ${outcome}`,
    resources: [group.arn, ...(instance ? [`arn:aws:ec2:us-east-1:123456789012:instance/${instance.id}`] : [])],
    detail: {
      StatusCode: outcome.endsWith("Unsuccessful") ? "Failed" : "InProgress",
      Description: activity.description,
      AutoScalingGroupName: group.name,
      ActivityId: activity.id,
      RequestId: activity.id,
      StatusMessage: activity.message,
      StartTime: iso(activity.startedAt),
      EndTime: iso(activity.endedAt ?? activity.startedAt),
      EC2InstanceId: instance?.id ?? "",
      Cause: activity.cause,
      Details: instance ? { "Availability Zone": instance.zone, "Subnet ID": instance.subnetId } : {},
      Origin: isLaunch ? "EC2" : "AutoScalingGroup",
      Destination: isLaunch ? "AutoScalingGroup" : "EC2",
    },
  };
}
