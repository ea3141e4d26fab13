import { isDeepStrictEqual } from "node:util";
import { mostAdvanced } from "./failover";
import type { GroupView } from "./group-xml";
import { type NodePlace, defaultUserRules, redisConfig, runtimeSettings } from "./redis-config";
import type { RedisNode } from "./redis-node";
import type { StoreGroup, StoreNode } from "./store-group";

/** A node that does not answer this many looks in a row is ended, and replaced as one that died. */
const MISSED_LOOKS = 3;
const LOOK_MS = 1_000;

/** What a group needs of its surroundings. */
export interface GroupWorld {
  /** The next node's place in the network. */
  place(group: StoreGroup, number: number): StoreNode;
  /** Makes the network have the group's nodes, no more and no less. */
  applyNetwork(): Promise<void>;
  /** A node that does not run yet. */
  node(group: StoreGroup, node: StoreNode, onExit: (id: string) => void): { process: RedisNode; place: Omit<NodePlace, "primaryIp"> };
  parameters(group: StoreGroup): ReadonlyMap<string, string>;
  release(node: StoreNode): void;
  onChange(): void;
  onFailure(error: unknown): void;
}

interface Member {
  node: StoreNode;
  process: RedisNode;
  place: Omit<NodePlace, "primaryIp">;
  missed: number;
}

/** One replication group with its processes: one thing at a time, whatever happens to it. */
export class LiveGroup {
  #members: Member[] = [];
  #primaryId: string | undefined;
  #status: GroupView["status"] = "creating";
  #lastNumber = 0;
  #applied: unknown;
  #work: Promise<void> = Promise.resolve();
  readonly #watch = setInterval(() => void this.#look(), LOOK_MS);

  constructor(
    public group: StoreGroup,
    private readonly world: GroupWorld,
  ) {}

  view(): GroupView {
    return { group: this.group, status: this.#status, nodes: this.#members.map(({ node }) => node), primaryId: this.#primaryId };
  }

  /** The primary first. */
  running(): { node: StoreNode; process: RedisNode }[] {
    return this.#members
      .filter(({ process }) => process.isRunning)
      .sort((a, b) => Number(b.node.id === this.#primaryId) - Number(a.node.id === this.#primaryId));
  }

  /** Makes the processes what the group says. */
  apply(group: StoreGroup): Promise<void> {
    this.group = group;
    if (this.#status === "available") this.#status = "modifying";
    return this.#inTurn(async () => {
      await this.#resize();
      await this.#configure();
      this.#status = "available";
      this.world.onChange();
    }).catch((error: unknown) => {
      if (this.#status === "creating") this.#status = "create-failed";
      this.world.onFailure(error);
    });
  }

  /** As ElastiCache's TestFailover: the primary ends, the rest follows. */
  testFailover(): void {
    this.#member(this.#primaryId)?.process.kill();
  }

  delete(): Promise<void> {
    this.#status = "deleting";
    clearInterval(this.#watch);
    return this.#inTurn(async () => {
      for (const { node, process } of this.#members.splice(0)) {
        await process.stop();
        this.world.release(node);
      }
    });
  }

  /** Ends the processes and leaves everything else. */
  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.#members.map(({ process }) => process.stop()));
  }

  async #resize(): Promise<void> {
    const added: Member[] = [];
    while (this.#members.length < this.group.size) {
      this.#lastNumber += 1;
      const node = this.world.place(this.group, this.#lastNumber);
      const made = this.world.node(this.group, node, (id) => this.#exited(id));
      const member = { node, missed: 0, ...made };
      this.#members.push(member);
      added.push(member);
    }
    this.#primaryId ??= this.#members[0]?.node.id;
    await this.world.applyNetwork();
    for (const member of added) await this.#start(member);
    const surplus = this.#members.filter(({ node }) => node.id !== this.#primaryId).slice(this.group.size - 1);
    for (const member of surplus) {
      this.#members = this.#members.filter((one) => one !== member);
      await member.process.stop();
      this.world.release(member.node);
    }
    if (surplus.length > 0) await this.world.applyNetwork();
  }

  async #start({ node, process, place }: Member): Promise<void> {
    const primary = this.#member(this.#primaryId);
    const isPrimary = primary === undefined || primary.node.id === node.id;
    const replication = isPrimary ? {} : { primaryIp: primary.node.privateIp };
    await process.start(redisConfig(this.group, this.world.parameters(this.group), { ...place, ...replication }));
    if (!isPrimary) await process.synced();
  }

  /** What may change while nodes run: tokens, memory, parameters. A node that starts later has it by its configuration. */
  async #configure(): Promise<void> {
    const settings = runtimeSettings(this.group, this.world.parameters(this.group));
    const user = ["ACL", "SETUSER", "default", ...defaultUserRules(this.group.authTokens)];
    const wanted = [settings, user];
    if (this.#applied !== undefined && !isDeepStrictEqual(wanted, this.#applied)) {
      for (const { process } of this.#members) await process.commands([user, ...settings.map(([name, value]) => ["CONFIG", "SET", name, value])]);
    }
    this.#applied = wanted;
  }

  #exited(id: string): void {
    if (this.#status === "deleting") return;
    this.#inTurn(() => this.#recover(id)).catch((error: unknown) => this.world.onFailure(error));
  }

  /** ElastiCache's failover: the most advanced replica is promoted, the others follow it, the dead node comes back as a replica. */
  async #recover(id: string): Promise<void> {
    const dead = this.#member(id);
    if (dead === undefined || dead.process.isRunning) return;
    if (id === this.#primaryId && this.group.automaticFailover) await this.#promote(id);
    this.world.onChange();
    await this.#start(dead);
    dead.missed = 0;
    this.world.onChange();
  }

  async #promote(deadId: string): Promise<void> {
    const others = this.#members.filter(({ node, process }) => node.id !== deadId && process.isRunning);
    const states = await Promise.all(
      others.map(async ({ node, process }) => {
        const offset = await process.replication().then(
          (info) => Number(info.get("slave_repl_offset") ?? 0),
          () => undefined,
        );
        return { id: node.id, offset };
      }),
    );
    const promoted = this.#member(mostAdvanced(states));
    if (promoted === undefined) return;
    await promoted.process.commands([["REPLICAOF", "NO", "ONE"]]);
    this.#primaryId = promoted.node.id;
    for (const { node, process } of others) {
      if (node.id !== promoted.node.id) await process.commands([["REPLICAOF", promoted.node.privateIp, String(this.group.port)]]);
    }
  }

  /** A node that hangs does not end by itself. */
  async #look(): Promise<void> {
    for (const member of this.#members) {
      if (!member.process.isRunning) continue;
      const answers = await member.process.commands([["PING"]]).then(
        () => true,
        () => false,
      );
      member.missed = answers ? 0 : member.missed + 1;
      if (member.missed >= MISSED_LOOKS && this.#status !== "creating") member.process.kill();
    }
  }

  #member(id: string | undefined): Member | undefined {
    return this.#members.find(({ node }) => node.id === id);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
