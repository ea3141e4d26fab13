import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { unzipSync } from "fflate";
import { AwsError } from "../aws-error";
import { invalid } from "./checked";
import type { FunctionCode } from "./function";
import type { CodeSource } from "./function-input";

/** Bytes of an archive in a request, and of what is in any. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_ZIPPED = 52_428_800;
const MOST_UNZIPPED = 262_144_000;

/** An object of S3. @throws with S3's own name of what is wrong. */
export type FetchObject = (bucket: string, key: string, version: string | undefined) => Promise<Uint8Array>;

/** The code of functions as folders of this machine, one for each content. */
export class CodeStore {
  constructor(
    private readonly folder: string,
    private readonly fetchObject: FetchObject,
  ) {}

  async take(source: CodeSource): Promise<FunctionCode> {
    const bytes = await this.#bytes(source);
    const digest = createHash("sha256").update(bytes).digest();
    const taskDir = join(this.folder, digest.toString("hex"));
    if (!existsSync(taskDir)) unpack(bytes, taskDir);
    return { sha256: digest.toString("base64"), size: bytes.length, taskDir };
  }

  async #bytes({ ZipFile, S3Bucket, S3Key, S3ObjectVersion }: CodeSource): Promise<Uint8Array> {
    if ((ZipFile === undefined) === (S3Bucket === undefined)) return invalid("Please provide a source for function code.");
    if (ZipFile !== undefined) {
      const bytes = Buffer.from(ZipFile, "base64");
      if (bytes.length > MOST_ZIPPED) throw new AwsError("RequestEntityTooLargeException", `Request must be smaller than ${MOST_ZIPPED} bytes`, 413);
      return bytes;
    }
    try {
      return await this.fetchObject(S3Bucket ?? "", S3Key ?? "", S3ObjectVersion);
    } catch (error) {
      const { name, message } = error as Error;
      return invalid(`Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message}`);
    }
  }
}

/** Beside its place first: half a folder would pass for the whole. */
function unpack(bytes: Uint8Array, taskDir: string): void {
  const files = Object.entries(unzipped(bytes));
  const size = files.reduce((sum, [, content]) => sum + content.length, 0);
  if (size > MOST_UNZIPPED) invalid(`Unzipped size must be smaller than ${MOST_UNZIPPED} bytes`);
  const folder = `${taskDir}.new`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    const path = normalize(name);
    if (path.startsWith("/") || path.startsWith("..")) invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
    if (name.endsWith("/")) mkdirSync(join(folder, path), { recursive: true });
    else {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }
  renameSync(folder, taskDir);
}

function unzipped(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch {
    return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
}
