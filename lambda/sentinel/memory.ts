import { z } from "zod";

/** Times are milliseconds since the epoch. */
const time = z.number();

/** What was begun for a node. It is kept before it is done, so that a run that is cut off between the two is taken up by the next one. */
export const actionRecordSchema = z.object({
  step: z.enum(["restart", "replace"]),
  begunAt: time,
  /** AWS has taken it; null: nobody knows. */
  doneAt: time.nullable(),
  /** The agent answered again afterwards. */
  recoveredAt: time.nullable(),
  /** Of the agent, while this record lasts. */
  restarts: z.number(),
});
export type ActionRecord = z.infer<typeof actionRecordSchema>;

export const watchSchema = z.object({
  /** Node → since when neither its registry entry nor its agent is there. */
  silentSince: z.record(z.string(), time),
  /** Node → since when its gate does not answer. */
  gateSilentSince: z.record(z.string(), time),
  /** Since when more than half of the nodes look ill; null while not. */
  commonSince: time.nullable(),
  commonTold: z.boolean(),
  /** Nodes whose replacement the budget has refused, already told. */
  refusalTold: z.array(z.string()),
  /** Node → address: a silent node is in no registry. */
  ips: z.record(z.string(), z.string()),
});
export type Watch = z.infer<typeof watchSchema>;

export interface Memory {
  watch: Watch;
  /** By node. */
  records: Readonly<Record<string, ActionRecord>>;
}

export const nothingYet: Watch = { silentSince: {}, gateSilentSince: {}, commonSince: null, commonTold: false, refusalTold: [], ips: {} };
