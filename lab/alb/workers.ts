/** Process ids out of the master's `show proc`. @see http://docs.haproxy.org/2.6/management.html#9.4 */
export function parseWorkers(text: string): { current: number[]; old: number[] } {
  const found = { current: [] as number[], old: [] as number[] };
  let section: keyof typeof found | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) section = line.startsWith("# workers") ? "current" : line.startsWith("# old workers") ? "old" : undefined;
    const worker = /^(\d+)\s+worker\s/.exec(line);
    if (worker !== null && section !== undefined) found[section].push(Number(worker[1]));
  }
  return found;
}
