import { linkAddresses, type ServiceAddresses } from "./addresses";
import { AWS_LINK, linkInterface, routerNetns } from "./names";
import type { VpcState } from "./network-state";
import { publicRoutes, routerRoutes } from "./routes";
import { renderRuleset } from "./ruleset";
import { ipBatch, ipBatchRemove, run } from "./run";

/**
 * Routers forward, take packets on asymmetric paths (a NAT gateway's replies), and never tell a node of a shorter way past the security
 * groups. Written before the interfaces exist, which inherit the default.
 */
const ROUTER_SYSCTL = [
  "ip_forward=1",
  "conf/all/rp_filter=0",
  "conf/default/rp_filter=0",
  "conf/all/send_redirects=0",
  "conf/default/send_redirects=0",
];

export const sysctlScript = (): string =>
  ROUTER_SYSCTL.map((setting) => setting.split("="))
    .map(([key = "", value = ""]) => `echo ${value} > /proc/sys/net/ipv4/${key}`)
    .join("; ");

/** A VPC's router and its link to AWS's side: knows what it has loaded, and changes only what differs. */
export class Router {
  readonly netns: string;
  readonly #link: string;
  readonly #index: number;
  #rules = new Set<string>();
  #routes = new Set<string>();
  #addresses = new Set<string>();
  #publicRoutes = new Set<string>();
  #ruleset = "";

  constructor(vpcId: string, index: number) {
    this.netns = routerNetns(vpcId);
    this.#link = linkInterface(vpcId);
    this.#index = index;
  }

  async create(): Promise<void> {
    const link = linkAddresses(this.#index);
    await run(["ip", "netns", "add", this.netns]);
    await run(["sh", "-ec", sysctlScript()], { netns: this.netns });
    await ipBatch([
      `link add name ${this.#link} type veth peer name ${AWS_LINK} netns ${this.netns}`,
      `address add ${link.aws}/30 dev ${this.#link}`,
      `link set ${this.#link} up`,
    ]);
    await ipBatch(["link set lo up", `address add ${link.router}/30 dev ${AWS_LINK}`, `link set ${AWS_LINK} up`], this.netns);
  }

  /** The link's routes go with it. */
  async remove(): Promise<void> {
    await ipBatchRemove([`link del ${this.#link}`, `netns del ${this.netns}`]);
  }

  /** An interface that went took its routes along. Rules stay, and hold for the next interface of that name. */
  forgetInterface(name: string): void {
    for (const line of this.#routes) if (line.split(" ").includes(name)) this.#routes.delete(line);
  }

  async apply(vpc: VpcState, services: ServiceAddresses, imdsPort: (eniId: string) => number): Promise<void> {
    const { addresses, routes, rules } = routerRoutes(vpc, this.#index, services);
    const ruleset = renderRuleset(vpc, { services, linkAddress: linkAddresses(this.#index).router, imdsPort });
    const outer = publicRoutes(vpc, this.#link, this.#index);
    const gone = (have: ReadonlySet<string>, want: readonly string[]) => [...have].filter((line) => !want.includes(line));
    const fresh = (have: ReadonlySet<string>, want: readonly string[]) => [...new Set(want)].filter((line) => !have.has(line));
    await ipBatchRemove(
      [
        ...gone(this.#rules, rules).map((line) => `rule del ${line}`),
        ...gone(this.#routes, routes).map((line) => `route del ${line}`),
        ...gone(this.#addresses, addresses).map((line) => `address del ${line}`),
      ],
      this.netns,
    );
    await ipBatch(
      [
        ...fresh(this.#addresses, addresses).map((line) => `address add ${line}`),
        ...fresh(this.#routes, routes).map((line) => `route replace ${line}`),
        ...fresh(this.#rules, rules).map((line) => `rule add ${line}`),
      ],
      this.netns,
    );
    [this.#rules, this.#routes, this.#addresses] = [new Set(rules), new Set(routes), new Set(addresses)];
    if (ruleset !== this.#ruleset) await run(["nft", "-f", "-"], { netns: this.netns, stdin: ruleset });
    this.#ruleset = ruleset;
    await ipBatchRemove(gone(this.#publicRoutes, outer).map((line) => `route del ${line}`));
    await ipBatch(fresh(this.#publicRoutes, outer).map((line) => `route replace ${line}`));
    this.#publicRoutes = new Set(outer);
  }
}
