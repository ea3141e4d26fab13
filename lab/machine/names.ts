import { createHash } from "node:crypto";
import type { EniState, NatGatewayState } from "./network-state";

const digest = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);

/** Interface of an ENI on its router. Names have at most 15 bytes; another address or namespace is another interface. */
export const routerInterface = (eni: EniState): string => `e${digest(`${eni.id} ${eni.privateIp} ${eni.subnetId} ${eni.netns}`, 12)}`;

/** Interface of a VPC's link on AWS's side. */
export const linkInterface = (vpcId: string): string => `v${digest(vpcId, 12)}`;

/** Interface of that link on the router. */
export const AWS_LINK = "aws";

export const routerNetns = (vpcId: string): string => (vpcId.startsWith("vpc-") ? vpcId : `vpc-${vpcId}`);

export const natNetns = (natGateway: NatGatewayState): string => (natGateway.id.startsWith("nat-") ? natGateway.id : `nat-${natGateway.id}`);

export const OUTSIDE_NETNS = "outside";

/** Of functions that are in no VPC. */
export const FUNCTIONS_NETNS = "functions";

/** A locally administered MAC address, the same for an ENI for all its life (also what IMDS should say). */
export function macAddress(eniId: string): string {
  const bytes = digest(eniId, 10).match(/../g) ?? [];
  return ["02", ...bytes].join(":");
}
