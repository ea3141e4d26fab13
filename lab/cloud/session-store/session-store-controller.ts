import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { EniState, SecurityGroupState } from "../../machine/network-state";
import type { Answer } from "../endpoint/endpoint";
import { asAnswers } from "../query-protocol";
import type { SubnetAddresses } from "../subnet-addresses";
import { elastiCacheArn } from "./arn";
import { groupAnswers } from "./group-answers";
import { AWS_PACE, type Pace } from "./group-world";
import { LiveGroup } from "./live-group";
import { nodeStates, type StoreNodeState } from "./node-states";
import { ParameterGroups } from "./parameter-groups";
import { RedisNode } from "./redis-node";
import { readValues } from "./read-values";
import { ResourceTags } from "./resource-tags";
import { groupReadings, type Reading } from "./readings";
import { endpoints, nodeId, placement, type StoreGroup, type StoreNode } from "./store-group";
import { SubnetGroups } from "./subnet-groups";

const NAMESPACE = "http://elasticache.amazonaws.com/doc/2015-02-02/";

/** What the controller needs of the machine. */
export interface StoreMachine {
  readonly ca: { readonly certPem: string; issue(names: readonly string[]): { certPem: string; keyPem: string } };
  spawnIn(netns: string, argv: readonly string[], args: { name: string; logFile: string }): ChildProcess;
}

export interface StoreOptions {
  /** redis-server or valkey-server. */
  redisServer: string;
  /** A folder with a short name, for sockets and keys; and one for logs. */
  runDir: string;
  logDir: string;
  addresses: Pick<SubnetAddresses, "take" | "release">;
  /** Of failovers; undefined: as on AWS. */
  pace?: Pace;
  /** Makes the machine's network have what `enis()` and `securityGroups()` say now. */
  applyNetwork: () => Promise<void>;
  /** Names, roles or processes changed: `dnsRecords()` and `stores()` say how it is now. */
  onChange: () => void;
  onFailure: (error: unknown) => void;
}

export interface StoreStatus {
  id: string;
  /** host:port, by ElastiCache's names. */
  primary: string;
  replicas: string[];
  /** Processes, the primary's first, by the ids that this process sees. */
  pids: number[];
  /** Namespaces, in the same order. */
  netns: string[];
}

export const storeNetns = (nodeIdentifier: string): string => `store-${nodeIdentifier}`;

/** Traffic between the nodes of a group, which AWS does not ask a customer's security groups about. */
const replicationGroupId = (groupId: string): string => `sg-elasticache-${groupId}`;

/** ElastiCache: its calls, and a redis-server for each node of each replication group. */
export class SessionStoreController {
  /** Own answers for the endpoint, service elasticache. */
  readonly answers: Record<string, Answer>;
  readonly #groups = new Map<string, LiveGroup>();
  readonly #tags = new ResourceTags();
  readonly #parameters: ParameterGroups;
  readonly #subnets: SubnetGroups;
  readonly #secret = randomBytes(24).toString("hex");

