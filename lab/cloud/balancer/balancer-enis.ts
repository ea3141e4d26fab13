import type { EniState } from "../../machine/network-state";
import { publicAddress } from "./balancer-address";
import type { DescribedBalancer } from "./describe-balancers";

/** The load balancer's own id: the last part of its ARN. */
export const balancerId = (arn: string): string => arn.split("/").at(-1) ?? arn;

export const balancerNetns = (arn: string): string => `alb-${balancerId(arn).slice(0, 8)}`;

/** Who owns its address in a subnet. */
export const addressOwner = (arn: string, subnetId: string): string => `${balancerId(arn)}/${subnetId}`;

/** One network interface in each subnet, all in one namespace. */
export function balancerEnis(
  { balancer }: DescribedBalancer,
  privateAddress: (subnetId: string, owner: string) => string,
  taken: Set<string>,
): EniState[] {
  const arn = balancer.LoadBalancerArn ?? "";
  return (balancer.AvailabilityZones ?? []).map(({ SubnetId: subnetId = "" }) => {
    const owner = addressOwner(arn, subnetId);
    const eni = {
      id: `eni-${balancerId(arn).slice(0, 8)}-${subnetId.slice(-8)}`,
      subnetId,
      privateIp: privateAddress(subnetId, owner),
      securityGroupIds: balancer.SecurityGroups ?? [],
      netns: balancerNetns(arn),
    };
    if (balancer.Scheme !== "internet-facing") return eni;
    const publicIp = publicAddress(owner, taken);
    taken.add(publicIp);
    return { ...eni, publicIp };
  });
}
