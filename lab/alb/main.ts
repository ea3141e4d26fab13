import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { Appliance } from "./appliance";
import { desiredStateSchema } from "./desired-state";
import { HaproxyProcess } from "./haproxy-process";
import type { Report } from "./report";

/** alb.cjs FOLDER HAPROXY [LAST_FD]: a folder of its own (short: sockets are in it), HAProxy's path, the last inherited socket. */
const [folder = "", binary = "", lastFd = "2"] = process.argv.slice(2);

const say = (report: Report): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

const fail = (reason: string): never => {
  process.stderr.write(`alb: ${reason}\n`);
  process.exit(1);
};

/** Standard output is the channel to the controller: what HAProxy says goes where errors go. */
const LOG = 2;

mkdirSync(folder, { recursive: true, mode: 0o700 });
const appliance = new Appliance(new HaproxyProcess(binary, folder, Number(lastFd), LOG, fail), folder, say, fail);

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const parsed = desiredStateSchema.safeParse(JSON.parse(line));
  if (!parsed.success) return say({ kind: "refused", generation: null, message: z.prettifyError(parsed.error) });
  void appliance.apply(parsed.data);
});
lines.on("close", () => end());
process.on("SIGTERM", () => end());

function end(): void {
  appliance.stop();
  process.exit(0);
}