  constructor(
    private readonly machine: StoreMachine,
    ec2: EC2Client,
    private readonly options: StoreOptions,
  ) {
    const uses = (test: (group: StoreGroup) => boolean) => [...this.#groups.values()].some(({ group }) => test(group));
    this.#parameters = new ParameterGroups(
      this.#tags,
      (name) => uses((group) => group.parameterGroupName === name),
      (name) => this.#reapply(name),
    );
    this.#subnets = new SubnetGroups(ec2, this.#tags, (name) => uses((group) => group.subnetGroupName === name));
    const groups = groupAnswers({
      groups: this.#groups,
      create: (group, params) => this.#create(group, params),
      remove: (live) => this.#remove(live),
      check: (group) => void [this.#subnets.find(group.subnetGroupName), this.#parameters.values(group.parameterGroupName)],
      made: () => ({ suffix: randomBytes(3).toString("hex"), at: new Date().toISOString() }),
    });
    this.answers = asAnswers(NAMESPACE, { ...groups, ...this.#parameters.answers, ...this.#subnets.answers, ...this.#tags.answers });
  }

  enis(): EniState[] {
    return [...this.#groups.values()].flatMap((live) =>
      live.view().nodes.map((node) => ({
        id: `eni-${node.id}`,
        subnetId: node.subnetId,
        privateIp: node.privateIp,
        securityGroupIds: [...live.group.securityGroupIds, replicationGroupId(live.group.id)],
        netns: storeNetns(node.id),
      })),
    );
  }

  /** For the network, beside those that EC2 knows. */
  securityGroups(): { vpcId: string; securityGroup: SecurityGroupState }[] {
    return [...this.#groups.values()].map(({ group }) => {
      const id = replicationGroupId(group.id);
      const rule = { protocol: "tcp", fromPort: group.port, toPort: group.port, peer: { securityGroupId: id } } as const;
      return { vpcId: this.#subnets.find(group.subnetGroupName).vpcId, securityGroup: { id, ingress: [rule], egress: [rule] } };
    });
  }

  dnsRecords(): Map<string, string[]> {
    const records = new Map<string, string[]>();
    for (const live of this.#groups.values()) {
      const names = endpoints(live.group);
      const { nodes, primaryId } = live.view();
      const [primary, ...replicas] = live.running().map(({ node }) => node.privateIp);
      for (const { id, privateIp } of nodes) records.set(names.node(id), [privateIp]);
      const primaryIp = nodes.find(({ id }) => id === primaryId)?.privateIp;
      if (primaryIp !== undefined) records.set(names.primary, [primaryIp]);
      // Without a replica, the reader endpoint is the primary.
      if (primary !== undefined) records.set(names.reader, replicas.length > 0 ? replicas : [primary]);
    }
    return records;
  }

  stores(): StoreStatus[] {
    return [...this.#groups.values()].map((live) => {
      const names = endpoints(live.group);
      const { nodes, primaryId } = live.view();
      const running = live.running();
      return {
        id: live.group.id,
        primary: `${names.primary}:${live.group.port}`,
        replicas: nodes.filter(({ id }) => id !== primaryId).map(({ id }) => `${names.node(id)}:${live.group.port}`),
        pids: running.flatMap(({ process }) => process.pid ?? []),
        netns: running.map(({ node }) => storeNetns(node.id)),
      };
    });
  }

  /** Text values of all keys that match, over all groups: what the nodes say of themselves. Those of a group whose primary does not answer are not known. */
  async read(pattern: string): Promise<Map<string, string>> {
    const primaries = [...this.#groups.values()].flatMap((live) => live.running()[0]?.process ?? []);
    const found = await Promise.all(
      primaries.map((process) =>
        readValues(process, pattern).then(
          (values) => values,
          () => [],
        ),
      ),
    );
    return new Map(found.flat());
  }

  async nodeStates(): Promise<StoreNodeState[]> {
    return (await Promise.all([...this.#groups.values()].map(nodeStates))).flat();
  }

  /** Ends the process of each group's primary. @throws when there is none. */
  failPrimaries(): void {
    if (this.#groups.size === 0) throw new Error("session store: must be there to lose its primary");
    for (const live of this.#groups.values()) live.testFailover();
  }

  /** What every node that answers says of itself now. */
  async readings(): Promise<Reading[]> {
    const groups = [...this.#groups.values()].map((live) => groupReadings(live));
    return (await Promise.all(groups)).flat();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#groups.values()].map((live) => live.stop()));
  }

  #create(group: StoreGroup, params: Readonly<Record<string, string>>): LiveGroup {
    const { subnets } = this.#subnets.find(group.subnetGroupName);
    const live = new LiveGroup(group, {
      place: (of, number) => {
        const id = nodeId(of.id, number);
        const { id: subnetId, zone, cidr } = placement(of, subnets, (number - 1) % of.size);
        return { id, zone, subnetId, privateIp: this.options.addresses.take(subnetId, cidr, id) };
      },
      node: (of, node, onExit) => this.#node(of, node, onExit),
      parameters: (of) => this.#parameters.values(of.parameterGroupName),
      pace: this.options.pace ?? AWS_PACE,
      release: ({ id }) => this.options.addresses.release(id),
      applyNetwork: this.options.applyNetwork,
      onChange: this.options.onChange,
      onFailure: this.options.onFailure,
    });
    this.#groups.set(group.id, live);
    this.#tags.created(elastiCacheArn("replicationgroup", group.id), params);
    void live.apply(group);
    return live;
  }

  #node(group: StoreGroup, node: StoreNode, onExit: (id: string) => void) {
    const { runDir, logDir, redisServer } = this.options;
    const names = endpoints(group);
    const folder = join(runDir, node.id);
    const socket = join(runDir, `${node.id}.sock`);
    const certificate = this.machine.ca.issue([names.primary, names.reader, names.node(node.id)]);
    const start = (configFile: string) =>
      this.machine.spawnIn(storeNetns(node.id), [redisServer, configFile], { name: node.id, logFile: join(logDir, `${storeNetns(node.id)}.log`) });
    const process = new RedisNode(node.id, { folder, socket, caPem: this.machine.ca.certPem, ...certificate }, this.#secret, start, onExit);
    return { process, place: { folder, socket, bind: node.privateIp, labSecret: this.#secret } };
  }

  #remove(live: LiveGroup): void {
    const { id } = live.group;
    live
      .delete()
      .then(() => {
        this.#groups.delete(id);
        this.#tags.deleted(elastiCacheArn("replicationgroup", id));
        this.options.onChange();
        return this.options.applyNetwork();
      })
      .catch(this.options.onFailure);
  }

  #reapply(parameterGroupName: string): void {
    for (const live of this.#groups.values()) {
      if (live.group.parameterGroupName === parameterGroupName && live.view().status !== "deleting") void live.apply(live.group);
    }
  }
}
