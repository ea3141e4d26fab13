import type { Answer, Packet } from "dns-packet";
import type { ServiceAddresses } from "./addresses";

/** Seconds. AWS says 60 for a load balancer's name; the lab's replacements come faster than that. */
const TTL_SECONDS = 5;

const REGION = "[a-z]{2}(-gov)?-[a-z]+-\\d";
const S3_NAME = new RegExp(`^(.+\\.)?s3(\\.${REGION})?\\.amazonaws\\.com$`);
const DYNAMODB_NAME = new RegExp(`^dynamodb\\.${REGION}\\.amazonaws\\.com$`);
/** `<service>.<region>` and the global services' `<service>`. */
const SERVICE_NAME = new RegExp(`^[a-z0-9-]+(\\.${REGION})?\\.amazonaws\\.com$`);

export type Records = ReadonlyMap<string, readonly string[]>;

/** The addresses of a name (lower case, no final dot); undefined when there is no such name. */
export function lookUp(name: string, records: Records, services: ServiceAddresses): readonly string[] | undefined {
  const exact = records.get(name);
  if (exact !== undefined) return exact;
  if (S3_NAME.test(name)) return [services.s3];
  if (DYNAMODB_NAME.test(name)) return [services.dynamodb];
  if (SERVICE_NAME.test(name)) return [services.other];
  return undefined;
}

/** Code of the answer in the lower bits of a DNS header's flags. @see https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1 */
const RCODE = { noError: 0, formatError: 1, nameError: 3, notImplemented: 4 };
const OPCODE_BITS = 0x7800;
const RECURSION_DESIRED = 1 << 8;
const RECURSION_AVAILABLE = 1 << 7;

/** The VPC resolver's answer to a query: IPv4 addresses only, NXDOMAIN for names that the lab does not know. */
export function answerQuery(query: Packet, records: Records, services: ServiceAddresses): Packet {
  const question = query.questions?.[0];
  const respond = (rcode: number, answers: Answer[]): Packet => ({
    type: "response",
    id: query.id ?? 0,
    flags: ((query.flags ?? 0) & RECURSION_DESIRED) | RECURSION_AVAILABLE | rcode,
    questions: query.questions ?? [],
    answers,
  });
  if (!question || query.questions?.length !== 1) return respond(RCODE.formatError, []);
  if (((query.flags ?? 0) & OPCODE_BITS) !== 0) return respond(RCODE.notImplemented, []);
  const addresses = lookUp(question.name.toLowerCase().replace(/\.$/, ""), records, services);
  if (addresses === undefined) return respond(RCODE.nameError, []);
  if (question.type !== "A") return respond(RCODE.noError, []);
  return respond(
    RCODE.noError,
    addresses.map((data) => ({ type: "A", name: question.name, ttl: TTL_SECONDS, data })),
  );
}
