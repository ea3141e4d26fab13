/** Calls by command, of the server since its start. */
export type CommandCounts = Readonly<Record<string, number>>;

/** From the answer to INFO commandstats. Subcommands (`client|list`) count for their command. */
export function parseCommandStats(info: string): CommandCounts {
  const counts: Record<string, number> = {};
  for (const [, name = "", calls] of info.matchAll(/^cmdstat_(\w+)(?:\|[\w-]+)?:calls=(\d+)/gm)) counts[name] = (counts[name] ?? 0) + Number(calls);
  return counts;
}

/** What the benchmark itself sends. */
const OWN_COMMANDS = new Set(["info", "monitor"]);

export function countsBetween(before: CommandCounts, after: CommandCounts): CommandCounts {
  const grown = Object.entries(after).map(([name, calls]) => [name, calls - (before[name] ?? 0)] as const);
  return Object.fromEntries(grown.filter(([name, calls]) => calls > 0 && !OWN_COMMANDS.has(name)));
}

export interface Idle {
  counts: CommandCounts;
  ms: number;
}

/** Commands of each kind for one request, less what the idle programs send in the same time (beats). */
export function commandsPerRequest(counts: CommandCounts, requests: number, ms: number, idle: Idle): CommandCounts {
  const names = new Set([...Object.keys(counts), ...Object.keys(idle.counts)]);
  const rates = [...names].map((name) => {
    const beats = ((idle.counts[name] ?? 0) / idle.ms) * ms;
    return [name, ((counts[name] ?? 0) - beats) / requests] as const;
  });
  return Object.fromEntries(rates);
}

export interface Called {
  command: string;
  inScript: boolean;
}

/** One line of MONITOR: `1700000000.123456 [0 127.0.0.1:1234] "GET" "key"`, or `[0 lua]` for what a script called. */
export function parseMonitorLine(line: string): Called | undefined {
  const match = /^\d+\.\d+ \[\d+ ([^\]]+)\] "(\w+)"/.exec(line);
  return match ? { command: (match[2] as string).toLowerCase(), inScript: match[1] === "lua" } : undefined;
}
