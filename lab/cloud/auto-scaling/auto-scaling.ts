import type { Answer } from "../endpoint/endpoint";
import { asAnswers } from "../query-protocol";
import { Activities } from "./activities";
import type { CloudParts } from "./cloud-parts";
import { Controller } from "./controller";
import { isLeaving, isOnStandby } from "./group";
import { groupAnswers } from "./group-answers";
import { hookAnswers } from "./hook-answers";
import { instanceAnswers } from "./instance-answers";
import { scalingPolicyAnswers } from "./scaling-policies";
import { settingAnswers } from "./setting-answers";
import { targetAnswers } from "./target-answers";

const NAMESPACE = "http://autoscaling.amazonaws.com/doc/2011-01-01/";

/** The Auto Scaling service of the lab: moto has its API but not its behaviour. */
export class AutoScaling {
  readonly controller: Controller;
  readonly answers: Readonly<Record<string, Answer>>;

  constructor(parts: CloudParts, onFailure: (error: unknown) => void) {
    const activities = new Activities();
    this.controller = new Controller(parts, activities, onFailure);
    this.answers = asAnswers(NAMESPACE, {
      ...groupAnswers(this.controller, parts, activities),
      ...instanceAnswers(this.controller, activities),
      ...hookAnswers(this.controller),
      ...scalingPolicyAnswers(this.controller),
      ...targetAnswers(this.controller),
      ...settingAnswers(this.controller),
    });
  }

  /** What an instance's metadata says; undefined outside a group. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html */
  targetLifecycleState(instanceId: string): string | undefined {
    const member = this.controller.members.get(instanceId);
    if (!member) return undefined;
    if (isLeaving(member)) return "Terminated";
    return isOnStandby(member) ? "Standby" : "InService";
  }
}
