import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as s3 from "@pulumi/aws/s3";
import { releaseKey, runtimeKey } from "../contract/release";
import { RUNTIME_DIGEST_FILE, RUNTIME_FILE } from "../contract/runtime";
import { bundle } from "./bundle";
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
  /** A fleet comes after what it fetches. */
  readonly objects: s3.BucketObjectv2[];

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:Release", name, {}, opts);
    const { digest, releaseFile, runtimeDigest, runtimeFile } = args.content;
    const object = (role: string, key: string, file: string): s3.BucketObjectv2 =>
      new s3.BucketObjectv2(
        `${name}-${role}`,
        { bucket: args.bucketName, key, source: new pulumi.asset.FileAsset(file), contentType: "application/x-tar" },
        { parent: this, retainOnDelete: args.retain },
      );
    this.objects = [object(`app-${digest.slice(0, 12)}`, releaseKey(digest), releaseFile), object(`runtime-${runtimeDigest.slice(0, 12)}`, runtimeKey(runtimeDigest), runtimeFile)];
    this.digest = digest;
    this.runtimeDigest = runtimeDigest;
    this.registerOutputs({ digest });
  }
}

/**
 * Validates the application and bundles it into `.nplus1/releases/` of the project.
 * @throws Error that names the file, what was found and what is allowed.
 */
export async function makeRelease(projectDir: string, app: string): Promise<ReleaseContent> {
  const folder = join(projectDir, app);
  const { data } = readApplication(folder);
  const { digest, tar } = await bundle(folder, (path) => data.some((glob) => posix.matchesGlob(path, glob)));
  const releases = join(projectDir, ".nplus1/releases");
  const releaseFile = join(releases, `${digest}.tar`);
  if (!existsSync(releaseFile)) {
    mkdirSync(releases, { recursive: true });
    writeFileSync(`${releaseFile}.${process.pid}`, tar);
    renameSync(`${releaseFile}.${process.pid}`, releaseFile);
  }
  const runtimeFile = join(projectDir, RUNTIME_FILE);
  const runtimeDigestFile = join(projectDir, RUNTIME_DIGEST_FILE);
  if (!existsSync(runtimeFile) || !existsSync(runtimeDigestFile)) throw new Error(`${RUNTIME_FILE}: not built yet; run npm run build`);
  return { digest, releaseFile, runtimeDigest: readFileSync(runtimeDigestFile, "utf8").trim(), runtimeFile };
}
