import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { publishToken } from "../../../node/secrets/publish-token";

describe("publishing the store's token", () => {
  let folder: string;
  let args: { tokenFile: string; envFile: string; gid: number };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nplus1-token-"));
    args = { tokenFile: join(folder, "run/valkey-token"), envFile: join(folder, "app.env"), gid: process.getgid?.() ?? 0 };
  });
  afterEach(() => rm(folder, { recursive: true }));

  const rights = async (path: string) => {
    const { mode, gid } = await stat(path);
    return { mode: (mode & 0o777).toString(8), gid };
  };

  test("writes a file that the application's group may read, and nobody else", async () => {
    await publishToken({ ...args, token: "one" });
    expect(await readFile(args.tokenFile, "utf8")).toBe("one");
    expect(await rights(args.tokenFile)).toEqual({ mode: "440", gid: args.gid });
    expect(await rights(join(folder, "run"))).toEqual({ mode: "750", gid: args.gid });
    await expect(stat(args.envFile)).rejects.toThrow("ENOENT");
  });

  test("replaces the token also where the application's next start finds it", async () => {
    await writeFile(args.envFile, "PORT=8082\nVALKEY_URL=rediss://:old@a:6379\nVALKEY_READER_URL=rediss://:old@b:6379\n");
    await publishToken({ ...args, token: "a/b" });
    expect(await readFile(args.envFile, "utf8")).toBe("PORT=8082\nVALKEY_URL=rediss://:a%2Fb@a:6379\nVALKEY_READER_URL=rediss://:a%2Fb@b:6379\n");
    expect((await rights(args.envFile)).mode).toBe("600");
  });

  test("is never seen half done", async () => {
    await publishToken({ ...args, token: "0".repeat(64) });
    let isDone = false;
    const seen = new Set<string>();
    const reader = (async () => {
      while (!isDone) {
        seen.add(await readFile(args.tokenFile, "utf8"));
        await pause(0);
      }
    })();
    for (let i = 0; i < 100; i += 1) await publishToken({ ...args, token: String(i % 10).repeat(64) });
    isDone = true;
    await reader;
    expect([...seen].every((text) => /^(\d)\1{63}$/.test(text))).toBe(true);
    expect(seen.size).toBeGreaterThan(1);
  });
});
