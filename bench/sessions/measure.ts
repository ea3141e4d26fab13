import { setTimeout as delay } from "node:timers/promises";
import { checkCounts } from "./check";
import { type CommandCounts, commandsPerRequest, countsBetween, type Idle } from "./command-counts";
import { fullLoad, singleLoad } from "./load";
import type { Place } from "./places";
import type { Cell, Pace } from "./plan";
import type { Program } from "./program";

/** One measurement of one program in one cell. */
export interface Sample {
  /** Requests per second at full load. */
  rate: number;
  /** Milliseconds, at full load and with one request at a time. */
  full: { p50: number; p99: number };
  single: { p50: number; p99: number };
  /** Microseconds of the program's processor time for one request, at full load. Hardly touched by what else the machine does. */
  cost: number;
  /** Commands that the program sent to the store, for one request. */
  commands: number;
  /** Every command that the server counted for one request, with those that scripts called. */
  counted: CommandCounts;
  /** Shares of one core at full load. */
  busy: { program: number; load: number; store: number; between: number };
}

export async function measure(program: Program, cell: Cell, pace: Pace, idle: Idle): Promise<Sample> {
  const { server } = program.place;
  const clients = await program.clients(cell.bytes);
  const before = { counts: await server.counts(), ...cpu(program), at: performance.now() };
  const full = await fullLoad(clients, program.port, cell.modifying, pace.settleMs, pace.fullMs);
  const ms = performance.now() - before.at;
  const after = cpu(program);
  const counts = countsBetween(before.counts, await server.counts());
  const counted = commandsPerRequest(counts, full.allRequests, ms, program.hasStore ? idle : { counts: {}, ms: 1 });
  const single = await singleLoad(clients, program.port, cell.modifying, pace.singleMs);
  await checkCounts(program, clients);
  const commands = Object.entries(counted).reduce((sum, [name, calls]) => (program.scripted.has(name) ? sum : sum + calls), 0);
  return {
    rate: full.requests / (full.ms / 1000),
    full: { p50: full.p50, p99: full.p99 },
    single: { p50: single.p50, p99: single.p99 },
    cost: ((after.program - before.program) * 1000) / full.allRequests,
    commands: program.hasStore ? commands : 0,
    counted: program.hasStore ? counted : {},
    busy: {
      program: (after.program - before.program) / ms,
      load: (after.load - before.load) / ms,
      store: (after.store - before.store) / ms,
      between: (after.between - before.between) / ms,
    },
  };
}

/** What all programs together send when nobody asks them anything. */
export async function measureIdle({ server }: Place, ms: number): Promise<Idle> {
  const before = await server.counts();
  const began = performance.now();
  await delay(ms);
  return { counts: countsBetween(before, await server.counts()), ms: performance.now() - began };
}

/** Milliseconds of processor time so far. */
function cpu({ process: measured, place }: Program): Sample["busy"] {
  const { user, system } = process.cpuUsage();
  return { program: measured.cpuMs(), load: (user + system) / 1000, store: place.server.cpuMs(), between: place.cpuMs() };
}
