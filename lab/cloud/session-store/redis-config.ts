import { createHash } from "node:crypto";
import { findParameter } from "./parameter-table";
import { maxMemoryMib, type StoreGroup } from "./store-group";

/** The lab's own user on every node, for replication and control; its name and secret never leave the lab's inner world. */
export const LAB_USER = "nplus1-lab";

/**
 * What ElastiCache refuses to everyone.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SupportedCommands.html
 */
const RESTRICTED = [
  "acl|deluser",
  "acl|load",
  "acl|log",
  "acl|save",
  "acl|setuser",
  "bgrewriteaof",
  "bgsave",
  "config",
  "debug",
  "failover",
  "migrate",
  "module",
  "psync",
  "replicaof",
  "save",
  "shutdown",
  "slaveof",
  "sync",
];

const hashed = (secret: string): string => `#${createHash("sha256").update(secret).digest("hex")}`;

/** Rules of the default user: every token of the list opens. Hashes only, so that no file holds a token. */
export const defaultUserRules = (tokens: readonly string[]): string[] => [
  "on",
  "resetpass",
  ...(tokens.length === 0 ? ["nopass"] : tokens.map(hashed)),
  "~*",
  "&*",
  "+@all",
  ...RESTRICTED.map((command) => `-${command}`),
];

/** The settings that follow from the group and its parameter group and may change while a node runs. */
export const runtimeSettings = (group: StoreGroup, parameters: ReadonlyMap<string, string>): [string, string][] => [
  ["maxmemory", `${maxMemoryMib(group.nodeType, Number(parameters.get("reserved-memory-percent")))}mb`],
  ...[...parameters].filter(([name]) => isImmediate(name)),
];

const isImmediate = (name: string): boolean => {
  const parameter = findParameter(name);
  return parameter?.inRedis === true && parameter.change === "immediate";
};

export interface NodePlace {
  /** Node's own folder: certificates. */
  folder: string;
  socket: string;
  /** The address to listen on. */
  bind: string;
  labSecret: string;
  /** The primary's address; absent for the primary. */
  primaryIp?: string;
}

/** redis.conf of one node. Nothing is saved: like ElastiCache's, a node that ends loses its memory and takes it from the primary. */
export function redisConfig(group: StoreGroup, parameters: ReadonlyMap<string, string>, place: NodePlace): string {
  const tls = group.transitEncryption;
  const settings: [string, string][] = [
    ["bind", place.bind],
    ["protected-mode", "no"],
    ["port", String(tls ? 0 : group.port)],
    ...(tls ? tlsSettings(group.port, place.folder) : []),
    ["unixsocket", place.socket],
    ["unixsocketperm", "700"],
    ["dir", place.folder],
    ["save", ""],
    ["appendonly", "no"],
    ["repl-diskless-sync", "yes"],
    ["repl-diskless-sync-delay", "0"],
    ["masteruser", LAB_USER],
    ["masterauth", place.labSecret],
    ...[...parameters].filter(([name]) => findParameter(name)?.change === "requires-reboot" && findParameter(name)?.inRedis),
    ...runtimeSettings(group, parameters),
    ...(place.primaryIp === undefined ? [] : ([["replicaof", `${place.primaryIp} ${group.port}`]] as [string, string][])),
  ];
  const users = [`user ${LAB_USER} on ${hashed(place.labSecret)} ~* &* +@all`, `user default ${defaultUserRules(group.authTokens).join(" ")}`];
  return `${[...settings.map(([name, value]) => `${name} ${value === "" ? '""' : value}`), ...users].join("\n")}\n`;
}

const tlsSettings = (port: number, folder: string): [string, string][] => [
  ["tls-port", String(port)],
  ["tls-cert-file", `${folder}/node.pem`],
  ["tls-key-file", `${folder}/node.key`],
  ["tls-ca-cert-file", `${folder}/ca.pem`],
  ["tls-auth-clients", "no"],
  ["tls-replication", "yes"],
];
