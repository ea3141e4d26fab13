import { readlinkSync } from "node:fs";
import { type NodeEntry, nodeEntrySchema, REGISTRY_PATTERN } from "../../contract/registry";
import type { LabStatus } from "../../contract/lab-file";
import { hostPids } from "../machine/host-pid";
import type { AutoScaling } from "./auto-scaling/auto-scaling";
import type { BalancerController } from "./balancer/balancer-controller";
import type { RunningInstances } from "./running-instances";
import type { SessionStoreController } from "./session-store/session-store-controller";

export const OUTSIDE = { netns: "outside", vendorUrl: "http://203.0.113.80/" };

const UNITS = { agent: "nplus1-agent.service", gate: "nplus1-gate.service", app: "nplus1-app.service" };

export interface StatusParts {
  autoScaling: AutoScaling;
  balancers: BalancerController;
  instances: RunningInstances;
  sessionStores: Pick<SessionStoreController, "stores" | "read">;
}

/** This process as the machine outside sees it: /proc is that machine's. */
export const cloudHostPid = (): number => Number(readlinkSync("/proc/self"));

/** What only the lab knows of its nodes. */
export async function labStatus(parts: StatusParts): Promise<LabStatus> {
  const entries = await parts.sessionStores.read(REGISTRY_PATTERN);
  const registry = new Map([...entries.values()].flatMap(readEntry).map((entry) => [entry.id, entry]));
  const [store] = parts.sessionStores.stores();
  const pids = hostPids("self");
  const members = [...parts.autoScaling.controller.members.values()];
  return {
    cloudHostPid: cloudHostPid(),
    instances: await Promise.all(members.map(({ id }) => instanceStatus(parts, id, registry.get(id)))),
    sessionStore: store ? { primary: store.primary, replicas: store.replicas, pids: store.pids.map((pid) => pids.get(pid) ?? 0) } : null,
    outside: OUTSIDE,
  };
}

/** What is no entry (another program's, a future version's) says nothing of a node. */
function readEntry(text: string): NodeEntry[] {
  const parsed = nodeEntrySchema.safeParse(JSON.parse(text));
  return parsed.success ? [parsed.data] : [];
}

async function instanceStatus(parts: StatusParts, id: string, entry: NodeEntry | undefined): Promise<LabStatus["instances"][number]> {
  const member = parts.autoScaling.controller.members.get(id);
  const running = parts.instances.get(id);
  const group = member && parts.autoScaling.controller.groups.get(member.group);
  const health = group?.targetGroupArns.flatMap((arn) => parts.balancers.targetHealth(arn)).find((one) => one.Target?.Id === id);
  const units = await parts.instances.units(id);
  const pid = (unit: string): number | null => units[unit]?.hostPid ?? null;
  const lifecycleState = member?.state ?? "Terminated";
  const targetHealth = health?.TargetHealth?.State ?? "unused";
  return {
    id,
    zone: running?.launched.zone ?? "",
    ip: running?.launched.privateIp ?? "",
    release: entry?.release ?? null,
    lifecycleState,
    targetHealth,
    state: nodeState(lifecycleState, targetHealth, member?.healthy ?? false, entry),
    inFlight: entry?.inFlight ?? null,
    settingsVersion: entry?.settingsVersion ?? null,
    lastBackup: entry?.lastBackup ?? null,
    pids: { agent: pid(UNITS.agent), gate: pid(UNITS.gate), app: pid(UNITS.app) },
    netns: id,
    root: running?.machine?.rootDir ?? "",
    hostPid: running?.machine?.hostPid ?? 0,
  };
}

/** A node is healthy when its agent says so and the load balancer agrees; else the worse of the two is what it is. */
function nodeState(lifecycleState: string, targetHealth: string, alive: boolean, entry: NodeEntry | undefined): string {
  if (!alive) return "failed";
  if (lifecycleState.startsWith("Terminating")) return "draining";
  if (lifecycleState !== "InService") return "starting";
  if (entry && entry.state !== "healthy") return entry.state;
  return entry && targetHealth === "healthy" ? "healthy" : targetHealth === "initial" ? "starting" : "suspect";
}
