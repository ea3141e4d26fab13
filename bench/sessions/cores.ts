import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Cores {
  /** Of the program that is measured, and of nothing else. */
  program: number;
  /** Of the load, the store and what delays it. */
  rest: number;
}

/** The last core for the program: most machines serve their interrupts on the first. @throws Error when there is only one */
export function chooseCores(): Cores {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  const cores = coresIn(allowed);
  const [rest] = cores;
  const program = cores.at(-1);
  if (rest === undefined || program === undefined || rest === program)
    throw new Error(`the benchmark needs two cores, this process may use: ${allowed}`);
  return { program, rest };
}

/** `0-2,5` → 0, 1, 2, 5. */
export function coresIn(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** This process, with all its threads. */
export function stayOn(core: number): void {
  const { status, stderr } = spawnSync("taskset", ["-a", "-c", "-p", String(core), String(process.pid)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`taskset could not pin the load to core ${core}: ${stderr}`);
}
