import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { RoleCredentials } from "../ec2/role-credentials";
import type { FunctionVersion, LambdaFunction } from "./function";
import { type Asked, type Invoked, Sandbox, type SandboxHost } from "./sandbox";

/** Of the account, for all functions together. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const ACCOUNT_CONCURRENCY = 1000;

/** Milliseconds that a process without work is kept; AWS states no number. */
const KEPT_MS = 300_000;

export interface RunnerParts {
  host: SandboxHost;
  credentialsOf: (roleArn: string) => RoleCredentials;
  log: (version: FunctionVersion, stream: string, line: string) => void;
  /** The namespaces of a function, of which each process takes the next. */
  placesOf: (version: FunctionVersion) => readonly string[];
  /** What other functions have reserved. */
  reservedBeside: (fn: LambdaFunction) => number;
}

/** Runs invocations in processes, as many at once as a function may have. */
export class Runner {
  readonly #sandboxes = new Map<Sandbox, { fn: LambdaFunction; expiry: NodeJS.Timeout | undefined }>();
  readonly #running = new Map<LambdaFunction, number>();
  #placed = 0;

  constructor(private readonly parts: RunnerParts) {}

  /** @throws TooManyRequestsException when too many run. */
  async run(fn: LambdaFunction, version: FunctionVersion, asked: Asked): Promise<Invoked> {
    this.#admit(fn);
    this.#running.set(fn, this.#runningOf(fn) + 1);
    try {
      const warm = [...this.#sandboxes.keys()].find((sandbox) => sandbox.version === version && sandbox.isIdle);
      const sandbox = warm ?? (await this.#start(fn, version));
      clearTimeout(this.#sandboxes.get(sandbox)?.expiry);
      return await sandbox.invoke(asked);
    } finally {
      this.#running.set(fn, this.#runningOf(fn) - 1);
    }
  }

  /** What runs of it ends when it has nothing to do: its code, its configuration or itself are no more. */
  retire(fn: LambdaFunction): void {
    for (const [sandbox, { fn: owner }] of this.#sandboxes) if (owner === fn) sandbox.retire();
  }

  /** Ends what runs, at once. */
  async stop(): Promise<void> {
    const sandboxes = [...this.#sandboxes.keys()];
    for (const sandbox of sandboxes) sandbox.kill();
    await Promise.all(sandboxes.map(({ ended }) => ended));
  }

  #runningOf(fn: LambdaFunction): number {
    return this.#running.get(fn) ?? 0;
  }

  #admit(fn: LambdaFunction): void {
    const running = this.#runningOf(fn);
    if (fn.reservedConcurrency !== undefined) {
      if (running < fn.reservedConcurrency) return;
      throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
    }
    const unreserved = [...this.#running].reduce((sum, [one, count]) => sum + (one.reservedConcurrency === undefined ? count : 0), 0);
    if (unreserved >= ACCOUNT_CONCURRENCY - this.parts.reservedBeside(fn)) throw throttled("ConcurrentInvocationLimitExceeded");
  }

  async #start(fn: LambdaFunction, version: FunctionVersion): Promise<Sandbox> {
    const places = this.parts.placesOf(version);
    const netns = places[this.#placed++ % places.length] ?? "";
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
    const logStream = `${day}/[${version.version}]${randomUUID().replaceAll("-", "")}`;
    const sandbox: Sandbox = new Sandbox({
      host: this.parts.host,
      netns,
      version,
      credentials: this.parts.credentialsOf(version.config.role),
      logStream,
      log: (line) => this.parts.log(version, logStream, line),
      onIdle: () => this.#keep(sandbox),
      onDeath: () => {
        clearTimeout(this.#sandboxes.get(sandbox)?.expiry);
        this.#sandboxes.delete(sandbox);
      },
    });
    this.#sandboxes.set(sandbox, { fn, expiry: undefined });
    try {
      await sandbox.start();
    } catch (error) {
      this.#sandboxes.delete(sandbox);
      throw error;
    }
    return sandbox;
  }

  #keep(sandbox: Sandbox): void {
    const kept = this.#sandboxes.get(sandbox);
    if (!kept) return;
    clearTimeout(kept.expiry);
    kept.expiry = setTimeout(() => sandbox.retire(), KEPT_MS);
    kept.expiry.unref();
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const throttled = (reason: string): AwsError => new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Reason: reason });
