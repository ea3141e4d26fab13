import { blockOf, formatCidr, parseCidr } from "./cidr";

/** AWS's limits for a VPC's and a subnet's block. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const SMALLEST_PREFIX = 16;
const LONGEST_SUBNET_PREFIX = 28;

/** The VPC is cut into 16 equal blocks: 8 places for public subnets, then 8 for private ones, so that a zone more moves none that is there. */
const BLOCK_BITS = 4;
const PLACES = 8;

export interface ZoneSubnets {
  publicCidr: string;
  privateCidr: string;
}

/** The longest prefix of a VPC whose sixteenths are still subnets. */
export const LONGEST_PREFIX = LONGEST_SUBNET_PREFIX - BLOCK_BITS;

/** One public and one private subnet for each zone, in the order of the zones. @throws when they do not fit. */
export function allocateSubnets(vpcCidr: string, zones: number): ZoneSubnets[] {
  const vpc = parseCidr(vpcCidr);
  if (vpc.prefix < SMALLEST_PREFIX || vpc.prefix > LONGEST_PREFIX) throw new Error(`must have a prefix of /${SMALLEST_PREFIX} to /${LONGEST_PREFIX}, got ${vpcCidr}`);
  if (zones > PLACES) throw new Error(`has room for ${PLACES} zones, got ${zones}`);
  const block = (index: number): string => formatCidr(blockOf(vpc, vpc.prefix + BLOCK_BITS, index));
  return Array.from({ length: zones }, (_, zone) => ({ publicCidr: block(zone), privateCidr: block(PLACES + zone) }));
}
