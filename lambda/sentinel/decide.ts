import type { ActionRecord, Memory, Watch } from "./memory";
import type { Seen, SeenNode } from "./seen";

/** How long a node must be silent before anything is done, in milliseconds: an agent that systemd restarts is back in 2-3 s. */
export const SILENT_MS = 10_000;
/** What a restarted agent has to be heard of again, in milliseconds. */
export const AFTER_RESTART_MS = 30_000;
/** A restart of which nobody knows whether it was sent is sent again after this, in milliseconds: longer than a call to AWS may take. */
export const RESUME_MS = 12_000;
/** Of one node within the life of its record: an agent that needs more of them is not mended by restarts. */
export const MOST_RESTARTS = 3;

export type Action =
  | { kind: "restart-agent"; node: string; reason: string; record: ActionRecord }
  | { kind: "replace"; node: string; reason: string; record: ActionRecord }
  | { kind: "note-recovery"; node: string; record: ActionRecord }
  | { kind: "tell-common-cause"; reason: string };

export interface Decision {
  actions: Action[];
  watch: Watch;
  commonCause: boolean;
}

/** What to do for nodes whose agents cannot act themselves. Time is in milliseconds since the epoch. */
export function decide(seen: Seen, memory: Memory, now: number): Decision {
  // Without the store nothing can be remembered, so nothing is begun.
  if (seen.storeAway !== null) return { ...common(memory.watch, `the session store is away: ${seen.storeAway}`, now), commonCause: true };
  const silentSince = since(seen.nodes, isSilent, memory.watch.silentSince, now);
  const gateSilentSince = since(seen.nodes, isGateGone, memory.watch.gateSilentSince, now);
  const ill = seen.nodes.filter((node) => isSilent(node) || !node.gateAnswers);
  const commonCause = ill.length * 2 > seen.nodes.length;
  const ips = { ...memory.watch.ips, ...Object.fromEntries(seen.nodes.flatMap(({ id, ip }) => (ip === null ? [] : [[id, ip]]))) };
  const watch = { ...memory.watch, silentSince, gateSilentSince, ips: only(ips, seen.nodes) };
  const told = commonCause ? common(watch, manyIll(ill, seen.nodes.length), now) : { actions: [], watch: noCommon(watch) };
  const wanted = seen.nodes.flatMap((node) => forNode(node, { ...memory, watch: told.watch }, now));
  return { actions: [...told.actions, ...oneAtATime(wanted, memory, seen.nodes, commonCause, now)], watch: told.watch, commonCause };
}

const isSilent = (node: SeenNode): boolean => node.state === null && !node.agentAnswers;
/** Two witnesses: this one and the load balancer. */
const isGateGone = (node: SeenNode): boolean => !node.gateAnswers && !node.targetHealthy;

function since(nodes: readonly SeenNode[], is: (node: SeenNode) => boolean, before: Readonly<Record<string, number>>, now: number) {
  return Object.fromEntries(nodes.filter(is).map(({ id }) => [id, before[id] ?? now]));
}

const only = <T>(all: Readonly<Record<string, T>>, nodes: readonly SeenNode[]): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([id]) => nodes.some((node) => node.id === id)));

/** Told once, when it has lasted. */
function common(watch: Watch, reason: string, now: number): { actions: Action[]; watch: Watch } {
  const commonSince = watch.commonSince ?? now;
  const tells = !watch.commonTold && now - commonSince >= SILENT_MS;
  return { actions: tells ? [{ kind: "tell-common-cause", reason }] : [], watch: { ...watch, commonSince, commonTold: watch.commonTold || tells } };
}

const noCommon = (watch: Watch): Watch => ({ ...watch, commonSince: null, commonTold: false });

const manyIll = (ill: readonly SeenNode[], of: number): string =>
  `${ill.length} of ${of} nodes look ill at once (${ill.map(({ id }) => id).join(", ")}): no node is taken out for what they share`;

function forNode(node: SeenNode, { watch, records }: Memory, now: number): Action[] {
  const record = records[node.id];
  const silentMs = lasted(watch.silentSince[node.id], now);
  if (silentMs === undefined) {
    const cameBack = record?.step === "restart" && record.recoveredAt === null;
    return cameBack ? [{ kind: "note-recovery", node: node.id, record: { ...record, recoveredAt: now } }] : [];
  }
  if (silentMs < SILENT_MS) return [];
  const gateSilentMs = lasted(watch.gateSilentSince[node.id], now) ?? 0;
  const seconds = Math.round(silentMs / 1000);
  const replace = (why: string): Action[] => [
    { kind: "replace", node: node.id, reason: `its agent has been silent for ${seconds} s, ${why}`, record: begun("replace", record, now) },
  ];
  const restart = (why: string): Action[] => [
    { kind: "restart-agent", node: node.id, reason: `its agent has been silent for ${seconds} s${why}`, record: begun("restart", record, now) },
  ];
  if (record?.step === "replace")
    return record.doneAt === null || now - record.doneAt >= AFTER_RESTART_MS ? replace("and its replacement has not begun") : [];
  if (gateSilentMs >= SILENT_MS) return replace(`and its gate for ${Math.round(gateSilentMs / 1000)} s`);
  if (!record) return restart("");
  if (record.recoveredAt !== null) return record.restarts < MOST_RESTARTS ? restart(" again") : replace(`after ${record.restarts} restarts`);
  if (now - record.begunAt >= AFTER_RESTART_MS) return replace("also after a restart");
  return record.doneAt === null && now - record.begunAt >= RESUME_MS ? restart("; whether its restart was sent is not known") : [];
}

const lasted = (sinceMs: number | undefined, now: number): number | undefined => (sinceMs === undefined ? undefined : now - sinceMs);

/** What is taken up again keeps its beginning, so that it ends. */
function begun(step: ActionRecord["step"], before: ActionRecord | undefined, now: number): ActionRecord {
  const goesOn = before?.step === step && before.recoveredAt === null;
  const restarts = (before?.restarts ?? 0) + (step === "restart" && !goesOn ? 1 : 0);
  return { step, begunAt: goesOn ? before.begunAt : now, doneAt: null, recoveredAt: null, restarts };
}

/**
 * One node is replaced at a time, and none for a common cause. A silent agent's restart takes nothing out, so it goes on then too, one node
 * after the other: two dead agents of three must not wait for a person.
 */
function oneAtATime(wanted: readonly Action[], { records }: Memory, nodes: readonly SeenNode[], commonCause: boolean, now: number): Action[] {
  const others = (node: string) => nodes.flatMap(({ id }) => (id === node ? [] : (records[id] ?? [])));
  const replaces = (node: string) => others(node).some(({ step }) => step === "replace");
  const restarts = (node: string) =>
    others(node).some(({ step, recoveredAt, begunAt }) => step === "restart" && recoveredAt === null && now - begunAt < AFTER_RESTART_MS);
  const first = { replace: true, restart: true };
  return wanted.filter((action) => {
    if (action.kind === "replace") {
      if (commonCause || replaces(action.node) || !first.replace) return false;
      first.replace = false;
    }
    if (action.kind === "restart-agent" && commonCause) {
      if (restarts(action.node) || !first.restart) return false;
      first.restart = false;
    }
    return true;
  });
}
