import type { Application } from "../../contract/application";
import { askHealthPath } from "../health/ask-health-path";
import { AwakeClock } from "../health/awake-clock";
import { GateAnswers } from "../health/gate-answers";
import { HealthPath } from "../health/health-path";
import type { Probe } from "../health/probe";
import { AppProcess, ReleaseInPlace } from "../health/processes";
import { Progress } from "../health/progress";
import { type OwnProbesArgs, ownProbes } from "./own-probes";
import type { Seen } from "./parts";

export interface ProbesArgs {
  application: Application;
  seen: Seen;
  /** The node's own address: from there the gate asks the own application alone. */
  address: string;
  hopPort: number;
  isReleaseInPlace: () => Promise<boolean>;
  monotonic: () => number;
  own: Pick<OwnProbesArgs, "loops" | "folder" | "appUser" | "nodeFolder">;
}

/** All that is looked at on a node. */
export function probesOf({ application, seen, address, hopPort, isReleaseInPlace, monotonic, own }: ProbesArgs): Probe[] {
  const awake = new AwakeClock(monotonic);
  const clock = () => awake.now();
  const { path, timeoutMs } = application.health;
  const url = `http://${address}:${hopPort}${path}`;
  return [
    new AppProcess(() => seen.appPid()),
    new GateAnswers({ pid: () => seen.gatePid(), status: () => seen.gateStatus(), clock }),
    new ReleaseInPlace(isReleaseInPlace),
    new HealthPath({ ask: () => askHealthPath(url, address), path, timeoutMs, clock }),
    new Progress(() => seen.gateStatus(), clock),
    ...ownProbes({ application, appPid: () => seen.appPid(), clock: monotonic, ...own }),
  ];
}
