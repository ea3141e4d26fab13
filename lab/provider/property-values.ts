import type { JavaScriptValue, Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";
import { Struct } from "./protobuf";

/** A value the engine does not know yet: an output of something that a preview did not create. */
export class Unknown {
  static readonly value = new Unknown();
  private constructor() {}
}

/** Text or a file; `hash` is the SHA-256 of the content in hex, and what makes two assets equal. */
export class Asset {
  constructor(
    readonly hash: string,
    readonly from: { text: string } | { path: string } | { uri: string },
  ) {}
}

/** A folder or an archive file, or named parts of one's own; `hash` as for assets. */
export class Archive {
  constructor(readonly wire: Record<string, JavaScriptValue>) {}

  get hash(): string {
    return typeof this.wire.hash === "string" ? this.wire.hash : "";
  }

  get from(): { path: string } | { uri: string } | { assets: Readonly<Record<string, unknown>> } {
    const { path, uri, assets } = this.wire;
    if (typeof path === "string" && path !== "") return { path };
    if (typeof uri === "string" && uri !== "") return { uri };
    return { assets: plain(assets ?? {}, () => undefined) as Record<string, unknown> };
  }
}

export type Properties = Record<string, unknown>;

/** Properties in plain form, and the names of those that hold a secret anywhere inside. */
export interface Decoded {
  properties: Properties;
  secrets: ReadonlySet<string>;
}

/** @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go (one for each kind of value) */
const UNKNOWN_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_WIRES = new Set([
  UNKNOWN_WIRE,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function decode(struct: StructMessage | undefined): Decoded {
  const secrets = new Set<string>();
  const wire = Object.entries(struct?.toJavaScript() ?? {});
  const properties = wire.map(([key, value]) => [key, plain(value, () => secrets.add(key))] as const);
  return { properties: Object.fromEntries(properties.filter(([, value]) => value !== null)), secrets };
}

export function encode(properties: Properties, secrets: ReadonlySet<string> = new Set()): StructMessage {
  const wire = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, secrets.has(key) ? { [SIGNATURE]: SECRET, value: wired(value) } : wired(value)]);
  return Struct.fromJavaScript(Object.fromEntries(wire) as Record<string, JavaScriptValue>);
}

/** Whether something inside is still unknown. */
export function isUnknown(value: unknown): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(isUnknown);
  return isRecord(value) && Object.values(value).some(isUnknown);
}

export function without(properties: Properties, ...names: string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function plain(value: unknown, onSecret: () => void): unknown {
  if (typeof value === "string") return UNKNOWN_WIRES.has(value) ? Unknown.value : value;
  if (Array.isArray(value)) return value.map((item) => plain(item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, JavaScriptValue>;
  const kind = record[SIGNATURE];
  if (kind === SECRET || (kind === OUTPUT && record.secret === true)) onSecret();
  if (kind === SECRET) return plain(record.value, onSecret);
  if (kind === OUTPUT) return "value" in record ? plain(record.value, onSecret) : Unknown.value;
  if (kind === ASSET) return asset(record);
  if (kind === ARCHIVE) return new Archive(record);
  if (kind === REFERENCE) return plain(record.id ?? record.urn, onSecret);
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, plain(inner, onSecret)]));
}

function asset(record: Record<string, JavaScriptValue>): Asset {
  const hash = typeof record.hash === "string" ? record.hash : "";
  if (typeof record.path === "string" && record.path !== "") return new Asset(hash, { path: record.path });
  if (typeof record.uri === "string" && record.uri !== "") return new Asset(hash, { uri: record.uri });
  return new Asset(hash, { text: typeof record.text === "string" ? record.text : "" });
}

function wired(value: unknown): JavaScriptValue {
  if (value instanceof Unknown) return UNKNOWN_WIRE;
  if (value instanceof Asset) return { [SIGNATURE]: ASSET, hash: value.hash, ...value.from };
  if (value instanceof Archive) return value.wire;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : wired(item)));
  if (isRecord(value)) {
    const known = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(known.map(([key, inner]) => [key, wired(inner)]));
  }
  return value as JavaScriptValue;
}
