import { setTimeout as pause } from "node:timers/promises";
import { ValkeyBudget } from "../../../node/health/budget";
import { reached, RunningStore } from "../registry/running-store";

describe("the budget", () => {
  let store: RunningStore;
  const ids = ["i-1", "i-2", "i-3", "i-4", "i-5"];

  const node = (id: string, n = 2, ttl = { servingMs: 5000, tokenMs: 10_000 }) =>
    new ValkeyBudget({ store: store.connection(), node: id, n, limitMs: 300, ttl });
  const isThere = (budget: ValkeyBudget) => reached("the store", async () => (await budget.take()).kind !== "away");
  /** All serve, and can be asked. */
  async function serving(count: number, n?: number, ttl?: { servingMs: number; tokenMs: number }): Promise<ValkeyBudget[]> {
    const nodes = ids.slice(0, count).map((id) => node(id, n, ttl));
    for (const one of nodes) {
      await isThere(one);
      await one.giveBack();
      await one.serve();
    }
    return nodes;
  }

  beforeEach(async () => {
    store = await RunningStore.start();
  });
  afterEach(() => store.stop());

  test("grants a token while n others serve, and no second one", async () => {
    const [a, b] = (await serving(3)) as [ValkeyBudget, ValkeyBudget];
    expect(await a.take()).toEqual({ kind: "granted", others: 2 });
    expect(await a.take()).toEqual({ kind: "granted", others: 2 });
    expect(await b.take()).toEqual({ kind: "refused", others: 1 });
    await a.giveBack();
    expect(await b.take()).toEqual({ kind: "refused", others: 1 });
    await a.serve();
    expect(await b.take()).toEqual({ kind: "granted", others: 2 });
  });

  test("a node with a token does not serve, whatever it says", async () => {
    const [a, b] = (await serving(3)) as [ValkeyBudget, ValkeyBudget];
    await a.take();
    await a.serve();
    expect(await b.take()).toEqual({ kind: "refused", others: 1 });
  });

  test("a node that withdrew is not counted", async () => {
    const [a, b] = (await serving(3)) as [ValkeyBudget, ValkeyBudget];
    await a.withdraw();
    expect(await b.take()).toEqual({ kind: "refused", others: 1 });
    // It serves nobody anyway.
    expect(await a.take()).toEqual({ kind: "granted", others: 2 });
  });

  test.each([2, 3, 4])("of five nodes that ask at once, again and again, never more than five less n = %i get one", async (n) => {
    const nodes = await serving(5, n);
    const held = new Set<ValkeyBudget>();
    let most = 0;
    await Promise.all(
      nodes.map(async (one) => {
        for (let i = 0; i < 60; i += 1) {
          if ((await one.take()).kind === "granted") {
            held.add(one);
            most = Math.max(most, held.size);
            await pause(Math.random() * 3);
            held.delete(one);
            await one.giveBack();
            await one.serve();
          }
        }
      }),
    );
    expect(most).toBe(5 - n);
  });

  test("who is not heard of any more neither serves nor holds a token", async () => {
    const [a, b, c] = (await serving(3, 2, { servingMs: 400, tokenMs: 300 })) as [ValkeyBudget, ValkeyBudget, ValkeyBudget];
    expect((await a.take()).kind).toBe("granted");
    await pause(450);
    await b.serve();
    expect(await b.take()).toEqual({ kind: "refused", others: 0 });
    await Promise.all([a.serve(), c.serve()]);
    expect(await b.take()).toEqual({ kind: "granted", others: 2 });
  });

  test("a token that is kept outlives its time, also when the store has forgotten it", async () => {
    const [a, b] = (await serving(3, 2, { servingMs: 5000, tokenMs: 200 })) as [ValkeyBudget, ValkeyBudget];
    await a.take();
    for (let i = 0; i < 4; i += 1) {
      await pause(100);
      await a.keep();
    }
    expect(await b.take()).toEqual({ kind: "refused", others: 1 });
    const connection = store.connection();
    await reached("the store to be emptied", () =>
      connection
        .run((client) => client.flushAll())
        .then(
          () => true,
          () => false,
        ),
    );
    await a.keep();
    await a.serve();
    expect((await b.take()).kind).toBe("refused");
  });

  test("a store that is away, or silent, grants nothing and keeps nobody waiting", async () => {
    const [a] = (await serving(3)) as [ValkeyBudget];
    store.silence();
    const from = performance.now();
    expect(await a.take()).toEqual({ kind: "away", reason: "the session store has not answered for 300 ms" });
    expect(performance.now() - from).toBeLessThan(600);
    store.goOn();
    await store.kill();
    expect((await a.take()).kind).toBe("away");
    await expect(a.serve()).resolves.toBeUndefined();
  });
});
