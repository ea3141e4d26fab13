import type { RedisNode } from "./redis-node";

/** Keys that one step of the scan looks at: a store full of sessions must not stop for us. */
const STEP = "1000";

/** Text values of all keys that match. */
export async function readValues(node: Pick<RedisNode, "commands">, pattern: string): Promise<[string, string][]> {
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const [step] = (await node.commands([["SCAN", cursor, "MATCH", pattern, "COUNT", STEP]])) as [[string, string[]]];
    cursor = step[0];
    for (const key of step[1]) keys.add(key);
  } while (cursor !== "0");
  if (keys.size === 0) return [];
  const names = [...keys];
  const [values] = (await node.commands([["MGET", ...names]])) as [(string | null)[]];
  return names.flatMap((name, index): [string, string][] => {
    const value = values[index];
    return typeof value === "string" ? [[name, value]] : [];
  });
}
