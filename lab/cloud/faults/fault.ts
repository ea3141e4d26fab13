import { z } from "zod";

/** What can be broken on purpose, as `POST /_lab/faults` takes it. */
export const faultSchema = z.discriminatedUnion("kind", [
  /** Power off, as when AWS loses the machine: no process of it gets a chance to react. */
  z.strictObject({ kind: z.literal("kill-node"), node: z.string().min(1) }),
  /** The end of the process, as when AWS loses its machine. */
  z.strictObject({ kind: z.literal("kill-store-primary") }),
  /** Nothing gets through to the session store or back, and no connection closes. Ends by itself, should whoever asked for it be gone. */
  z.strictObject({ kind: z.literal("store-away"), seconds: z.number().min(0.1).max(600) }),
]);
export type Fault = z.infer<typeof faultSchema>;
