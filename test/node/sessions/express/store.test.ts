import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { createClient } from "redis";
import { SessionTooLarge } from "../../../../node/sessions/errors";
import { SessionStore } from "../../../../node/sessions/express/store";
import { openSessions } from "../../../../node/sessions/open";
import { type RedisServer, startRedis } from "../redis-server";

let redis: RedisServer;
let stores: [SessionStore, SessionStore];
let count = 0;
let id: string;

/** The store's methods with promises; two of them, as two nodes have. */
const calls = (store: SessionStore) => ({
  get: promisify(store.get.bind(store)) as (id: string) => Promise<any>,
  set: promisify(store.set.bind(store)) as (id: string, session: object) => Promise<void>,
  touch: promisify(store.touch.bind(store)) as (id: string, session: object) => Promise<void>,
  destroy: promisify(store.destroy.bind(store)),
  all: promisify(store.all.bind(store)) as () => Promise<Record<string, any>>,
  length: promisify(store.length.bind(store)),
  clear: promisify(store.clear.bind(store)),
});
let here: ReturnType<typeof calls>;
let there: ReturnType<typeof calls>;

beforeAll(async () => {
  redis = await startRedis();
  stores = [0, 1].map(() => new SessionStore(openSessions({ url: redis.url, maxSessionBytes: 2000 }))) as [SessionStore, SessionStore];
  await Promise.all(stores.map(({ sessions }) => sessions.ready()));
  [here, there] = stores.map(calls) as [typeof here, typeof there];
});
afterAll(async () => {
  await Promise.all(stores.map(({ sessions }) => sessions.close()));
  await redis.stop();
});
beforeEach(() => {
  count += 1;
  id = `session-${count}`;
});

const cookie = { originalMaxAge: null, path: "/" };

test("a session is found on every node as it was set, and is nobody else's to change", async () => {
  await here.set(id, { cookie, cart: [["tea", 2]], user: { name: "bob" } });
  expect(await there.get(id)).toEqual({ cookie, cart: [["tea", 2]], user: { name: "bob" } });
  (await there.get(id)).user.name = "eve";
  expect((await there.get(id)).user.name).toBe("bob");
});

test("a session that is not there is none", async () => {
  expect(await here.get(id)).toBeUndefined();
});

test("two nodes that change different keys of one session both succeed, and what one removed stays removed", async () => {
  await here.set(id, { cookie, a: 1, b: 1, gone: 1 });
  const [one, other] = [await here.get(id), await there.get(id)];
  one.a = 2;
  delete one.gone;
  other.b = 2;
  other.added = "x";
  await Promise.all([here.set(id, one), there.set(id, other)]);
  expect(await here.get(id)).toEqual({ cookie, a: 2, b: 2, added: "x" });
  expect(await there.get(id)).toEqual({ cookie, a: 2, b: 2, added: "x" });
});

test("a second save of the same object sends what it changed since, and takes nothing back that others changed", async () => {
  await here.set(id, { cookie, a: 1 });
  const session = await here.get(id);
  session.a = 2;
  await here.set(id, session);
  const other = await there.get(id);
  Object.assign(other, { a: 3, b: 1 });
  await there.set(id, other);
  session.c = 1;
  await here.set(id, session);
  expect(await there.get(id)).toEqual({ cookie, a: 3, b: 1, c: 1 });
});

test("saves of one object that overlap are stored one after the other, each as it was when it was made", async () => {
  await here.set(id, { cookie });
  const session = await here.get(id);
  session.x = 1;
  const first = here.set(id, session);
  delete session.x;
  session.y = 2;
  await Promise.all([first, here.set(id, session)]);
  expect(await there.get(id)).toEqual({ cookie, y: 2 });
});

test("an object that no session was read into replaces what there was", async () => {
  await here.set(id, { cookie, a: 1 });
  await there.set(id, { cookie, b: 2 });
  expect(await here.get(id)).toEqual({ cookie, b: 2 });
});

