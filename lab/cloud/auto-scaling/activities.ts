import { randomUUID } from "node:crypto";
import type { Activity } from "./group";

/** How many of a group's activities are kept. */
const KEPT = 100;

/** What the groups did and why, newest first. */
export class Activities {
  readonly #all: Activity[] = [];
  readonly #openByInstance = new Map<string, Activity>();

  begin(group: string, description: string, cause: string): Activity {
    const at = new Date();
    const activity: Activity = {
      id: randomUUID(),
      group,
      description,
      cause: `At ${at.toISOString().replace(/\.\d+/, "")} ${cause}.`,
      startedAt: at.getTime(),
      endedAt: undefined,
      status: "InProgress",
      message: "",
    };
    this.#all.unshift(activity);
    this.#all.splice(KEPT);
    return activity;
  }

  /** The instance whose life the activity is about: its next step ends it. */
  note(instanceId: string, activity: Activity): void {
    if (activity.status === "InProgress") this.#openByInstance.set(instanceId, activity);
  }

  end(activity: Activity, status: Activity["status"], message: string): void {
    Object.assign(activity, { status, message, endedAt: Date.now() });
    if (message) activity.description += `. Status Reason: ${message}`;
  }

  /** Gives the activity that it ended. */
  endOf(instanceId: string, status: Activity["status"], message: string): Activity | undefined {
    const activity = this.#openByInstance.get(instanceId);
    this.#openByInstance.delete(instanceId);
    if (activity) this.end(activity, status, message);
    return activity;
  }

  of(group: string | undefined): readonly Activity[] {
    return this.#all.filter((activity) => group === undefined || activity.group === group);
  }
}
