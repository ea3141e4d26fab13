import { readdir } from "node:fs/promises";
import type { ServiceAddresses } from "./addresses";
import { insideLines, insideTable, natRuleset, pairLine } from "./eni-commands";
import { routerInterface, routerNetns } from "./names";
import { type NetworkFacts, type NetworkPlan, planNetwork } from "./network-plan";
import type { EniState, NetworkState, VpcState } from "./network-state";
import { renderRuleset } from "./ruleset";
import { Router, sysctlScript } from "./router";
import { ipBatch, ipBatchRemove, run } from "./run";
import { type RoutedEni, routedEnis, subnetOf } from "./vpc-enis";

/** First port, on AWS's side, of the instances' metadata services; below the range of outgoing connections. */
const FIRST_IMDS_PORT = 20_000;

/** The lab's VPCs in the kernel. Only this object changes them; what others removed behind its back is seen and made again. */
export class Network {
  readonly #services: ServiceAddresses;
  readonly #routers = new Map<string, Router>();
  readonly #madeNetns = new Set<string>();
  /** Position of an ENI in its namespace: its interface is eth<position>. */
  readonly #positions = new Map<string, { netns: string; position: number }>();
  readonly #imdsPorts = new Map<string, number>();
  #linksMade = 0;
  #state: NetworkState = { vpcs: [] };
  #queue: Promise<unknown> = Promise.resolve();

  constructor(services: ServiceAddresses) {
    this.#services = services;
  }

  /** One application at a time, in order of the calls; a failed one does not stop the next. */
  apply(state: NetworkState): Promise<void> {
    const done = this.#queue.then(() => this.#apply(state));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  imdsPort(eniId: string): number {
    const port = this.#imdsPorts.get(eniId) ?? FIRST_IMDS_PORT + this.#imdsPorts.size;
    this.#imdsPorts.set(eniId, port);
    return port;
  }

  /** The applied ENI of this address in this namespace. */
  findEni(netns: string, privateIp: string): { eni: EniState; vpc: VpcState } | undefined {
    for (const vpc of this.#state.vpcs) {
      const eni = vpc.enis.find((candidate) => candidate.netns === netns && candidate.privateIp === privateIp);
      if (eni) return { eni, vpc };
    }
    return undefined;
  }

  async #apply(state: NetworkState): Promise<void> {
    const imdsPort = (eniId: string) => this.imdsPort(eniId);
    // A state that contradicts itself is refused before anything changes.
    for (const vpc of state.vpcs) renderRuleset(vpc, { services: this.#services, linkAddress: "", imdsPort });
    const plan = planNetwork(state, await this.#facts(), { vpcs: [...this.#routers.keys()], netns: [...this.#madeNetns] });
    await this.#remove(plan);
    for (const vpc of plan.addVpcs) {
      const router = new Router(vpc.id, this.#linksMade++);
      this.#routers.set(vpc.id, router);
      await router.create();
    }
    const wanted = new Set(state.vpcs.flatMap((vpc) => routedEnis(vpc).map(routerInterface)));
    for (const name of this.#positions.keys()) if (!wanted.has(name)) this.#positions.delete(name);
    await this.#addEnis(plan).catch(async (error: unknown) => {
      // Half an interface would pass for a whole one at the next call.
      for (const { vpc, eni } of plan.addEnis) await ipBatchRemove([`link del ${routerInterface(eni)}`], routerNetns(vpc.id));
      throw error;
    });
    await Promise.all(state.vpcs.map(async (vpc) => this.#routers.get(vpc.id)?.apply(vpc, this.#services, imdsPort)));
    this.#state = state;
  }

  async #facts(): Promise<NetworkFacts> {
    const netns = new Set(await readdir("/run/netns"));
    const routers = [...this.#routers.values()].map((router) => router.netns).filter((name) => netns.has(name));
    const interfaces = await Promise.all(
      routers.map(async (name) => {
        const links = JSON.parse(await run(["ip", "-n", name, "-json", "link", "show"])) as { ifname: string }[];
        return [name, new Set(links.map(({ ifname }) => ifname))] as const;
      }),
    );
    return { netns, interfaces: new Map(interfaces) };
  }

  async #remove(plan: NetworkPlan): Promise<void> {
    for (const id of plan.removeVpcs) {
      await this.#routers.get(id)?.remove();
      this.#routers.delete(id);
    }
    for (const { router, name } of plan.removeInterfaces) await ipBatchRemove([`link del ${name}`], router);
    await ipBatchRemove(plan.removeNetns.map((name) => `netns del ${name}`));
    for (const name of plan.removeNetns) this.#madeNetns.delete(name);
    for (const { router, name } of plan.removeInterfaces) {
      for (const one of this.#routers.values()) if (one.netns === router) one.forgetInterface(name);
    }
  }

  async #addEnis({ addNetns, addEnis }: NetworkPlan): Promise<void> {
    const lines = addEnis.map(({ vpc, eni }) => pairLine(eni, routerNetns(vpc.id), `eth${this.#place(eni)}`));
    await ipBatch([...addNetns.map((name) => `netns add ${name}`), ...lines]);
    for (const name of addNetns) this.#madeNetns.add(name);
    await Promise.all(
      [...new Set(addEnis.map(({ eni }) => eni.netns))].map((netns) =>
        this.#configure(
          netns,
          addNetns.includes(netns),
          addEnis.filter(({ eni }) => eni.netns === netns),
        ),
      ),
    );
    const routers = [...new Set(addEnis.map(({ vpc }) => vpc))];
    await Promise.all(
      routers.map((vpc) => {
        const added = addEnis.filter((one) => one.vpc === vpc).map(({ eni }) => routerInterface(eni));
        for (const name of added) this.#routers.get(vpc.id)?.forgetInterface(name);
        return ipBatch(
          added.map((name) => `link set ${name} up`),
          routerNetns(vpc.id),
        );
      }),
    );
  }

  async #configure(netns: string, isNew: boolean, enis: readonly { vpc: VpcState; eni: RoutedEni }[]): Promise<void> {
    const nat = enis.find(({ eni }) => eni.natGateway)?.eni;
    if (nat) await run(["sh", "-ec", sysctlScript()], { netns });
    // Rules outlive an interface that someone deleted.
    if (!isNew)
      await ipBatchRemove(
        enis.map(({ eni }) => `rule del pref ${insideTable(this.#place(eni))}`),
        netns,
      );
    await ipBatch(
      enis.flatMap(({ vpc, eni }) => {
        const position = this.#place(eni);
        return insideLines(eni, subnetOf(vpc, eni), `eth${position}`, position);
      }),
      netns,
    );
    if (nat) await run(["nft", "-f", "-"], { netns, stdin: natRuleset(nat) });
  }

  #place(eni: RoutedEni): number {
    const name = routerInterface(eni);
    const known = this.#positions.get(name);
    if (known) return known.position;
    const taken = [...this.#positions.values()].filter(({ netns }) => netns === eni.netns).map(({ position }) => position);
    let position = 0;
    while (taken.includes(position)) position++;
    this.#positions.set(name, { netns: eni.netns, position });
    return position;
  }
}
