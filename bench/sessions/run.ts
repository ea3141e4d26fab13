import { check } from "./check";
import type { Idle } from "./command-counts";
import type { Row } from "./goals";
import { fullLoad } from "./load";
import { measure, measureIdle, type Sample } from "./measure";
import type { Options } from "./options";
import type { Place } from "./places";
import { CELLS, type LayerName, type PlaceName, turnsOf } from "./plan";
import { Program } from "./program";

const IDLE_MS = 2000;

export type Say = (text: string) => void;

/** Starts every program, checks each, warms it up, then measures in rounds: in each cell every layer in turn. Ends the programs. */
export async function run(places: readonly Place[], core: number, { pace, layers, page }: Options, say: Say): Promise<Row[]> {
  const programs: Program[] = [];
  try {
    for (const place of places) for (const layer of layers) programs.push(await started(programs, layer, place, core, page));
    say("checking and warming up");
    for (const program of programs) await program.blamed(warmedUp(program, pace.warmUpMs));
    const idle = new Map<PlaceName, Idle>();
    for (const place of places) idle.set(place.name, await measureIdle(place, IDLE_MS));
    return await rounds(programs, idle, { pace, layers }, say);
  } finally {
    await Promise.all(programs.map(({ process }) => process.stop()));
  }
}

async function warmedUp(program: Program, ms: number): Promise<void> {
  const sizes = new Set(CELLS.map(({ bytes }) => bytes));
  for (const bytes of sizes) {
    await check(program, bytes);
    await fullLoad(await program.clients(bytes), program.port, 0.3, 0, ms / sizes.size);
  }
}

async function rounds(
  programs: readonly Program[],
  idle: ReadonlyMap<PlaceName, Idle>,
  { pace, layers }: Pick<Options, "pace" | "layers">,
  say: Say,
): Promise<Row[]> {
  const rows = CELLS.flatMap((cell) => layers.map((layer) => ({ cell, layer, samples: [] as Sample[] })));
  for (let round = 0; round < pace.rounds; round += 1) {
    say(`round ${round + 1} of ${pace.rounds}`);
    for (const cell of CELLS) {
      for (const layer of turnsOf(round, layers)) {
        const program = programs.find((one) => one.layer === layer && one.place.name === cell.place) as Program;
        const sample = await program.blamed(measure(program, cell, pace, idle.get(cell.place) as Idle));
        rows.find((row) => row.cell === cell && row.layer === layer)?.samples.push(sample);
      }
    }
  }
  return rows;
}

/** Without a store there is nothing that could be far: the same process is measured again, beside those that have one. */
async function started(programs: readonly Program[], layer: LayerName, place: Place, core: number, page: string): Promise<Program> {
  const same = programs.find((program) => program.layer === layer && !program.hasStore);
  return same ? same.beside(place) : Program.start(layer, place, core, page);
}
