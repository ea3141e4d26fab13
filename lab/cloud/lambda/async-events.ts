import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AwsError } from "../aws-error";
import { type FunctionVersion, LATEST, type LambdaFunction } from "./function";
import type { Asked, Invoked } from "./sandbox";

export interface RetryTimes {
  /** Milliseconds before the second attempt, and before the third. */
  afterFailureMs: readonly number[];
  /** Milliseconds before a throttled event is tried again, at first and at most. */
  throttledMs: { first: number; most: number };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export const AWS_RETRY_TIMES: RetryTimes = { afterFailureMs: [60_000, 120_000], throttledMs: { first: 1000, most: 300_000 } };

/** Seconds that an event is kept at most. */
const MOST_AGE_SECONDS = 21_600;

export interface AsyncEventsParts {
  run: (fn: LambdaFunction, version: FunctionVersion, asked: Asked) => Promise<Invoked>;
  /** Hands the record of what became of an event to a destination. */
  deliver: (destinationArn: string, record: object, sourceArn: string) => Promise<void>;
  onFailure: (error: unknown) => void;
  times: RetryTimes;
}

type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded";

/** Asynchronous invocations: each event is tried until it is done, given up after some failures, or too old. */
export class AsyncEvents {
  #stopped = new AbortController();

  constructor(private readonly parts: AsyncEventsParts) {}

  /** Takes the event; what becomes of it is not the caller's. */
  take(fn: LambdaFunction, version: () => FunctionVersion, payload: Buffer): void {
    const asked: Asked = { requestId: randomUUID(), functionArn: fn.arn, payload, clientContext: undefined };
    this.#attempt(fn, version, asked).catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.parts.onFailure(error);
    });
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #attempt(fn: LambdaFunction, version: () => FunctionVersion, asked: Asked): Promise<void> {
    const { afterFailureMs, throttledMs } = this.parts.times;
    const takenAt = Date.now();
    let waitMs = throttledMs.first;
    let attempts = 0;
    for (;;) {
      if (Date.now() - takenAt > (fn.eventInvoke?.maximumAgeSeconds ?? MOST_AGE_SECONDS) * 1000)
        return this.#end(fn, asked, "EventAgeExceeded", attempts);
      const invoked = await this.#run(fn, version(), asked);
      if (invoked === "throttled") {
        await this.#wait(waitMs);
        waitMs = Math.min(waitMs * 2, throttledMs.most);
        continue;
      }
      attempts += 1;
      if (!invoked.failed) return this.#end(fn, asked, "Success", attempts, invoked);
      if (attempts > (fn.eventInvoke?.maximumRetryAttempts ?? afterFailureMs.length))
        return this.#end(fn, asked, "RetriesExhausted", attempts, invoked);
      await this.#wait(afterFailureMs[attempts - 1] ?? 0);
    }
  }

  async #run(fn: LambdaFunction, version: FunctionVersion, asked: Asked): Promise<Invoked | "throttled"> {
    try {
      return await this.parts.run(fn, version, asked);
    } catch (error) {
      if (error instanceof AwsError && error.status === 429) return "throttled";
      throw error;
    }
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopped.signal, ref: false });
  }

  /** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  async #end(fn: LambdaFunction, asked: Asked, condition: Condition, attempts: number, invoked?: Invoked): Promise<void> {
    const destination = condition === "Success" ? fn.eventInvoke?.onSuccess : fn.eventInvoke?.onFailure;
    if (destination === undefined) return;
    const record = {
      version: "1.0",
      timestamp: new Date().toISOString(),
      requestContext: { requestId: asked.requestId, functionArn: `${fn.arn}:${LATEST}`, condition, approximateInvokeCount: attempts },
      requestPayload: json(asked.payload),
      ...(invoked
        ? {
            responseContext: { statusCode: 200, executedVersion: LATEST, ...(invoked.failed ? { functionError: "Unhandled" } : {}) },
            responsePayload: json(invoked.payload),
          }
        : {}),
    };
    await this.parts.deliver(destination, record, fn.arn);
  }
}

const json = (bytes: Buffer): unknown => JSON.parse(bytes.toString());
