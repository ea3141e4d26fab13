import { z } from "zod";

/** What is wrong with a node, as closely as it is known. */
export const causeSchema = z.enum([
  "process-gone",
  "no-answer",
  "wrong-answer",
  "no-progress",
  "event-loop",
  "memory",
  "handles",
  "disk",
  "pressure",
  "dependency",
  "gate",
  "release",
]);
export type Cause = z.infer<typeof causeSchema>;

/** Every step of a node's repair, and what kept one from being taken. */
export const eventNameSchema = z.enum([
  "joined",
  "suspect",
  "common-cause",
  "budget-refused",
  "quarantined",
  "diagnosed",
  "restarted",
  "verifying",
  "repair-failed",
  "healthy",
  "replaced",
  "action-failed",
  "requests-broken-off",
  "leaving",
  "agent-restarted",
]);
export type EventName = z.infer<typeof eventNameSchema>;

export const eventSourceSchema = z.enum(["nplus1.node", "nplus1.sentinel", "nplus1.cutover", "nplus1.lifecycle"]);
export type EventSource = z.infer<typeof eventSourceSchema>;

/** One event: an entry of the stream in Valkey (field `event`, JSON), and the detail of the one on the bus. */
export const clusterEventSchema = z.strictObject({
  /** Of this event alone: whoever reads both places can tell that they say the same. */
  id: z.string().min(1),
  at: z.iso.datetime(),
  source: eventSourceSchema,
  event: eventNameSchema,
  node: z.string().nullable(),
  /** A sentence. */
  reason: z.string(),
  cause: causeSchema.nullable(),
  /** What the application named as missing. */
  dependency: z.string().nullable(),
  /** What else is known: numbers, an address in S3. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ClusterEvent = z.infer<typeof clusterEventSchema>;

/** The stack's own event bus. The detail type of its events is the event's name. */
export const eventBusName = (stack: string): string => `nplus1-${stack}`;

/** Valkey stream of the last events, oldest first. */
export const EVENTS_KEY = "nplus1:events";
export const EVENTS_FIELD = "event";
/** Kept in the stream, about. */
export const EVENTS_KEPT = 2000;
