/** AWS's side of the lab: what a node reaches behind the VPC's router. */
export const RESOLVER = "169.254.169.253";
export const IMDS = "169.254.169.254";

/** A host on the lab's internet, from the documentation range. @see https://www.rfc-editor.org/rfc/rfc5737 */
export const OUTSIDE = "203.0.113.80";
export const OUTSIDE_ROUTER = "203.0.113.1";

/** Where functions run that are in no VPC: a host of AWS's own, from another such range. */
export const FUNCTIONS = "192.0.2.10";
export const FUNCTIONS_ROUTER = "192.0.2.1";

export interface ServiceAddresses {
  s3: string;
  dynamodb: string;
  /** Every other AWS API. */
  other: string;
}

export interface Cidr {
  base: number;
  prefix: number;
}

export function toNumber(address: string): number {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new Error(`address: must be four numbers 0-255 with dots, got ${address}`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export const toAddress = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");

export function parseCidr(text: string): Cidr {
  const [address = "", prefixText = ""] = text.split("/");
  const prefix = Number(prefixText);
  if (!/^\d+$/.test(prefixText) || prefix > 32) throw new Error(`cidr: must be ADDRESS/0-32, got ${text}`);
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(toNumber(address) / size) * size, prefix };
}

/** The n-th address of a CIDR: 1 is the VPC's router in a subnet, 2 of the VPC's own CIDR is its resolver. */
export const nthAddress = (cidr: string, n: number): string => toAddress(parseCidr(cidr).base + n);

export function contains(cidr: string, address: string): boolean {
  const { base, prefix } = parseCidr(cidr);
  const value = toNumber(address);
  return value >= base && value < base + 2 ** (32 - prefix);
}

/**
 * The link between a VPC's router and AWS's side, 4 addresses for each VPC, from the lower half of 169.254.0.0/16: no VPC may use that
 * range, so links never overlap with a VPC. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export function linkAddresses(index: number): { aws: string; router: string } {
  if (index < 0 || index >= 8192) throw new Error(`vpc: the lab has links for 8192 VPCs, got number ${index}`);
  const base = toNumber("169.254.0.0") + index * 4;
  return { aws: toAddress(base + 1), router: toAddress(base + 2) };
}
