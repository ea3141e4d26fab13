import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Asset } from "../../property-values";

/**
 * The bytes of an asset, which must be those the engine hashed. A relative path counts from this process's folder: the provider is started
 * where Pulumi.yaml is.
 */
export async function assetBody(asset: Asset): Promise<Buffer> {
  if ("uri" in asset.from) throw new Error(`${asset.from.uri}: remote assets are not supported by the lab`);
  const body = "text" in asset.from ? Buffer.from(asset.from.text) : await readFile(resolve(asset.from.path));
  const hash = createHash("sha256").update(body).digest("hex");
  if (asset.hash !== "" && hash !== asset.hash) {
    throw new Error(`${"path" in asset.from ? resolve(asset.from.path) : "text asset"}: must have SHA-256 ${asset.hash}, has ${hash}`);
  }
  return body;
}
