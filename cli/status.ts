import type { Status } from "../contract/status";
import { statusSchema } from "../contract/status";
import { Failure } from "./failure";
import { labStatus, theLab } from "./lab/place";
import { pulumi } from "./lab/pulumi";
import { table } from "./table";
import { z } from "zod";
import type { LabFile } from "../contract/lab-file";

const outputsSchema = z.object({
  url: z.string(),
  egressIps: z.array(z.string()),
  activeRelease: z.string(),
  n: z.number(),
});

/** What the lab's cluster is now. */
export async function readStatus(lab: LabFile = theLab()): Promise<Status> {
  const [outputs, seen] = await Promise.all([stackOutputs(lab), labStatus(lab)]);
  const netns = (name: string): string => (lab.rootless ? `/proc/${seen.cloudHostPid}/root/run/netns/${name}` : `nplus1-${lab.labId}-${name}`);
  return statusSchema.parse({
    stack: "lab",
    url: outputs.url.startsWith("https:") ? `https://127.0.0.1:${lab.ports.https}/` : `http://127.0.0.1:${lab.ports.http}/`,
    egressIps: outputs.egressIps,
    activeRelease: outputs.activeRelease,
    // Cutovers, which move the epoch, come with issue 6; until then a stack has one.
    epoch: 1,
    n: outputs.n,
    nodes: seen.instances.map((instance) => ({
      id: instance.id,
      zone: instance.zone,
      ip: instance.ip,
      release: instance.release,
      state: instance.state,
      settingsVersion: instance.settingsVersion,
      inFlight: instance.inFlight,
      lastBackup: instance.lastBackup,
      pids: instance.pids,
      netns: netns(instance.netns),
      root: instance.root,
    })),
    sessionStore: seen.sessionStore ?? { primary: "", replicas: [], pids: [] },
    outside: { netns: netns(seen.outside.netns), vendorUrl: seen.outside.vendorUrl },
  });
}

async function stackOutputs(lab: LabFile): Promise<z.infer<typeof outputsSchema>> {
  const { code, lines } = await pulumi(lab, ["stack", "output", "--json", "--stack", "lab"]);
  const parsed = code === 0 ? outputsSchema.safeParse(JSON.parse(lines.join("\n"))) : undefined;
  if (!parsed?.success) throw new Failure("the lab's stack has no cluster yet; bring it up with: npm start");
  return parsed.data;
}

/** The status for people. */
export function printStatus(status: Status): string {
  const nodes = status.nodes.map((node) => [
    node.id,
    node.zone,
    node.ip,
    node.state,
    node.release?.slice(0, 12) ?? "-",
    String(node.inFlight ?? "-"),
  ]);
  return [
    `${status.url}   stack ${status.stack}, n = ${status.n}, n+1 = ${status.n + 1}, release ${status.activeRelease.slice(0, 12)}`,
    "",
    table(["NODE", "ZONE", "ADDRESS", "STATE", "RELEASE", "IN FLIGHT"], nodes),
    "",
    `session store   ${status.sessionStore.primary}, replicas ${status.sessionStore.replicas.join(", ") || "none"}`,
    `leaves by       ${status.egressIps.join(", ")}`,
  ].join("\n");
}
