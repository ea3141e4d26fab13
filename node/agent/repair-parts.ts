import type { Logger } from "pino";
import type { NodeConfig } from "../../contract/node-config";
import { sinceBootMs } from "../health/awake-clock";
import { DiagnosisStore } from "../health/diagnosis-store";
import type { Identity } from "../identity/imds";
import { GroupHealth } from "../lifecycle/group-health";
import { DIAGNOSES_DIR } from "../paths";
import type { Repair } from "./parts";
import { repairs } from "./repairs";
import type { Units } from "./units";

export interface RepairPartsArgs {
  config: NodeConfig;
  identity: Identity;
  units: Units;
  lastOutput: () => Promise<string>;
  log: Logger;
}

/** A restart waits for its diagnosis to be in S3, but no longer than this, in milliseconds. */
const UPLOAD_WAIT_MS = 1000;

/** What mends a node, with AWS's own ends. */
export function repairParts({ config, identity, units, lastOutput, log }: RepairPartsArgs): Repair {
  const store = new DiagnosisStore({
    region: config.region,
    bucket: config.backupsBucket,
    folder: DIAGNOSES_DIR,
    waitMs: UPLOAD_WAIT_MS,
    onFault: (error) => log.warn({ reason: error.message }, "a diagnosis could not be kept"),
  });
  const group = new GroupHealth(config.region, identity.id);
  return repairs({ units, identity, release: config.release, store, group, lastOutput, stacks: undefined, clock: sinceBootMs });
}
