import { DRILL_ORDER, type DrillLine, drillOrderSchema } from "../../contract/drill";
import { Cluster } from "./cluster";
import { runDrill } from "./run-drill";

const say = (line: DrillLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Ends early, and mends what it broke, when told so or when whoever gave the order is gone (its end of standard input closes). */
function untilTold(): AbortSignal {
  const told = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => told.abort(new Error("interrupted")));
  process.stdin.on("close", () => told.abort(new Error("interrupted"))).resume();
  return told.signal;
}

async function main(): Promise<void> {
  const { drills, url, endpoint, n } = drillOrderSchema.parse(JSON.parse(process.env[DRILL_ORDER] ?? "{}"));
  const signal = untilTold();
  const cluster = new Cluster(endpoint, n);
  for (const { drill, seconds } of drills) {
    try {
      const report = await runDrill(drill, seconds, { cluster, url, signal, say: (progress) => say({ progress: `${drill}, ${progress}` }) });
      say({ report });
    } catch (error) {
      const why = signal.aborted ? "interrupted; what was broken is mended" : error instanceof Error ? error.message : String(error);
      throw new Error(`${drill}: ${why}`, { cause: error });
    }
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    say({ error: error.message });
    process.exit(1);
  },
);
