import { columns } from "./columns";
import { type Finding, findings, type Row } from "./goals";
import type { Machine } from "./machine";
import type { Place } from "./places";
import { type Cell, LAYER_TITLES, titleOf } from "./plan";
import { type Summary, summaryOf } from "./summary";

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const exact = (value: number, digits: number): string => value.toFixed(digits).replace(/^-(0\.0*)$/, "$1");
const percent = (share: number): string => `${Math.round(share * 100)} %`;

export function machineLines(machine: Machine, places: readonly Place[]): string[] {
  const { cpu, cores, memoryGiB, kernel, programCore, restCore, loadBefore, versions } = machine;
  return [
    `machine   ${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, load before ${loadBefore}`,
    `cores     ${programCore}: the program; ${restCore}: the load, the store, and what delays it`,
    `versions  ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
    ...places.map(({ name, roundTripMs, how }) => `${name.padEnd(9)} a PING takes ${exact(roundTripMs, 3)} ms (median); ${how}`),
  ];
}

const HEAD = [
  "",
  "requests/s",
  "(least - most)",
  "p50 ms",
  "p99 ms",
  "one at a time: p50",
  "p99",
  "CPU us/request",
  "store commands/request",
  "busy: program",
  "load",
  "store",
  "delay",
];

/** One table for each cell, with columns of the same width. */
export function tableLines(rows: readonly Row[]): string[] {
  const cells = [...new Set(rows.map(({ cell }) => cell))];
  const blocks = cells.map((cell) => rows.filter((row) => row.cell === cell));
  const lines = columns([HEAD, ...blocks.flat().map((row) => words(row, summaryOf(row)))]);
  let at = 1;
  return blocks.flatMap((block, index) => {
    const body = lines.slice(at, (at += block.length));
    return [titleOf(cells[index] as Cell), lines[0] as string, ...body, ""];
  });
}

function words(
  { layer }: Row,
  { requestsPerSecond, fullLoad, oneAtATime, microsecondsPerRequest, storeCommandsPerRequest, busy }: Summary,
): string[] {
  return [
    LAYER_TITLES[layer],
    whole(requestsPerSecond.median),
    `(${whole(requestsPerSecond.min)} - ${whole(requestsPerSecond.max)})`,
    exact(fullLoad.p50, 2),
    exact(fullLoad.p99, 2),
    exact(oneAtATime.p50, 3),
    exact(oneAtATime.p99, 3),
    whole(microsecondsPerRequest),
    layer === "none" || layer === "memory" ? "-" : exact(storeCommandsPerRequest, 2),
    percent(busy.program),
    percent(busy.load),
    percent(busy.store),
    percent(busy.between),
  ];
}

/** Below this the program waited for a core that something else had. */
const LEAST_BUSY = 0.9;
/** Above this the load, the store and the delay may have kept the program waiting. */
const MOST_BUSY = 0.9;

/** What to think of before believing the numbers. */
export function warningLines(rows: readonly Row[]): string[] {
  const busy = rows.map((row) => summaryOf(row).busy);
  const idle = busy.filter(({ program }) => program < LEAST_BUSY).length;
  const slow = busy.filter(({ load, store, between }) => load + store + between > MOST_BUSY).length;
  return [
    ...(idle > 0
      ? [`WARNING in ${idle} of ${rows.length} rows the program had less than ${percent(LEAST_BUSY)} of its core: something else ran on this machine`]
      : []),
    ...(slow > 0
      ? [`WARNING in ${slow} of ${rows.length} rows the other core was more than ${percent(MOST_BUSY)} busy: the load may be the limit`]
      : []),
  ];
}

/** Each goal with the places where it holds and where it does not. */
export function goalLines(rows: readonly Row[]): string[] {
  const all = findings(rows);
  const goals = [...new Set(all.map(({ goal }) => goal))];
  return goals.flatMap((goal) => {
    const its = all.filter((finding) => finding.goal === goal);
    const met = its.filter(({ isMet }) => isMet).length;
    const lines = columns(its.map((finding) => [`  ${finding.where}`, ...verdict(finding)]));
    return [`${met === its.length ? "MET" : "NOT MET"} (${met} of ${its.length}): ${goal}`, ...lines, ""];
  });
}

function verdict({ value, unit, isMet }: Finding): string[] {
  const digits = unit === "x" ? 2 : 3;
  return [`${exact(value.median, digits)} ${unit}`, `(${exact(value.min, digits)} - ${exact(value.max, digits)})`, isMet ? "met" : "NOT met"];
}
