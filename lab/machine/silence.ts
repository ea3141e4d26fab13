import { routerNetns } from "./names";
import { run } from "./run";

const TABLE = "ip silence";

/**
 * Rules under which a VPC's router passes nothing to or from some addresses, established connections included, and tells nobody: neither side
 * sees a close. Among themselves these addresses still speak. A table of its own: the router's is loaded anew with every change of the network.
 */
export function silenceRuleset(addresses: readonly string[]): string {
  const set = `{ ${addresses.join(", ")} }`;
  const rules = [
    "type filter hook forward priority filter - 10; policy accept;",
    `ip saddr ${set} ip daddr ${set} accept`,
    `ip saddr ${set} drop`,
    `ip daddr ${set} drop`,
  ];
  return `add table ${TABLE}\ndelete table ${TABLE}\ntable ${TABLE} {\n  chain forward {\n${rules.map((rule) => `    ${rule}\n`).join("")}  }\n}\n`;
}

/** Cuts addresses of a VPC off from everything else. */
export async function silence(vpcId: string, addresses: readonly string[]): Promise<void> {
  await run(["nft", "-f", "-"], { netns: routerNetns(vpcId), stdin: silenceRuleset(addresses) });
}

/** Ends it; harmless when there is none. */
export async function endSilence(vpcId: string): Promise<void> {
  await run(["nft", "-f", "-"], { netns: routerNetns(vpcId), stdin: `add table ${TABLE}\ndelete table ${TABLE}\n` });
}
