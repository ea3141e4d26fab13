import { z } from "zod";

const node = z.string().min(1);
/** What a drill may take (600), and its margin. */
const seconds = z.number().min(0.1).max(660);

/** What can be broken on purpose, as `POST /_lab/faults` takes it. What has `seconds` ends by itself, should whoever asked for it be gone. */
export const faultSchema = z.discriminatedUnion("kind", [
  /** Power off, as when AWS loses the machine: no process of it gets a chance to react. */
  z.strictObject({ kind: z.literal("kill-node"), node }),
  /** A signal to the main process of one of a node's units: SIGKILL ends it, SIGSTOP halts it with all its connections open. */
  z.strictObject({ kind: z.literal("signal"), node, unit: z.enum(["app", "gate", "agent"]), signal: z.enum(["SIGKILL", "SIGSTOP"]) }),
  /** SIGKILL to the application's main process as soon as it runs, again and again. */
  z.strictObject({ kind: z.literal("flapping-app"), node, everySeconds: z.number().min(0.5).max(60), seconds }),
  /** Has a Node.js application do something to itself: what it would do with such a fault in its code. */
  z.strictObject({ kind: z.literal("spoil-app"), node, how: z.enum(["deadlock", "slow", "handles"]) }),
  /** Nothing gets through to a node or back, and no connection closes. */
  z.strictObject({ kind: z.literal("node-away"), node, seconds }),
  /** The end of the process, as when AWS loses its machine. */
  z.strictObject({ kind: z.literal("kill-store-primary") }),
  /** Nothing gets through to the session store or back, and no connection closes. */
  z.strictObject({ kind: z.literal("store-away"), seconds }),
]);
export type Fault = z.infer<typeof faultSchema>;