test("a save that comes after the session was destroyed is dropped and counted, and is no error", async () => {
  await here.set(id, { cookie, a: 1 });
  const session = await here.get(id);
  await there.destroy(id);
  session.a = 2;
  await here.set(id, session);
  expect(await here.get(id)).toBeUndefined();
  expect(stores[0].sessions.counters.lateWrites).toBe(1);
});

test("a session lives as long as its cookie says, to the millisecond; without a maxAge as long as the store's default", async () => {
  await here.set(id, { cookie: { originalMaxAge: 150 } });
  await here.set(`${id}b`, { cookie });
  const client = await createClient({ url: redis.url }).connect();
  expect(await client.pTTL(`nplus1:session:${id}`)).toBeLessThanOrEqual(165);
  expect(await client.pTTL(`nplus1:session:${id}b`)).toBeGreaterThan(86_400_000);
  client.destroy();
  expect(await there.get(id)).toBeDefined();
  await delay(180);
  expect(await there.get(id)).toBeUndefined();
  expect(await here.get(id)).toBeUndefined();
});

test("touching extends the life and tells the newest cookie, and changes nothing else", async () => {
  await here.set(id, { cookie: { originalMaxAge: 300, expires: new Date(Date.now() + 300) }, a: 1 });
  for (let i = 0; i < 4; i += 1) {
    await delay(120);
    const session = await here.get(id);
    session.cookie.expires = new Date(Date.now() + 300);
    session.a = "not saved";
    await here.touch(id, session);
  }
  const found = await here.get(id);
  expect(found.a).toBe(1);
  expect(Date.parse(found.cookie.expires as string) - Date.now()).toBeGreaterThan(200);
});

test("a change of nothing but the cookie's end is a touch", async () => {
  await here.set(id, { cookie: { originalMaxAge: 60_000, expires: new Date() }, a: 1 });
  const before = stores[0].sessions.newest(id);
  const session = await here.get(id);
  session.cookie.expires = new Date(Date.now() + 60_000);
  await here.set(id, session);
  expect(stores[0].sessions.newest(id)).toEqual(before);
});

test("a session that is too large is refused with its size, and the one before it stays", async () => {
  await here.set(id, { cookie, a: 1 });
  const session = await here.get(id);
  session.big = "x".repeat(3000);
  await expect(here.set(id, session)).rejects.toBeInstanceOf(SessionTooLarge);
  expect(await there.get(id)).toEqual({ cookie, a: 1 });
  delete session.big;
  session.a = 2;
  await here.set(id, session);
  expect(await there.get(id)).toEqual({ cookie, a: 2 });
});

test("a value that JSON cannot hold is the saver's error", async () => {
  const loop: Record<string, unknown> = {};
  loop["loop"] = loop;
  await expect(here.set(id, { cookie, loop })).rejects.toThrow("circular");
  expect(await here.get(id)).toBeUndefined();
});

test("increments through update are all kept", async () => {
  await here.set(id, { cookie, n: 0 });
  const increment = (draft: any): unknown => (draft.n += 1);
  await Promise.all(Array.from({ length: 40 }, (_, i) => stores[i % 2 ? 0 : 1].update(id, increment)));
  expect((await there.get(id)).n).toBe(40);
});

test("all, length and clear are about every node's sessions", async () => {
  await here.clear();
  await Promise.all(Array.from({ length: 250 }, (_, i) => (i % 2 ? here : there).set(`many-${i}`, { cookie, i })));
  expect(await here.length()).toBe(250);
  const all = await there.all();
  expect(Object.keys(all)).toHaveLength(250);
  expect(all["many-7"]).toEqual({ cookie, i: 7 });
  await here.clear();
  expect(await there.length()).toBe(0);
  expect(await there.get("many-7")).toBeUndefined();
});

test("the store never says that it is disconnected: express-session would run requests without any session", async () => {
  const said: string[] = [];
  for (const event of ["connect", "disconnect"]) stores[0].on(event, () => said.push(event));
  redis.signal("SIGSTOP");
  await delay(800);
  redis.signal("SIGCONT");
  await here.set(id, { cookie, a: 1 });
  expect(said).toEqual([]);
});
