import { routerInterface, routerNetns } from "./names";
import type { NetworkState, VpcState } from "./network-state";
import { type RoutedEni, routedEnis } from "./vpc-enis";

/** What the kernel has now. */
export interface NetworkFacts {
  netns: ReadonlySet<string>;
  /** Interfaces of each router. */
  interfaces: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface NetworkPlan {
  removeVpcs: string[];
  /** Interfaces to delete, by router. */
  removeInterfaces: { router: string; name: string }[];
  removeNetns: string[];
  addVpcs: VpcState[];
  addNetns: string[];
  addEnis: { vpc: VpcState; eni: RoutedEni }[];
}

const ENI_INTERFACE = /^e[0-9a-f]{12}$/;

/** What must be removed and made so that the kernel has what is wanted; `made` is what this machine made before (ids of VPCs, namespaces). */
export function planNetwork(state: NetworkState, facts: NetworkFacts, made: { vpcs: readonly string[]; netns: readonly string[] }): NetworkPlan {
  const wantedVpcs = new Set(state.vpcs.map(({ id }) => id));
  const wanted = state.vpcs.flatMap((vpc) => routedEnis(vpc).map((eni) => ({ vpc, eni })));
  const wantedNetns = new Set(wanted.map(({ eni }) => eni.netns));
  const isThere = (router: string, name: string) => facts.interfaces.get(router)?.has(name) ?? false;
  const standing = made.vpcs.filter((id) => wantedVpcs.has(id) && facts.netns.has(routerNetns(id)));
  return {
    removeVpcs: made.vpcs.filter((id) => !standing.includes(id)),
    removeInterfaces: standing.flatMap((id) => {
      const router = routerNetns(id);
      // A namespace that someone deleted takes its end of the pair along, but not at once.
      const kept = wanted.filter(({ vpc, eni }) => vpc.id === id && facts.netns.has(eni.netns));
      const names = new Set(kept.map(({ eni }) => routerInterface(eni)));
      return [...(facts.interfaces.get(router) ?? [])]
        .filter((name) => ENI_INTERFACE.test(name) && !names.has(name))
        .map((name) => ({ router, name }));
    }),
    removeNetns: made.netns.filter((name) => !wantedNetns.has(name) && facts.netns.has(name)),
    addVpcs: state.vpcs.filter(({ id }) => !standing.includes(id)),
    addNetns: [...wantedNetns].filter((name) => !facts.netns.has(name)),
    addEnis: wanted.filter(({ vpc, eni }) => {
      const router = routerNetns(vpc.id);
      return !standing.includes(vpc.id) || !facts.netns.has(eni.netns) || !isThere(router, routerInterface(eni));
    }),
  };
}
