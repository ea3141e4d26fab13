import { blockOf, formatCidr, isInside, parseCidr } from "./cidr";

/** AWS's limit for a VPC's block. @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const SHORTEST_PREFIX = 16;

/** A load balancer refuses smaller subnets. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
const LONGEST_SUBNET_PREFIX = 27;

/** Any other block would hide a part of the internet from the nodes. @see https://www.rfc-editor.org/rfc/rfc1918 and rfc6598 */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** The VPC is cut into 16 equal blocks: 8 places for public subnets, then 8 for private ones, so that a zone more moves none that is there. */
const BLOCK_BITS = 4;
const PLACES = 8;

export interface ZoneSubnets {
  publicCidr: string;
  privateCidr: string;
}

/** The longest prefix of a VPC whose sixteenths are still subnets. */
const LONGEST_PREFIX = LONGEST_SUBNET_PREFIX - BLOCK_BITS;

/** One public and one private subnet for each zone, in the order of the zones. @throws when they do not fit. */
export function allocateSubnets(vpcCidr: string, zones: number): ZoneSubnets[] {
  const vpc = parseCidr(vpcCidr);
  if (!PRIVATE.some((range) => isInside(vpc, parseCidr(range)))) throw new Error(`must be inside ${PRIVATE.join(", ")}, got ${vpcCidr}`);
  if (vpc.prefix < SHORTEST_PREFIX || vpc.prefix > LONGEST_PREFIX)
    throw new Error(`must have a prefix of /${SHORTEST_PREFIX} to /${LONGEST_PREFIX}, got ${vpcCidr}`);
  if (zones > PLACES) throw new Error(`has room for ${PLACES} zones, got ${zones}`);
  const block = (index: number): string => formatCidr(blockOf(vpc, vpc.prefix + BLOCK_BITS, index));
  return Array.from({ length: zones }, (_, zone) => ({ publicCidr: block(zone), privateCidr: block(PLACES + zone) }));
}
