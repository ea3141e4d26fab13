import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { releaseKey } from "../../contract/release";
import { AWS_LIMITS } from "../aws-limits";
import { Refused } from "./refused";

/** For all bytes of a release. */
const DOWNLOAD_LIMIT_MS = 60_000;

/** Where releases come from. */
export interface ReleaseSource {
  /** The bytes of a release. Throws `Refused` when there is none of that name. */
  open(digest: string): Promise<Readable>;
}

export class ReleaseBucket implements ReleaseSource {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(region: string, bucket: string) {
    this.#client = new S3Client({ region, requestHandler: AWS_LIMITS });
    this.#bucket = bucket;
  }

  async open(digest: string): Promise<Readable> {
    const key = releaseKey(digest);
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return Body as Readable;
    } catch (cause) {
      if (cause instanceof NoSuchKey) throw new Refused(`s3://${this.#bucket}/${key}: no such object`, { cause });
      throw cause;
    }
  }
}

/** Writes the stream to a file and throws `Refused` unless its SHA-256 is the digest. */
export async function saveVerified(content: Readable, digest: string, file: string): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(
    content,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
    { signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) },
  );
  const got = hash.digest("hex");
  if (got !== digest) throw new Refused(`release ${digest}: must have this SHA-256, got ${got}`);
}
