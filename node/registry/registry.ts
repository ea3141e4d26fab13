import { z } from "zod";
import { NODES_KEY, type NodeEntry, nodeEntrySchema, REGISTRY_TTL_MS, registryKey } from "../../contract/registry";
import type { StoreConnection } from "./store-connection";

const { id, ip, release, state, trouble } = nodeEntrySchema.shape;
/** What a node must know of another, whatever else that one's agent says. */
const peerSchema = z.object({ id, ip, release, state, trouble });
export type Peer = z.infer<typeof peerSchema>;

export interface Registry {
  /** Writes the node's entry, and answers with what all nodes say, this one too. Undefined while the store is away: the node serves without it. */
  renew(entry: NodeEntry): Promise<Peer[] | undefined>;
}

/**
 * KEYS: the node's entry, NODES_KEY. ARGV: node, entry, its ttl in milliseconds, and what precedes an id in a key. The set is there because
 * a SCAN would look past all sessions.
 */
const RENEW_SCRIPT = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
redis.call("ZADD", KEYS[2], now + ARGV[3], ARGV[1])
redis.call("ZREMRANGEBYSCORE", KEYS[2], "-inf", now)
local keys = {}
for _, id in ipairs(redis.call("ZRANGE", KEYS[2], 0, -1)) do keys[#keys + 1] = ARGV[4] .. id end
local found = {}
for _, entry in ipairs(redis.call("MGET", unpack(keys))) do if entry then found[#found + 1] = entry end end
return found`;

export class ValkeyRegistry implements Registry {
  readonly #store: Pick<StoreConnection, "run">;

  constructor(store: Pick<StoreConnection, "run">) {
    this.#store = store;
  }

  async renew(entry: NodeEntry): Promise<Peer[] | undefined> {
    const args = {
      keys: [registryKey(entry.id), NODES_KEY],
      arguments: [entry.id, JSON.stringify(entry), String(REGISTRY_TTL_MS), registryKey("")],
    };
    const found = await this.#store.run((client) => client.eval(RENEW_SCRIPT, args)).catch(() => undefined);
    if (!Array.isArray(found)) return undefined;
    return found.flatMap((text) => (typeof text === "string" ? readPeer(text) : [])).sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** What is no entry (another program's, another version's) says nothing of a node. */
function readPeer(text: string): Peer[] {
  try {
    const parsed = peerSchema.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
