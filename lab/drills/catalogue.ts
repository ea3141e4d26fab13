import type { DrillName } from "../../contract/drill";
import type { Drill } from "./drill";
import { killNode } from "./kill-node";
import { killStorePrimary } from "./kill-store-primary";
import { storeAway } from "./store-away";

export const CATALOGUE: Record<DrillName, Drill> = { "kill-node": killNode, "kill-store-primary": killStorePrimary, "store-away": storeAway };
