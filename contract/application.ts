import { z } from "zod";

/** A path inside the application folder: relative, `/`-separated, never climbing out. Globs allowed. */
const insidePath = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => !path.startsWith("/") && !path.split("/").includes("..") && !path.includes("\0"), {
    message: "must be a path inside the application's folder (relative, no '..')",
  });

const httpPath = z.string().regex(/^\/[^\s]*$/, "must be a URL path that starts with '/'");

/** Signals an application may ask for: the catchable ones that programs use for stop and reload. */
const signal = z.enum(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2"]);

/** `nplus1.yaml` in an application's folder: all that nplus1 must know of an application in any language. */
export const applicationSchema = z.strictObject({
  /** Lower-case letters, digits and dashes, 1-32 characters. */
  name: z.string().regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, "must be 1-32 lower-case letters, digits or dashes, beginning with a letter"),
  /** A shell command line, run in the application's folder with the variables that docs/application.md lists. */
  start: z.string().min(1).max(4096),
  health: z
    .strictObject({
      path: httpPath.default("/health"),
      /** Milliseconds, 50-10000. */
      timeoutMs: z.int().min(50).max(10_000).default(1000),
      /** Node.js: an event loop that does not turn for this long is hung, not counted what it waits for a processor. Milliseconds, 200-60000. */
      eventLoopMs: z.int().min(200).max(60_000).default(1000),
      /** Node.js: of the heap's limit, in use after a full garbage collection. Per cent, 50-100. */
      heapPercent: z.int().min(50).max(100).default(95),
      /** Of the machine's memory, held by the application's processes. Per cent, 10-100. */
      memoryPercent: z.int().min(10).max(100).default(90),
      /** Of the handles that one process may have open. Per cent, 20-100. */
      handlesPercent: z.int().min(20).max(100).default(98),
      /** Less free disk than this is too little, in MiB, 1-1048576; five times as much is a warning. */
      diskFreeMiB: z.int().min(1).max(1_048_576).default(20),
      /** Node.js: false leaves the watchdog out of the application's programs. */
      watchdog: z.boolean().default(true),
    })
    .prefault({}),
  stop: z
    .strictObject({
      signal: signal.default("SIGTERM"),
      /** Milliseconds from the signal to SIGKILL, 0-300000. */
      graceMs: z.int().min(0).max(300_000).default(10_000),
    })
    .prefault({}),
  settings: z
    .strictObject({
      files: z.array(insidePath).max(100),
      reload: z.union([z.strictObject({ signal }), z.strictObject({ http: httpPath }), z.literal("restart")]).default("restart"),
    })
    .optional(),
  /** What the application writes and wants back after a loss: globs inside its folder. */
  data: z.array(insidePath).max(100).default([]),
  /** A shell command run before a hung application is restarted; `$PID` is the application's process. */
  diagnose: z.string().min(1).max(4096).optional(),
});

export type Application = z.infer<typeof applicationSchema>;

/** The file's name in the application's folder. */
export const APPLICATION_FILE = "nplus1.yaml";
