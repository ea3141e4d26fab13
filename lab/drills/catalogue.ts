import type { DrillName } from "../../contract/drill";
import { deadlockApp, exhaustHandles, killAgent, killApp, killGate, slowApp, stopApp } from "./of-unit";
import type { Drill } from "./drill";
import { flappingApp } from "./flapping-app";
import { killNode } from "./kill-node";
import { killStorePrimary } from "./kill-store-primary";
import { loseZone } from "./lose-zone";
import { partitionNode } from "./partition-node";
import { storeAway } from "./store-away";

export const CATALOGUE: Record<DrillName, Drill> = {
  "stop-app": stopApp,
  "deadlock-app": deadlockApp,
  "exhaust-handles": exhaustHandles,
  "slow-app": slowApp,
  "kill-app": killApp,
  "flapping-app": flappingApp,
  "kill-agent": killAgent,
  "kill-gate": killGate,
  "partition-node": partitionNode,
  "lose-zone": loseZone,
  "kill-node": killNode,
  "kill-store-primary": killStorePrimary,
  "store-away": storeAway,
};
