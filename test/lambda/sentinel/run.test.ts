import type { Hands } from "../../../lambda/sentinel/act";
import type { GroupView } from "../../../lambda/sentinel/group";
import type { Sources } from "../../../lambda/sentinel/look";
import { type ActionRecord, type Memory, nothingYet, type Watch } from "../../../lambda/sentinel/memory";
import { run } from "../../../lambda/sentinel/run";
import type { Entry } from "../../../lambda/sentinel/store";

const START = 1_800_000_000_000;
const IDS = ["i-1", "i-2", "i-3"];

/** A cluster, a store and a clock of which nothing waits. */
class World {
  now = START;
  watch: Watch = nothingYet;
  records: Record<string, ActionRecord> = {};
  stopped = new Set<string>();
  replaced = new Set<string>();
  storeAway = false;
  awsAway = false;
  done: string[] = [];
  ends = START;
  /** The run is cut off when it asks for this. */
  cutAt: string | undefined;

  #do(what: string): void {
    if (this.cutAt === what) throw new Error("cut off");
    this.done.push(`${(this.now - START) / 1000} s: ${what}`);
  }

  #store<T>(answer: T): T {
    if (this.storeAway) throw new Error("the session store has not answered");
    return answer;
  }

  readonly sources: Sources = {
    group: async (): Promise<GroupView> => {
      if (this.awsAway) throw new Error("throttled");
      return {
        inService: IDS.filter((id) => !this.replaced.has(id)),
        healthyTargets: new Set([...IDS.filter((id) => !this.stopped.has(id)), "i-of-another-fleet"]),
      };
    },
    entries: async (): Promise<Entry[]> =>
      this.#store(IDS.filter((id) => !this.stopped.has(id)).map((id) => ({ id, ip: `10.0.0.${id.at(-1)}`, state: "healthy" as const }))),
    memory: async (): Promise<Memory> => this.#store({ watch: this.watch, records: this.records }),
    ask: async (ip) => ({ gateAnswers: true, agentAnswers: !this.stopped.has(`i-${ip.at(-1)}`) }),
  };

  readonly hands: Hands = {
    restartAgent: async (node) => {
      this.#do(`restart ${node}`);
      return "command";
    },
    replace: async (node) => {
      this.#do(`replace ${node}`);
      this.replaced.add(node);
    },
    takeToken: async () => ({ granted: true, others: 2 }),
    keepRecord: async (node, record) => this.#store(void (this.records = { ...this.records, [node]: record })),
    tell: async ({ event, node }) => this.#do(`tell ${event} ${node}`),
    now: () => this.now,
  };

  /** A minute's run of 60 s. */
  async minute() {
    const looks = await this.looksUntil(this.now + 60_000);
    this.now = this.ends;
    return looks;
  }

  looksUntil(end: number) {
    this.ends = end;
    return run({
      sources: this.sources,
      hands: this.hands,
      keepWatch: async (watch) => void (this.watch = watch),
      pause: async (ms) => void (this.now += ms),
      remaining: () => this.ends - this.now,
      log: () => undefined,
    });
  }
}

test("a run looks every 5 s until 10 s are left, and counts its own fleet", async () => {
  const looks = await new World().minute();
  expect(looks).toEqual(Array.from({ length: 10 }, () => ({ serving: 3, quarantined: 0, commonCause: false })));
});

test("a silent node is restarted after 10 s, then replaced after 30 more", async () => {
  const world = new World();
  world.stopped.add("i-2");
  await world.minute();
  expect(world.done).toEqual(["10 s: restart i-2", "10 s: tell agent-restarted i-2", "40 s: replace i-2", "40 s: tell replaced i-2"]);
});

test("silence goes on from one run to the next", async () => {
  const world = new World();
  world.now = START + 45_000;
  world.stopped.add("i-2");
  await world.looksUntil(START + 60_000);
  world.now = START + 60_000;
  await world.minute();
  expect(world.done[0]).toBe("60 s: restart i-2");
});

test("an agent that comes back after its restart is left alone", async () => {
  const world = new World();
  world.stopped.add("i-2");
  const restart = world.hands.restartAgent;
  world.hands.restartAgent = async (node) => {
    world.stopped.delete(node);
    return restart(node);
  };
  await world.minute();
  await world.minute();
  expect(world.done).toEqual(["10 s: restart i-2", "10 s: tell agent-restarted i-2"]);
  expect(world.records["i-2"]).toMatchObject({ step: "restart", recoveredAt: START + 15_000 });
});

test("a restart that was cut off before it was sent is sent by a later look", async () => {
  const world = new World();
  world.stopped.add("i-2");
  world.cutAt = "restart i-2";
  world.hands.tell = async () => undefined;
  await world.looksUntil(START + 25_000);
  world.cutAt = undefined;
  world.now = START + 25_000;
  await world.minute();
  expect(world.done).toEqual(["25 s: restart i-2", "40 s: replace i-2"]);
});

test("while the session store is away nobody is restarted, however long", async () => {
  const world = new World();
  world.stopped.add("i-2");
  world.storeAway = true;
  expect((await world.minute()).every(({ commonCause }) => commonCause)).toBe(true);
  expect(world.done).toEqual(["10 s: tell common-cause null"]);
});

test("a run that AWS never answered fails, so that its alarm turns", async () => {
  const world = new World();
  world.awsAway = true;
  await expect(world.minute()).rejects.toThrow("throttled");
});
