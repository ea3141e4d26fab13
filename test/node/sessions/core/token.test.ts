import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusalOf } from "./refusal";
import { killCores, type Rig, set, startRig, valuesOf } from "./rig";
import { until } from "./until";

const RIGHT = "the-right-token";
const WRONG = "a-wrong-token";

let rig: Rig;
let folder: string;
let tokenFile: string;

beforeAll(async () => {
  rig = await startRig([], RIGHT);
  folder = mkdtempSync(join(tmpdir(), "nplus1-token-"));
  tokenFile = join(folder, "token");
});
afterAll(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true });
});

const withPassword = (password: string): string => rig.redis.url.replace("//", `//:${password}@`);

test("fails with the server's reason when the token is wrong, and tells it to nobody", async () => {
  const { code, message, logged } = await refusalOf({ url: withPassword(WRONG) });
  expect(code).toBe("store-away");
  expect(message).toBe("the session store could not be reached within 500 ms: WRONGPASS invalid username-password pair or user is disabled.");
  expect(logged).toContain("WRONGPASS");
  expect(message + logged).not.toContain(WRONG);
});

test("fails with the server's reason when there is no token", async () => {
  const { message } = await refusalOf({ url: rig.redis.url });
  expect(message).toMatch(/within 500 ms: NOAUTH /);
});

test("fails with the file's name when the token's file is not there", async () => {
  const { message } = await refusalOf({ url: rig.redis.url, tokenFile: join(folder, "nowhere") });
  expect(message).toMatch(/within 500 ms: ENOENT: no such file or directory, open '.*nowhere'$/);
});

test("fails when the file has a wrong token, and works as soon as it has the right one", async () => {
  writeFileSync(tokenFile, `${WRONG}\n`);
  expect((await refusalOf({ url: rig.redis.url, tokenFile })).message).toContain("WRONGPASS");
  writeFileSync(tokenFile, `${RIGHT}\n`);
  const core = await rig.open({ url: rig.redis.url, tokenFile });
  expect(valuesOf(await core.create("s", set({ k: 1 }).set))).toEqual({ k: 1 });
});

test("a token is rotated under load, with both valid for a while, and no write is refused or lost", async () => {
  writeFileSync(tokenFile, RIGHT);
  const core = await rig.open({ url: rig.redis.url, tokenFile });
  let isOver = false;
  const write = async (id: string): Promise<number> => {
    let session = await core.create(id, set({ count: 0 }).set);
    let count = 0;
    while (!isOver) session = await core.merge(session, set({ count: (count += 1) }));
    expect(valuesOf(await core.read(id, session.version))).toEqual({ count });
    return count;
  };
  const writers = ["a", "b", "c"].map(write);
  const rotate = async (): Promise<void> => {
    await rig.command("ACL", "SETUSER", "default", ">the-next-token");
    writeFileSync(tokenFile, "the-next-token");
    await killCores(rig.command);
    await until("the connection is there again", async () => (await core.read("a", undefined)) !== undefined);
    await rig.command("ACL", "SETUSER", "default", `<${RIGHT}`);
    await killCores(rig.command);
    await until("the connection is there again", async () => (await core.read("a", undefined)) !== undefined);
  };
  await rotate().finally(() => (isOver = true));
  for (const count of await Promise.all(writers)) expect(count).toBeGreaterThan(0);
  await rig.command("ACL", "SETUSER", "default", `>${RIGHT}`);
}, 20_000);
