import { readdirSync, readFileSync } from "node:fs";

export interface ProcessRow {
  pid: number;
  parent: number;
  session: number;
  zombie: boolean;
  /** NUL-separated assignments, as the process was started. */
  environ: string;
}

/** parent, group and session follow the state, after the name in its parentheses. @see proc(5), /proc/pid/stat */
export function parseStat(pid: number, stat: string, environ: string): ProcessRow {
  const [state = "", parent = "", , session = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid, parent: Number(parent), session: Number(session), zombie: state === "Z" || state === "X", environ };
}

/** The variable by which systemd, too, marks what belongs to one run of a unit. */
export const RUN_VARIABLE = "INVOCATION_ID";

/**
 * The processes of one run of a unit: in its session, marked by its environment, or below one of these. Where systemd has a control group,
 * a process that leaves the session, changes its environment and loses its parent is lost here.
 */
export function unitProcesses(rows: readonly ProcessRow[], mainPid: number, runId: string): number[] {
  const mark = `${RUN_VARIABLE}=${runId}`;
  const found = new Set(
    rows.filter((row) => row.pid === mainPid || row.session === mainPid || row.environ.split("\0").includes(mark)).map(({ pid }) => pid),
  );
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const row of rows) if (found.has(row.parent)) found.add(row.pid);
  }
  return rows.filter((row) => found.has(row.pid) && !row.zombie).map(({ pid }) => pid);
}

/** Empty for what ended meanwhile, and for a process that entered from outside (`nplus1 exec`), which is no unit's. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}

export function readProcesses(): ProcessRow[] {
  return readdirSync("/proc").flatMap((name) => {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : "";
    return stat === "" ? [] : [parseStat(Number(name), stat, read(`/proc/${name}/environ`))];
  });
}
