import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient, CreateFunctionCommand, type CreateFunctionCommandInput, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { buildSync } from "esbuild";
import { strToU8, zipSync } from "fflate";
import { Lambda } from "../../../../lab/cloud/lambda/lambda";
import type { SandboxHost } from "../../../../lab/cloud/lambda/sandbox";
import { SubnetAddresses } from "../../../../lab/cloud/subnet-addresses";
import { type Served, serveAnswer } from "../serve-answer";

export const ROLE = "arn:aws:iam::123456789012:role/sentinel";

export const zipOf = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

/** The lab's Lambda with its real runtime in plain processes of this machine, and the real client of it. */
export class LambdaUnderTest {
  readonly delivered: { destination: string; record: Record<string, any> }[] = [];
  readonly failures: string[] = [];
  /** Of CloudWatch Logs. */
  readonly events: string[] = [];
  readonly objects = new Map<string, Uint8Array>();
  /** May the role be taken, and do what? */
  readonly roles = { trusted: true, permitted: true };
  readonly pids: number[] = [];
  readonly lambda: Lambda;
  client!: LambdaClient;
  readonly #folder = mkdtempSync(join(tmpdir(), "nplus1-lambda-"));
  #served: Served | undefined;

  constructor() {
    const runtimeFile = join(this.#folder, "index.cjs");
    buildSync({
      entryPoints: ["lab/lambda/main.ts"],
      bundle: true,
      platform: "node",
      target: "node24",
      format: "cjs",
      outfile: runtimeFile,
      logLevel: "error",
    });
    mkdirSync(join(this.#folder, "logs"));
    const host: SandboxHost = {
      listen: async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        return { server, port: (server.address() as AddressInfo).port };
      },
      start: ({ env, nodeArguments }) => {
        const child = spawn(process.execPath, [...nodeArguments, runtimeFile], {
          env: { ...env },
          stdio: ["ignore", "pipe", "pipe"],
          detached: true,
        });
        this.pids.push(child.pid ?? 0);
        return child;
      },
      taskRoot: (taskDir) => taskDir,
      runtimeDir: this.#folder,
    };
    this.lambda = new Lambda({
      labDir: this.#folder,
      ec2: new EC2Client({ region: "us-east-1" }),
      addresses: new SubnetAddresses(),
      roles: { trusts: async () => this.roles.trusted, may: async () => this.roles.permitted },
      host,
      fetchObject: async (bucket, key) => {
        const bytes = this.objects.get(`${bucket}/${key}`);
        if (bytes) return bytes;
        throw Object.assign(new Error("The specified key does not exist."), { name: "NoSuchKey" });
      },
      applyNetwork: async () => undefined,
      putLog: (_, __, line) => void this.events.push(line),
      deliver: async (destination, record) => void this.delivered.push({ destination, record: record as Record<string, any> }),
      onFailure: (error) => void this.failures.push(String(error)),
      retryTimes: { afterFailureMs: [40, 60], throttledMs: { first: 20, most: 40 } },
    });
  }

  async start(): Promise<void> {
    this.#served = await serveAnswer(this.lambda.answer);
    this.client = new LambdaClient(this.#served.settings);
  }

  async stop(): Promise<void> {
    await this.lambda.stop();
    this.client.destroy();
    await this.#served?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A function of this source that is ready. */
  async make(FunctionName: string, source: string, more: Partial<CreateFunctionCommandInput> = {}): Promise<void> {
    const Code = { ZipFile: zipOf({ "index.js": source }) };
    await this.client.send(new CreateFunctionCommand({ FunctionName, Role: ROLE, Runtime: "nodejs24.x", Handler: "index.handler", Code, ...more }));
    await waitUntilFunctionActiveV2({ client: this.client, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.02 }, { FunctionName });
  }

  log(name: string): string {
    return readFileSync(join(this.#folder, `logs/lambda-${name}.log`), "utf8");
  }
}

export async function until(what: string, holds: () => boolean, limitMs = 3000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
