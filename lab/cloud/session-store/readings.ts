import { parseInfo } from "./failover";
import type { LiveGroup } from "./live-group";

/** What a node of a store says of itself (`INFO`), when it was asked, and what its primary has. */
export interface Reading {
  memberId: string;
  nodeType: string;
  at: Date;
  info: ReadonlyMap<string, string>;
  /** Bytes of the primary's stream; undefined for the primary. */
  primaryOffset: number | undefined;
}

/** Of the nodes of a group that answer. */
export async function groupReadings(live: LiveGroup): Promise<Reading[]> {
  const { primaryId } = live.view();
  const asked = live.running().map(async ({ node, process }) => {
    const info = await process.commands([["INFO", "everything"]]).then(
      ([text]) => parseInfo(String(text)),
      () => undefined,
    );
    return info && { memberId: node.id, nodeType: live.group.nodeType, at: new Date(), info };
  });
  const answered = (await Promise.all(asked)).filter((one) => one !== undefined);
  const primary = answered.find(({ memberId }) => memberId === primaryId);
  const offset = Number(primary?.info.get("master_repl_offset") ?? 0);
  return answered.map((one) => ({ ...one, primaryOffset: one.memberId === primaryId ? undefined : offset }));
}
