import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, realpath, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Extract, extract } from "tar-stream";
import { type ArchiveEntry, refusal, type UnpackLimits } from "./entry";

/** Unpacks a tar into an existing, empty folder. Throws at the first entry that is not allowed; what is there then must be thrown away. */
export async function unpack(archive: string, folder: string, limits: UnpackLimits): Promise<void> {
  const root = await realpath(folder);
  const entries = extract();
  // Placing first: entries that come before somebody asks for them are lost. Together: an archive that ends too early fails the reading alone.
  await Promise.all([placeAll(entries, root, limits), pipeline(createReadStream(archive), entries)]);
}

async function placeAll(entries: Extract, root: string, limits: UnpackLimits): Promise<void> {
  let bytes = 0;
  let count = 0;
  for await (const entry of entries) {
    const { name, type, mode, linkname, size } = entry.header;
    count += 1;
    bytes += size;
    if (count > limits.entries) throw new Error(`release: must have at most ${limits.entries} entries`);
    if (bytes > limits.bytes) throw new Error(`release: must have at most ${limits.bytes} bytes unpacked`);
    const reason = refusal({ name, type, linkname });
    if (reason !== undefined) throw new Error(`release/${JSON.stringify(name)}: ${reason}`);
    await place(root, { name, type, mode, linkname }, entry);
  }
}

/** tar-stream's entry: a stream that must be read to its end before the next one comes. */
type Content = AsyncIterable<unknown> & { resume(): unknown };

interface Placed extends ArchiveEntry {
  mode: number;
}

async function place(root: string, { name, type, mode, linkname }: Placed, content: Content): Promise<void> {
  const target = join(root, name.replace(/\/+$/, ""));
  if (type === "directory") {
    await mkdir(target, { recursive: true });
    await realFolder(target, name);
    content.resume();
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  await realFolder(dirname(target), name);
  if (type === "symlink") {
    await symlink(linkname ?? "", target);
    content.resume();
    return;
  }
  // "wx": never through a link or over a file that an earlier entry left.
  await pipeline(content, createWriteStream(target, { flags: "wx", mode: executable(mode) ? 0o755 : 0o644 }));
}

const executable = (mode: number): boolean => (mode & 0o100) !== 0;

/** Nothing goes through a link that an earlier entry left, not even one that stays inside. */
async function realFolder(folder: string, name: string): Promise<void> {
  if ((await realpath(folder)) !== folder) throw new Error(`release/${JSON.stringify(name)}: must not go through a link`);
}
