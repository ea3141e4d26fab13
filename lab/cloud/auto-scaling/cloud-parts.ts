import type { NewEvent } from "../events/event";
import type { LaunchTemplateRef, Tag } from "./group";

/** What Auto Scaling needs of the rest of the cloud. */
export interface CloudParts {
  zoneOf(subnetId: string): Promise<string>;
  /** Runs and boots an instance. @throws with why it could not. */
  launch(order: { group: string; subnetId: string; launchTemplate: LaunchTemplateRef; tags: readonly Tag[] }): Promise<{ id: string }>;
  kill(instanceId: string): Promise<void>;
  isAlive(instanceId: string): boolean;
  register(targetGroupArn: string, instanceId: string): Promise<void>;
  deregister(targetGroupArn: string, instanceId: string): Promise<void>;
  /** Resolves when the target has left the group: its deregistration delay is over. */
  drained(targetGroupArn: string, instanceId: string): Promise<void>;
  targetIsUnhealthy(targetGroupArn: string, instanceId: string): boolean;
  /** Puts an event on the default bus. */
  emit(event: NewEvent): void;
}
