import { AutoScalingClient, CompleteLifecycleActionCommand } from "@aws-sdk/client-auto-scaling";
import { AWS_LIMITS } from "../aws-limits";

export type HookResult = "CONTINUE" | "ABANDON";

/** The node's own lifecycle hooks in its Auto Scaling group. */
export interface LifecycleHooks {
  /** False when the group is not waiting for this hook (yet, or any more). */
  complete(hook: string, result: HookResult): Promise<boolean>;
}

export class AutoScalingHooks implements LifecycleHooks {
  readonly #client: AutoScalingClient;
  readonly #group: string;
  readonly #instanceId: string;

  constructor(region: string, group: string, instanceId: string) {
    this.#client = new AutoScalingClient({ region, requestHandler: AWS_LIMITS });
    this.#group = group;
    this.#instanceId = instanceId;
  }

  async complete(hook: string, result: HookResult): Promise<boolean> {
    try {
      await this.#client.send(
        new CompleteLifecycleActionCommand({
          AutoScalingGroupName: this.#group,
          InstanceId: this.#instanceId,
          LifecycleHookName: hook,
          LifecycleActionResult: result,
        }),
      );
      return true;
    } catch (error) {
      if (notWaiting(error)) return false;
      throw error;
    }
  }
}

/** Auto Scaling's words: "No active Lifecycle Action found with instance ID …". */
const notWaiting = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith("ValidationError") && /no active lifecycle action/i.test(error.message);
