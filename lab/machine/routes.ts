import { IMDS, linkAddresses, nthAddress, RESOLVER, type ServiceAddresses } from "./addresses";
import { AWS_LINK, routerInterface } from "./names";
import type { RouteState, VpcState } from "./network-state";
import { type RoutedEni, routedEnis, subnetOf } from "./vpc-enis";

/** Kernel route tables: main has the VPC's own addresses, these numbers are the VPC's route tables in order of appearance. */
const FIRST_TABLE = 1000;
const DROP_TABLE = 999;

export interface RouterRoutes {
  /** Arguments of `ip address`, `ip route` and `ip rule` after the verb. */
  addresses: string[];
  routes: string[];
  rules: string[];
}

function routeLine(route: RouteState, table: number, via: string, vpc: VpcState, services: ServiceAddresses, enis: readonly RoutedEni[]): string[] {
  const viaLink = (destination: string) => [`${destination} via ${via} dev ${AWS_LINK} table ${table}`];
  switch (route.target) {
    // The main table knows the VPC's own addresses and comes first.
    case "local":
      return [];
    case "internet-gateway":
      return vpc.internetGateway ? viaLink(route.destination) : [];
    case "gateway-endpoint":
      return viaLink(`${services[route.destination]}/32`);
    case "nat-gateway": {
      const nat = enis.find((eni) => eni.natGateway && eni.id === route.natGatewayId);
      // A route to a gateway that is gone is AWS's "blackhole".
      if (!nat) return [`blackhole ${route.destination} table ${table}`];
      return [`${route.destination} via ${nat.privateIp} dev ${routerInterface(nat)} table ${table} onlink`];
    }
  }
}

/** A VPC's router: one host route for each interface, and the route table of a subnet for what comes from its interfaces. */
export function routerRoutes(vpc: VpcState, index: number, services: ServiceAddresses): RouterRoutes {
  const enis = routedEnis(vpc);
  const via = linkAddresses(index).aws;
  const tables = new Map(vpc.routeTables.map((table, position) => [table.id, FIRST_TABLE + position]));
  return {
    addresses: vpc.subnets.map((subnet) => `${nthAddress(subnet.cidr, 1)}/32 dev lo`),
    routes: [
      ...enis.map((eni) => `${eni.privateIp}/32 dev ${routerInterface(eni)}`),
      `${IMDS}/32 via ${via} dev ${AWS_LINK}`,
      `${RESOLVER}/32 via ${via} dev ${AWS_LINK}`,
      `blackhole ${vpc.cidr}`,
      `blackhole default table ${DROP_TABLE}`,
      ...vpc.routeTables.flatMap((table) =>
        table.routes.flatMap((route) => routeLine(route, tables.get(table.id) ?? DROP_TABLE, via, vpc, services, enis)),
      ),
    ],
    rules: [
      "pref 100 lookup main",
      ...enis.map((eni) => `pref 1000 iif ${routerInterface(eni)} lookup ${tables.get(subnetOf(vpc, eni).routeTableId) ?? DROP_TABLE}`),
      `pref 2000 lookup ${DROP_TABLE}`,
    ],
  };
}

/** Public addresses that AWS's side sends to this VPC. */
export const publicRoutes = (vpc: VpcState, link: string, index: number): string[] =>
  vpc.internetGateway
    ? routedEnis(vpc).flatMap((eni) => (eni.publicIp ? [`${eni.publicIp}/32 via ${linkAddresses(index).router} dev ${link}`] : []))
    : [];
