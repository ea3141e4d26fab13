import { mkdtemp, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpack } from "../../../node/release/unpack";
import { type TestEntry, tarOf } from "./tar";

const LIMITS = { bytes: 1000, entries: 10 };

describe("unpacking a release", () => {
  let place: string;
  let folder: string;

  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), "nplus1-unpack-"));
    folder = join(place, "release");
    await mkdir(folder);
  });
  afterEach(() => rm(place, { recursive: true }));

  async function unpacked(entries: readonly TestEntry[]): Promise<void> {
    const archive = join(place, "release.tar");
    await writeFile(archive, await tarOf(entries));
    await unpack(archive, folder, LIMITS);
  }

  test("makes files, folders and links with the modes 644 and 755", async () => {
    await unpacked([
      { name: "bin/", type: "directory", mode: 0o777 },
      { name: "bin/run", mode: 0o4777, content: "#!/bin/sh" },
      { name: "deep/er/conf.xml", mode: 0o600, content: "<a/>" },
      { name: "run", type: "symlink", linkname: "bin/run" },
    ]);
    expect((await stat(join(folder, "bin/run"))).mode & 0o7777).toBe(0o755);
    expect((await stat(join(folder, "deep/er/conf.xml"))).mode & 0o7777).toBe(0o644);
    expect(await readFile(join(folder, "run"), "utf8")).toBe("#!/bin/sh");
    expect(await readlink(join(folder, "run"))).toBe("bin/run");
  });

  test.each<[string, TestEntry[], string]>([
    ["a path climbs out", [{ name: "../evil", content: "x" }], "release/\"../evil\": must not contain '..'"],
    ["a path is absolute", [{ name: "/evil", content: "x" }], 'release/"/evil": must be a relative path'],
    ["a link leads out", [{ name: "l", type: "symlink", linkname: "../.." }], 'release/"l": must point inside the release, got "../.."'],
    ["it has a device", [{ name: "d", type: "character-device" }], 'release/"d": must be a file, folder or symbolic link, got character-device'],
    ["it has a hard link", [{ name: "h", type: "link", linkname: "/etc/passwd" }], 'release/"h": must be a file, folder or symbolic link, got link'],
    [
      "a file goes through a link",
      [
        { name: "l", type: "symlink", linkname: "." },
        { name: "l/x", content: "x" },
      ],
      'release/"l/x": must not go through a link',
    ],
    [
      "a folder is a link that was there",
      [
        { name: "l", type: "symlink", linkname: "." },
        { name: "l/", type: "directory" },
      ],
      'release/"l/": must not go through a link',
    ],
    ["it is too large", [{ name: "big", content: "x".repeat(1001) }], "release: must have at most 1000 bytes unpacked"],
    ["it has too many entries", Array.from({ length: 11 }, (_, i) => ({ name: `f${i}` })), "release: must have at most 10 entries"],
  ])("fails when %s", async (_, entries, message) => {
    await expect(unpacked(entries)).rejects.toThrow(message);
    expect((await readdir(place)).sort()).toEqual(["release", "release.tar"]);
  });

  test("loses no entry in 100 times", async () => {
    const archive = join(place, "release.tar");
    await writeFile(archive, await tarOf(Array.from({ length: 10 }, (_, i) => ({ name: `f${i}`, content: "x".repeat(i) }))));
    for (let i = 0; i < 100; i += 1) {
      const target = join(place, `release-${i}`);
      await mkdir(target);
      await unpack(archive, target, LIMITS);
      expect(await readdir(target)).toHaveLength(10);
    }
  });

  test("fails when a name comes twice", async () => {
    await expect(unpacked([{ name: "a" }, { name: "a" }])).rejects.toThrow("EEXIST");
  });

  test("fails when the archive is cut off", async () => {
    const archive = join(place, "release.tar");
    await writeFile(archive, (await tarOf([{ name: "a", content: "x".repeat(900) }])).subarray(0, 700));
    await expect(unpack(archive, folder, LIMITS)).rejects.toThrow();
  });
});
