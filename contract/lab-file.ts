import { z } from "zod";

/** `lab.json` in the lab's folder, written by the lab's daemon once everything listens: how the command line and Pulumi reach the lab. */
export const labFileSchema = z.strictObject({
  /** Six hex digits of the folder's path: part of every name the lab shows on the machine. */
  labId: z.string(),
  /** The daemon's process. */
  pid: z.int(),
  rootless: z.boolean(),
  /** On 127.0.0.1. */
  ports: z.strictObject({ http: z.int(), https: z.int(), endpoint: z.int(), aws: z.int(), random: z.int() }),
});
export type LabFile = z.infer<typeof labFileSchema>;

export const LAB_FILE = "lab.json";

/** The first line a starting daemon prints: the lab's file, or why there is none. */
export const daemonGreetingSchema = z.union([z.strictObject({ ready: labFileSchema }), z.strictObject({ error: z.string() })]);

/** `GET /_lab/status` on the endpoint: what only the lab knows. Process ids are this machine's. */
export const labStatusSchema = z.object({
  cloudHostPid: z.int(),
  instances: z.array(
    z.object({
      id: z.string(),
      zone: z.string(),
      ip: z.string(),
      release: z.string().nullable(),
      lifecycleState: z.string(),
      targetHealth: z.string(),
      state: z.string(),
      inFlight: z.int().nullable(),
      settingsVersion: z.int().nullable(),
      lastBackup: z.string().nullable(),
      pids: z.object({ agent: z.int().nullable(), gate: z.int().nullable(), app: z.int().nullable() }),
      /** The name inside the lab. */
      netns: z.string(),
      root: z.string(),
      hostPid: z.int(),
    }),
  ),
  sessionStore: z.object({ primary: z.string(), replicas: z.array(z.string()), pids: z.array(z.int()) }).nullable(),
  outside: z.object({ netns: z.string(), vendorUrl: z.string() }),
});
export type LabStatus = z.infer<typeof labStatusSchema>;
