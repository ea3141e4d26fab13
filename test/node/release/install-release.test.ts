import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { installRelease, isCurrent } from "../../../node/release/install-release";
import { tarOf } from "./tar";

describe("installing a release", () => {
  let root: string;
  let bytes: Buffer;
  let digest: string;
  let opened: number;
  const places = () => ({ releasesDir: join(root, "releases"), currentLink: join(root, "current") });
  const source = (content: Buffer) => ({
    open: async () => {
      opened += 1;
      return Readable.from([content]);
    },
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "nplus1-install-"));
    bytes = await tarOf([{ name: "server.js", content: "hello" }]);
    digest = createHash("sha256").update(bytes).digest("hex");
    opened = 0;
  });
  afterEach(() => rm(root, { recursive: true }));

  test("leaves the verified folder current, and nothing else", async () => {
    const folder = await installRelease(source(bytes), digest, places());
    expect(folder).toBe(join(root, "releases", digest));
    expect(await readFile(join(root, "current", "server.js"), "utf8")).toBe("hello");
    expect(await readdir(join(root, "releases"))).toEqual([digest]);
    expect(await isCurrent(digest, places())).toBe(true);
  });

  test("does not fetch what is there", async () => {
    await installRelease(source(bytes), digest, places());
    await writeFile(join(root, "releases", digest, "written.txt"), "by the application");
    await installRelease(source(bytes), digest, places());
    expect(opened).toBe(1);
    expect(await readlink(join(root, "current"))).toBe(join(root, "releases", digest));
    expect(await readFile(join(root, "current", "written.txt"), "utf8")).toBe("by the application");
  });

  test("fails when one byte differs, before anything is unpacked", async () => {
    const changed = Buffer.from(bytes);
    changed[600] = 1;
    await expect(installRelease(source(changed), digest, places())).rejects.toMatchObject({
      name: "Refused",
      message: expect.stringMatching(`^release ${digest}: must have this SHA-256, got [0-9a-f]{64}$`),
    });
    expect(await readdir(join(root, "releases"))).toEqual([]);
    expect(await isCurrent(digest, places())).toBe(false);
  });

  test("fails when an entry is refused, and leaves nothing", async () => {
    const bad = await tarOf([{ name: "ok" }, { name: "out", type: "symlink", linkname: "/etc" }]);
    const name = createHash("sha256").update(bad).digest("hex");
    await expect(installRelease(source(bad), name, places())).rejects.toMatchObject({ name: "Refused" });
    expect(await readdir(join(root, "releases"))).toEqual([]);
  });
});
