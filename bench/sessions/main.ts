// npm run bench:sessions. Results go to standard output, progress to standard error.
import { chooseCores, stayOn } from "./cores";
import { findings } from "./goals";
import { machineOf } from "./machine";
import { optionsOf, USAGE } from "./options";
import { delayedPlace, loopbackPlace, type Place } from "./places";
import { CLIENTS } from "./program";
import { goalLines, machineLines, tableLines, warningLines } from "./report";
import { run } from "./run";
import { summaryOf } from "./summary";

const began = performance.now();
const say = (text: string): void => void process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options === "help") return print([USAGE]);
  const cores = chooseCores();
  stayOn(cores.rest);
  const places: Place[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(places.splice(0).map((place) => place.stop()));
  };
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    process.once(signal, () => void stop().finally(() => process.exit(code)));
  try {
    places.push(await loopbackPlace(cores.rest));
    places.push(await delayedPlace(cores.rest));
    const [first] = places as [Place];
    const machine = machineOf(cores, first);
    const described = places.map(({ name, how, roundTripMs }) => ({ name, how, roundTripMs }));
    if (!options.isJson) print([...machineLines(machine, places), ""]);
    const rows = await run(places, cores.program, options, say);
    say("done");
    const { pace, page } = options;
    const results = {
      machine,
      places: described,
      clients: CLIENTS,
      pace,
      page,
      rows: rows.map(summaryOf),
      goals: findings(rows),
      warnings: warningLines(rows),
    };
    print(options.isJson ? [JSON.stringify(results, undefined, 2)] : [...tableLines(rows), ...goalLines(rows), ...warningLines(rows)]);
  } finally {
    await stop();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench:sessions: ${error.message}\n`);
  process.exitCode = 1;
});
