import { z } from "zod";

const fd = z.int().min(3);
const port = z.int().min(1).max(65_535);

/** What the daemon hands to the inner world, as JSON in NPLUS1_LAB. */
export const settingsSchema = z.strictObject({
  labDir: z.string(),
  labId: z.string(),
  rootless: z.boolean(),
  /** Inherited listening sockets of this machine. */
  fds: z.strictObject({ doorHttp: fd, doorHttps: fd, endpoint: fd }),
  ports: z.strictObject({ doorHttp: port, doorHttps: port, endpoint: port }),
  /** Folders of Node.js and of moto's environment, files of the lab's bundles, names of commands. */
  tools: z.strictObject({
    node: z.string(),
    venv: z.string(),
    init: z.string(),
    alb: z.string(),
    lambda: z.string(),
    haproxy: z.string(),
    redisServer: z.string(),
  }),
});
export type Settings = z.infer<typeof settingsSchema>;
