import { StoreAway } from "../../../../node/sessions/errors";
import { openSessions } from "../../../../node/sessions/open";
import { Proxy } from "../chaos/proxy";
import { type Rig, set, startRig } from "./rig";
import { until } from "./until";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

/** Timers and sockets of this process; those of the test itself are there before. */
const held = (): string[] => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|TCPConnectWrap|GetAddrInfoReq/.test(name));

/** Nothing is left of a core, a moment after it was closed. */
async function leavesNothing(url: string, use: (core: ReturnType<typeof openSessions>) => Promise<unknown>): Promise<void> {
  const before = held().length;
  const core = openSessions({ url, readerUrl: url, storeTimeoutMs: 300 });
  await use(core);
  await core.close();
  await until(`nothing is left beside ${before} timers and sockets`, () => held().length <= before, 1000);
}

test("a core that was used leaves nothing", async () => {
  await leavesNothing(rig.redis.url, async (core) => {
    await core.ready();
    const session = await core.create("s", set({ k: 1 }).set);
    await Promise.all([core.merge(session, set({ k: 2 })), core.read("s", undefined), core.touch(session)]);
  });
});

test("a core that is closed before it is connected leaves nothing", async () => {
  await leavesNothing(rig.redis.url, async () => undefined);
  await leavesNothing("redis://localhost:1", async () => undefined);
});

test("a core that cannot connect leaves nothing", async () => {
  await leavesNothing("redis://127.0.0.1:1", (core) => core.ready().catch(() => undefined));
  await leavesNothing("redis://no-such-host.invalid:1", (core) => core.ready().catch(() => undefined));
});

test("a core whose server does not answer leaves nothing", async () => {
  const wire = await Proxy.start(rig.redis.port);
  wire.blackHole(true);
  await leavesNothing(wire.url, (core) => core.read("s", { n: 1, write: "w-1" }).catch(() => undefined));
  await wire.stop();
});

test("a core that is closed refuses at once, also what it was asked before", async () => {
  const wire = await Proxy.start(rig.redis.port);
  const core = openSessions({ url: wire.url, storeTimeoutMs: 20_000 });
  await core.ready();
  const session = await core.create("closing", set({ k: 1 }).set);
  wire.blackHole(true);
  const before = [core.merge(session, set({ k: 2 })), core.read("another", undefined), core.destroy("third")];
  const asked = Promise.allSettled(before);
  await core.close();
  const askedLater = Promise.allSettled([core.merge(session, set({ k: 3 })), core.read("s", undefined), core.ready()]);
  for (const one of [...(await asked), ...(await askedLater)]) {
    expect(one.status === "rejected" && one.reason).toBeInstanceOf(StoreAway);
  }
  await core.close();
  await wire.stop();
});
