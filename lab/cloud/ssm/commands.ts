import { setTimeout as delay } from "node:timers/promises";
import type { NewEvent } from "../events/event";
import { type ManagedInstance, type Ran, TIMED_OUT_CODES } from "./agent";
import { type Command, type Invocation, isOver, type Status, type StatusDetails, type StepResult } from "./command";
import type { CommandStep } from "./command-document";

export interface CommandsParts {
  /** Undefined when nothing of the instance runs. */
  instance: (id: string) => ManagedInstance | undefined;
  reaches: (instance: ManagedInstance) => Promise<boolean>;
  run: (instance: ManagedInstance, commandId: string, step: CommandStep, signal: AbortSignal) => Promise<Ran>;
  emit: (event: NewEvent) => void;
  onFailure: (error: unknown) => void;
  /** Milliseconds between two attempts to deliver. */
  retryMs: number;
}

/** Characters that are kept of what a step says. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
const MOST_STDOUT = 24_000;
const MOST_STDERR = 8_000;

/** Commands of the last days. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html */
export class Commands {
  readonly #all = new Map<string, Command>();
  readonly #stopped = new AbortController();

  constructor(private readonly parts: CommandsParts) {}

  get(id: string): Command | undefined {
    return this.#all.get(id);
  }

  /** Newest first. */
  all(): Command[] {
    return [...this.#all.values()].reverse();
  }

  begin(command: Command): void {
    this.#all.set(command.id, command);
    for (const invocation of command.invocations) {
      this.#carryOut(command, invocation).catch((error: unknown) => {
        if (this.#stopped.signal.aborted) return;
        this.#change(command, invocation, "Failed", "Undeliverable");
        this.parts.onFailure(error);
      });
    }
  }

  stop(): void {
    this.#stopped.abort();
    for (const { invocations } of this.#all.values()) for (const { cancel } of invocations) cancel.abort();
  }

  async #carryOut(command: Command, invocation: Invocation): Promise<void> {
    const instance = await this.#deliver(command, invocation);
    if (!instance) return;
    this.#change(command, invocation, "InProgress", "InProgress");
    for (const step of command.steps) {
      const result = await this.#step(command, invocation, instance, step);
      if (invocation.cancel.signal.aborted) return this.#change(command, invocation, "Cancelled", "Cancelled");
      if (result.status === "TimedOut") return this.#change(command, invocation, "TimedOut", "ExecutionTimedOut");
      if (result.status === "Failed" && !step.continues) break;
    }
    const failed = invocation.steps.some(({ status }) => status === "Failed");
    this.#change(command, invocation, failed ? "Failed" : "Success", failed ? "Failed" : "Success");
  }

  /** The instance, once its agent takes the command; undefined when it does not. */
  async #deliver(command: Command, invocation: Invocation): Promise<ManagedInstance | undefined> {
    const deadline = command.requestedAt.getTime() + command.timeoutSeconds * 1000;
    for (;;) {
      const instance = this.parts.instance(invocation.instanceId);
      if (invocation.cancel.signal.aborted) this.#change(command, invocation, "Cancelled", "Cancelled");
      else if (!instance) this.#change(command, invocation, "Failed", "Undeliverable");
      else if (await this.parts.reaches(instance)) return instance;
      else if (Date.now() >= deadline) this.#change(command, invocation, "TimedOut", "DeliveryTimedOut");
      if (isOver(invocation.status)) return undefined;
      await delay(this.parts.retryMs, undefined, { signal: this.#stopped.signal, ref: false });
    }
  }

  async #step(command: Command, invocation: Invocation, instance: ManagedInstance, step: CommandStep): Promise<StepResult> {
    const startedAt = new Date();
    const result: StepResult = {
      name: step.name,
      status: "InProgress",
      details: "InProgress",
      code: -1,
      startedAt,
      endedAt: undefined,
      stdout: "",
      stderr: "",
    };
    invocation.steps.push(result);
    const { code, stdout, stderr } = await this.parts.run(instance, command.id, step, invocation.cancel.signal);
    const leftMs = startedAt.getTime() + step.timeoutSeconds * 1000 - Date.now();
    // Nobody is left to say how it ended: the service waits for as long as the step may take.
    if (!this.parts.instance(invocation.instanceId) && leftMs > 0)
      await delay(leftMs, undefined, { signal: invocation.cancel.signal, ref: false }).catch(() => undefined);
    const isLate = leftMs <= 0 && (code === null || TIMED_OUT_CODES.includes(code));
    const isGone = !this.parts.instance(invocation.instanceId);
    const status: Status = isLate || isGone ? "TimedOut" : code === 0 ? "Success" : "Failed";
    return Object.assign(result, {
      status,
      details: status === "TimedOut" ? "ExecutionTimedOut" : status,
      code: status === "TimedOut" ? -1 : (code ?? -1),
      endedAt: new Date(),
      stdout: stdout.slice(0, MOST_STDOUT),
      stderr: stderr.slice(0, MOST_STDERR),
    });
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html */
  #change(command: Command, invocation: Invocation, status: Status, details: StatusDetails): void {
    Object.assign(invocation, { status, details });
    this.parts.emit({
      source: "aws.ssm",
      detailType: "EC2 Command Invocation Status-change Notification",
      resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${invocation.instanceId}`],
      detail: {
        "command-id": command.id,
        "document-name": command.documentName,
        "instance-id": invocation.instanceId,
        "requested-date-time": command.requestedAt.toISOString(),
        status,
      },
    });
  }
}
