import { DRILL_NAMES, DRILLS, type DrillName, type DrillOrder } from "../contract/drill";
import { WrongCall } from "./failure";

export interface DrillOptions {
  all?: boolean;
  seconds?: number;
}

/** The drills that a call asks for, each once, in the order of the call. @throws WrongCall */
export function chosenDrills(names: readonly string[], { all, seconds }: DrillOptions): DrillOrder["drills"] {
  if (all && names.length > 0) throw new WrongCall("drill: must have names or --all, got both");
  if (!all && names.length === 0) throw new WrongCall(`drill: must have names or --all. ${KNOWN}`);
  const unknown = names.filter((name) => !isDrill(name));
  if (unknown.length > 0) throw new WrongCall(`drill: ${unknown.join(", ")}: no such drill. ${KNOWN}`);
  const chosen = all ? DRILL_NAMES : [...new Set(names)].filter(isDrill);
  return chosen.map((drill) => ({ drill, seconds: seconds ?? DRILLS[drill].seconds }));
}

const isDrill = (name: string): name is DrillName => Object.hasOwn(DRILLS, name);

const KNOWN = `There are: ${DRILL_NAMES.join(", ")}`;
