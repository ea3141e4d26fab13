import { readFile } from "node:fs/promises";
import { readdirSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { zipSync } from "fflate";
import { Archive, Asset } from "../../property-values";
import { assetBody } from "../s3/asset-body";

/** The least that a zip file can say: the same content has the same bytes. */
const MODIFIED = new Date(1980, 0, 1);

/** An archive as a zip file. Paths must be absolute: the lab's provider, unlike one that the engine starts, is not where Pulumi.yaml is. */
export async function archiveZip(archive: Archive): Promise<Uint8Array> {
  const { from } = archive;
  if ("path" in from && statSync(absolute(from.path)).isFile()) {
    if (!/\.(zip|jar)$/.test(from.path)) throw new Error(`${from.path}: must be a folder or a zip file, which the lab takes`);
    return readFile(from.path);
  }
  const files = await filesOf(archive, "");
  const names = Object.keys(files).sort();
  return zipSync(Object.fromEntries(names.map((name) => [name, files[name] ?? new Uint8Array()])), { mtime: MODIFIED });
}

async function filesOf({ from }: Archive, prefix: string): Promise<Record<string, Uint8Array>> {
  if ("uri" in from) throw new Error(`${from.uri}: remote archives are not supported by the lab`);
  if ("path" in from) return folderFiles(absolute(from.path), prefix);
  const parts = Object.entries(from.assets).map(async ([name, part]): Promise<Record<string, Uint8Array>> => {
    if (part instanceof Asset) return { [prefix + name]: await assetBody(part) };
    if (part instanceof Archive) return filesOf(part, `${prefix}${name}/`);
    throw new Error(`${name}: must be an asset or an archive`);
  });
  return Object.assign({}, ...(await Promise.all(parts))) as Record<string, Uint8Array>;
}

function absolute(path: string): string {
  if (isAbsolute(path)) return path;
  throw new Error(`${path}: must be an absolute path, as the lab's provider does not run in the program's folder (path.join(__dirname, …))`);
}

async function folderFiles(folder: string, prefix: string): Promise<Record<string, Uint8Array>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile());
  const files = names.map(async (name) => [prefix + name, new Uint8Array(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(files));
}
