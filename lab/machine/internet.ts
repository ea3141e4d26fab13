import { FUNCTIONS, FUNCTIONS_ROUTER, IMDS, OUTSIDE, OUTSIDE_ROUTER, RESOLVER, type ServiceAddresses } from "./addresses";
import { FUNCTIONS_NETNS, OUTSIDE_NETNS } from "./names";
import { sysctlScript } from "./router";
import { ipBatch, run } from "./run";

const OUTSIDE_LINK = "outside";
const FUNCTIONS_LINK = "functions";

/**
 * What belongs to a VPC alone is not reachable from the lab's internet: the resolver, the metadata services, the links. Functions that are in
 * no VPC have the resolver too.
 */
export const internetRuleset = (): string => `table ip internet {
  chain input {
    type filter hook input priority filter; policy accept;
    iifname "${FUNCTIONS_LINK}" ip daddr ${RESOLVER} accept
    iifname { "${OUTSIDE_LINK}", "${FUNCTIONS_LINK}" } ip daddr 169.254.0.0/16 drop
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname { "${OUTSIDE_LINK}", "${FUNCTIONS_LINK}" } ip daddr 169.254.0.0/16 drop
  }
}
`;

/** A host behind a link of the internet, in a namespace of its own. */
async function addHost(netns: string, link: string, address: string, router: string): Promise<void> {
  await ipBatch([
    `netns add ${netns}`,
    `link add name ${link} type veth peer name eth0 netns ${netns}`,
    `address add ${router}/24 dev ${link}`,
    `link set ${link} up`,
  ]);
  await ipBatch(["link set lo up", `address add ${address}/24 dev eth0`, "link set eth0 up", `route add default via ${router}`], netns);
}

/** AWS's side and the internet, in the inner world's first network namespace, with one host outside. */
export async function startInternet(services: ServiceAddresses): Promise<void> {
  await run(["sh", "-ec", "mount -t tmpfs -o mode=755 tmpfs /run; mkdir /run/netns"]);
  await run(["sh", "-ec", sysctlScript()]);
  const addresses = new Set([services.s3, services.dynamodb, services.other, RESOLVER, IMDS]);
  await ipBatch(["link set lo up", ...[...addresses].map((address) => `address add ${address}/32 dev lo`)]);
  await addHost(OUTSIDE_NETNS, OUTSIDE_LINK, OUTSIDE, OUTSIDE_ROUTER);
  await addHost(FUNCTIONS_NETNS, FUNCTIONS_LINK, FUNCTIONS, FUNCTIONS_ROUTER);
  await run(["nft", "-f", "-"], { stdin: internetRuleset() });
}
