import type { NewEvent } from "../events/event";

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html */
export const instanceStateEvent = (id: string, state: string): NewEvent => ({
  source: "aws.ec2",
  detailType: "EC2 Instance State-change Notification",
  resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`],
  detail: { "instance-id": id, state },
});
