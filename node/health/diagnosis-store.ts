import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AWS_LIMITS } from "../aws-limits";
import { diagnosisKey } from "../../contract/diagnoses";
import type { Diagnosis } from "./diagnosis";

export interface DiagnosisStoreArgs {
  region: string;
  bucket: string;
  /** On the node's own disk, where the last ones are kept too. */
  folder: string;
  /** A restart waits for the upload this long, in milliseconds. */
  waitMs: number;
  onFault: (error: Error) => void;
}

const KEPT_ON_NODE = 20;
const TRIES = 5;

export class DiagnosisStore {
  readonly #args: DiagnosisStoreArgs;
  readonly #client: S3Client;

  constructor(args: DiagnosisStoreArgs) {
    this.#args = args;
    this.#client = new S3Client({ region: args.region, requestHandler: AWS_LIMITS, maxAttempts: TRIES });
  }

  /** Its address. Returns when it is in S3, or after the wait: the upload then goes on. A full disk keeps no diagnosis from S3. */
  async keep(diagnosis: Diagnosis): Promise<string> {
    const { bucket, waitMs, onFault } = this.#args;
    const key = diagnosisKey(diagnosis.node, diagnosis.at);
    const text = `${JSON.stringify(diagnosis, null, 2)}\n`;
    const kept = this.#keepHere(diagnosis.at, text).catch(onFault);
    const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "application/json" });
    const sent = this.#client.send(put).then(() => undefined, onFault);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([Promise.all([kept, sent]), late]);
    clearTimeout(timer);
    return `s3://${bucket}/${key}`;
  }

  async #keepHere(at: string, text: string): Promise<void> {
    const { folder } = this.#args;
    await mkdir(folder, { recursive: true });
    const old = (await readdir(folder)).sort().slice(0, -(KEPT_ON_NODE - 1));
    for (const name of old) await rm(join(folder, name));
    await writeFile(join(folder, `${at.replaceAll(":", "-")}.json`), text, { mode: 0o600 });
  }
}
