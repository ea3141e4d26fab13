import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as s3 from "@pulumi/aws/s3";
import { releaseKey, runtimeKey } from "../contract/release";
import { RUNTIME_DIGEST_FILE, RUNTIME_FILE } from "../contract/runtime";
import { bundle } from "./bundle";
import { SHORT_DIGEST } from "./fleet-name";
import { readApplication } from "./read-application";

export interface ReleaseArgs {
  content: ReleaseContent;
  bucketName: pulumi.Input<string>;
  /** Releases of the past stay in the bucket, to go back to. */
  retain: boolean;
}

/** What a release uploads: files on this machine, named by their content. */
export interface ReleaseContent {
  digest: string;
  releaseFile: string;
  runtimeDigest: string;
  runtimeFile: string;
}

/** The application's bundle and the node runtime, where nodes fetch them. */
export class Release extends pulumi.ComponentResource {
  readonly digest: string;
  readonly runtimeDigest: string;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Release", name, {}, opts);
    const { digest, releaseFile, runtimeDigest, runtimeFile } = args.content;
    // Named by content: another content is another object, and the one that nodes still start from is not touched.
    const upload = (role: string, key: string, file: string): void => {
      const source = new pulumi.asset.FileAsset(file);
      const kept = { parent: this, dependsOn: opts?.dependsOn, retainOnDelete: args.retain };
      new s3.BucketObjectv2(`${name}-${role}`, { bucket: args.bucketName, key, source, contentType: "application/x-tar" }, kept);
    };
    upload(`app-${digest.slice(0, SHORT_DIGEST)}`, releaseKey(digest), releaseFile);
    upload(`runtime-${runtimeDigest.slice(0, SHORT_DIGEST)}`, runtimeKey(runtimeDigest), runtimeFile);
    this.digest = digest;
    this.runtimeDigest = runtimeDigest;
    this.registerOutputs({ digest });
  }
}

/**
 * Validates the application and bundles it into `.nplus1/releases/` of the project. `app`: its folder, relative to the project's or absolute.
 * @throws Error that names the file, what is allowed and what was found.
 */
export async function makeRelease(projectDir: string, app: string): Promise<ReleaseContent> {
  const folder = resolve(projectDir, app);
  const { data } = readApplication(folder);
  const runtimeFile = join(projectDir, RUNTIME_FILE);
  const runtimeDigest = readRuntimeDigest(projectDir);
  const { digest, tar } = await bundle(folder, data);
  const releases = join(projectDir, ".nplus1/releases");
  const releaseFile = join(releases, `${digest}.tar`);
  if (!existsSync(releaseFile)) {
    mkdirSync(releases, { recursive: true });
    writeFileSync(`${releaseFile}.${process.pid}`, tar);
    renameSync(`${releaseFile}.${process.pid}`, releaseFile);
  }
  return { digest, releaseFile, runtimeDigest, runtimeFile };
}

function readRuntimeDigest(projectDir: string): string {
  const [file, digestFile] = [join(projectDir, RUNTIME_FILE), join(projectDir, RUNTIME_DIGEST_FILE)];
  if (!existsSync(file) || !existsSync(digestFile)) throw new Error(`${RUNTIME_FILE}: must be built, got nothing; run npm run build`);
  const digest = readFileSync(digestFile, "utf8").trim();
  const found = createHash("sha256").update(readFileSync(file)).digest("hex");
  if (found !== digest) throw new Error(`${RUNTIME_FILE}: must have the SHA-256 ${digest}, got ${found}; run npm run build`);
  return digest;
}
