import type { Cause } from "../../contract/events";
import { type Evidence, type Fault, isFault } from "./evidence";

/** What all probes together say of the node. */
export interface Verdict {
  level: "ok" | "bad" | "fatal";
  /** What is wrong, as closely as it can be named; undefined when nothing is. */
  fault: Fault | undefined;
  /** Every probe that asks has an answer. */
  isSure: boolean;
  /** Each a sentence: the named fault first. */
  reasons: string[];
}

export interface VerdictPolicy {
  /** An application whose node is starved of processor time may be silent for this long, in milliseconds. */
  starvedMs: number;
  /** A node alone in missing something it needs is at fault itself after this long, in milliseconds. */
  dependencyMs: number;
}

export const VERDICT_POLICY: VerdictPolicy = { starvedMs: 2500, dependencyMs: 5000 };

/** From what says most of a cause to what only says that there is one. */
const CLOSEST_FIRST: readonly Cause[] = [
  "process-gone",
  "gate",
  "release",
  "dependency",
  "memory",
  "handles",
  "disk",
  "event-loop",
  "pressure",
  "no-progress",
  "wrong-answer",
  "no-answer",
];

const byCloseness = (a: Fault, b: Fault): number => CLOSEST_FIRST.indexOf(a.cause) - CLOSEST_FIRST.indexOf(b.cause);

export function judge(evidence: readonly Evidence[], policy: VerdictPolicy): Verdict {
  const found = evidence.filter(isFault);
  const starved = found.some(({ cause }) => cause === "pressure");
  const weighed = found.map((fault) => weigh(fault, starved, policy));
  const isSilent = weighed.some(({ cause, level }) => cause === "no-answer" && level === "fatal");
  // Long requests are no hang; with a health path that is silent too, they say how it hangs.
  const named = weighed.filter(({ cause, level }) => level !== "warn" || (isSilent && cause === "no-progress")).sort(byCloseness);
  const [fault] = named;
  const level = named.some((one) => one.level === "fatal") ? "fatal" : fault === undefined ? "ok" : "bad";
  const others = weighed.filter((one) => one !== fault);
  return {
    level,
    fault,
    isSure: !evidence.some((one) => one.level === "waiting"),
    reasons: [...(fault ? [fault] : []), ...others].map(({ reason }) => reason),
  };
}

function weigh(fault: Fault, starved: boolean, { starvedMs, dependencyMs }: VerdictPolicy): Fault {
  const { cause, level, sinceMs } = fault;
  if (cause === "dependency" && level === "bad" && sinceMs >= dependencyMs) return { ...fault, level: "fatal" };
  if (starved && cause === "no-answer" && level === "fatal" && sinceMs < starvedMs) return { ...fault, level: "bad" };
  return fault;
}
