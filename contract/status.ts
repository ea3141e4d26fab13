import { z } from "zod";

/** `nplus1 status --json`: the same object for a lab and for AWS; the fields marked lab exist only there. */
export const statusSchema = z.strictObject({
  stack: z.string(),
  url: z.string(),
  egressIps: z.array(z.string()),
  activeRelease: z.string(),
  epoch: z.int(),
  n: z.int(),
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      zone: z.string(),
      ip: z.string(),
      release: z.string().nullable(),
      state: z.string(),
      settingsVersion: z.int().nullable(),
      inFlight: z.int().nullable(),
      lastBackup: z.string().nullable(),
      /** Lab: as this machine sees them. */
      pids: z.strictObject({ agent: z.int().nullable(), gate: z.int().nullable(), app: z.int().nullable() }).optional(),
      /** Lab: the name for `ip netns exec` (root) or the path for `nsenter --net=` (rootless). */
      netns: z.string().optional(),
      /** Lab: the node's file system. */
      root: z.string().optional(),
    }),
  ),
  sessionStore: z.strictObject({ primary: z.string(), replicas: z.array(z.string()), pids: z.array(z.int()).optional() }),
  /** Lab: a host on the lab's internet that answers with the source address it sees. */
  outside: z.strictObject({ netns: z.string(), vendorUrl: z.string() }).optional(),
});
export type Status = z.infer<typeof statusSchema>;
