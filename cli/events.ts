import { z } from "zod";
import { type ClusterEvent, clusterEventSchema, eventSourceSchema } from "../contract/events";
import type { LabFile } from "../contract/lab-file";
import { Failure } from "./failure";
import { runningLab } from "./lab/place";
import { table } from "./table";

/** The lab's answer: the events of all its buses, of which the stack's own are a part. */
const answerSchema = z.object({ events: z.array(z.object({ source: z.string(), detail: z.unknown() })) });

/** What nodes and sentinel of the lab's cluster have told, oldest first. @throws Failure when no lab runs. */
export async function readEvents(lab: LabFile | undefined = runningLab()): Promise<ClusterEvent[]> {
  if (!lab)
    throw new Failure("no lab is running here, and events of a stack on AWS are not read yet: they are in its log group /nplus1/<stack>/events");
  const answer = await fetch(`http://127.0.0.1:${lab.ports.endpoint}/_lab/events`);
  if (!answer.ok) throw new Failure(`the lab does not say its events: ${answer.status} ${await answer.text()}`);
  const { events } = answerSchema.parse(await answer.json());
  return events
    .filter(({ source }) => eventSourceSchema.safeParse(source).success)
    .map(({ detail }) => clusterEventSchema.parse(detail))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The events for people. */
export function printEvents(events: readonly ClusterEvent[]): string {
  if (events.length === 0) return "nothing has been told yet";
  const lines = events.map(({ at, node, event, cause, dependency, reason }) => [
    at.slice(0, 19).replace("T", " "),
    node ?? "-",
    event,
    [cause, dependency].filter(Boolean).join(" ") || "-",
    reason,
  ]);
  return table(["AT (UTC)", "NODE", "EVENT", "CAUSE", "WHY"], lines);
}
