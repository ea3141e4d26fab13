import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { mostAdvanced } from "./failover";
import type { GroupWorld } from "./group-world";
import type { GroupView } from "./group-xml";
import { answers, hanging, type Member, NEW, note } from "./member";
import { defaultUserRules, redisConfig, runtimeSettings } from "./redis-config";
import type { RedisNode } from "./redis-node";
import type { StoreGroup, StoreNode } from "./store-group";

const LOOK_MS = 1_000;

/** One replication group with its processes: one thing at a time, whatever happens to it. */
export class LiveGroup {
  #members: Member[] = [];
  #primaryId: string | undefined;
  #status: GroupView["status"] = "creating";
  #lastNumber = 0;
  #applied: unknown;
  #work: Promise<void> = Promise.resolve();
  readonly #ended = new AbortController();
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
    this.#end();
    return this.#inTurn(async () => {
      for (const { node, process } of this.#members.splice(0)) {
        await process.stop();
        this.world.release(node);
      }
    });
  }

  /** Ends the processes and leaves everything else. */
  async stop(): Promise<void> {
    this.#end();
    await Promise.all(this.#members.map(({ process }) => process.stop()));
  }

  #end(): void {
    clearInterval(this.#watch);
    this.#ended.abort();
  }

  async #resize(): Promise<void> {
    const added: Member[] = [];
    while (this.#members.length < this.group.size) {
      this.#lastNumber += 1;
      const node = this.world.place(this.group, this.#lastNumber);
      const made = this.world.node(this.group, node, (id) => this.#exited(id));
      const member = { node, ...NEW, ...made };
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
    // Else it follows when the primary is back.
    if (!isPrimary && primary.process.isRunning) await process.synced();
  }

  /** What may change while nodes run: tokens, memory, parameters. A node that starts later has it by its configuration. */
  async #configure(): Promise<void> {
    const settings = runtimeSettings(this.group, this.world.parameters(this.group));
    const user = ["ACL", "SETUSER", "default", ...defaultUserRules(this.group.authTokens)];
    const wanted = [settings, user];
    if (this.#applied !== undefined && !isDeepStrictEqual(wanted, this.#applied)) {
      const commands = [user, ...settings.map(([name, value]) => ["CONFIG", "SET", name, value])];
      for (const member of this.#members.filter(({ process }) => process.isRunning)) {
        if (await answers(member)) await member.process.commands(commands);
        else this.#giveUp(member);
      }
    }
    this.#applied = wanted;
  }

  #exited(id: string): void {
    const member = this.#member(id);
    if (this.#status === "deleting" || member === undefined) return;
    this.#later(member.isGivenUp ? 0 : this.world.pace.noticedMs, () => this.#failOver(member));
  }

  /** ElastiCache's failover: the most advanced replica is promoted, the others follow it, names move; the dead node is replaced by a replica. */
  async #failOver(dead: Member): Promise<void> {
    if (dead.process.isRunning) return;
    if (dead.node.id === this.#primaryId && this.group.automaticFailover) await this.#promote(dead.node.id);
    this.world.onChange();
    this.#later(this.world.pace.replacedMs, () => this.#replace(dead));
  }

  async #replace(dead: Member): Promise<void> {
    if (dead.process.isRunning || !this.#members.includes(dead)) return;
    await this.#start(dead);
    Object.assign(dead, NEW);
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
    const running = this.#members.filter(({ process }) => process.isRunning);
    await Promise.all(running.map(async (member) => note(member, await answers(member))));
    if (this.#status !== "creating") for (const member of hanging(running)) this.#giveUp(member);
  }

  #giveUp(member: Member): void {
    member.isGivenUp = true;
    member.process.kill();
  }

  #member(id: string | undefined): Member | undefined {
    return this.#members.find(({ node }) => node.id === id);
  }

  /** Not any more when the group is deleted or stopped meanwhile. */
  #later(ms: number, work: () => Promise<void>): void {
    delay(ms, undefined, { signal: this.#ended.signal })
      .then(() => this.#inTurn(work))
      .catch((error: unknown) => this.#ended.signal.aborted || this.world.onFailure(error));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
