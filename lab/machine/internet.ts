import { IMDS, OUTSIDE, OUTSIDE_ROUTER, RESOLVER, type ServiceAddresses } from "./addresses";
import { OUTSIDE_NETNS } from "./names";
import { sysctlScript } from "./router";
import { ipBatch, run } from "./run";

const OUTSIDE_LINK = "outside";

/** What belongs to a VPC alone is not reachable from the lab's internet: the resolver, the metadata services, the links. */
export const internetRuleset = (): string => `table ip internet {
  chain input {
    type filter hook input priority filter; policy accept;
    iifname "${OUTSIDE_LINK}" ip daddr 169.254.0.0/16 drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "${OUTSIDE_LINK}" ip daddr 169.254.0.0/16 drop
  }
}
`;

/** AWS's side and the internet, in the inner world's first network namespace, with one host outside. */
export async function startInternet(services: ServiceAddresses): Promise<void> {
  await run(["sh", "-ec", "mount -t tmpfs -o mode=755 tmpfs /run; mkdir /run/netns"]);
  await run(["sh", "-ec", sysctlScript()]);
  const addresses = new Set([services.s3, services.dynamodb, services.other, RESOLVER, IMDS]);
  await ipBatch([
    "link set lo up",
    ...[...addresses].map((address) => `address add ${address}/32 dev lo`),
    `netns add ${OUTSIDE_NETNS}`,
    `link add name ${OUTSIDE_LINK} type veth peer name eth0 netns ${OUTSIDE_NETNS}`,
    `address add ${OUTSIDE_ROUTER}/24 dev ${OUTSIDE_LINK}`,
    `link set ${OUTSIDE_LINK} up`,
  ]);
  await ipBatch(
    ["link set lo up", `address add ${OUTSIDE}/24 dev eth0`, "link set eth0 up", `route add default via ${OUTSIDE_ROUTER}`],
    OUTSIDE_NETNS,
  );
  await run(["nft", "-f", "-"], { stdin: internetRuleset() });
}
