import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { DesiredState } from "./desired-state";
import { haproxyFiles } from "./haproxy-config";
import type { HaproxyProcess } from "./haproxy-process";
import { HealthChecks } from "./health-checks";
import { serverName } from "./names";
import type { Report } from "./report";
import { routedTargets } from "./routing";
import { ServerFleet } from "./server-fleet";
import { serverStates } from "./server-states";

/** One load balancer: health checks decide which targets get requests, HAProxy carries them. */
export class Appliance {
  readonly #cookieKey = randomBytes(64).toString("hex");
  readonly #checks = new HealthChecks(() => this.#healthChanged());
  readonly #fleet: ServerFleet;
  readonly #reported = new Map<string, unknown>();
  #state: DesiredState | undefined;
  #revision = 0;
  #shape: unknown;
  #work: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly haproxy: HaproxyProcess,
    private readonly folder: string,
    private readonly report: (report: Report) => void,
    /** The load balancer cannot go on. */
    private readonly fail: (reason: string) => void,
  ) {
    this.#fleet = new ServerFleet(haproxy);
  }

  /** One after the other; a state that HAProxy refuses is reported and leaves the one before in force. */
  apply(state: DesiredState): Promise<unknown> {
    return this.#inTurn(async () => {
      const before = this.#state;
      this.#state = state;
      this.#checks.apply(state.targetGroups);
      try {
        await this.#serve(state);
      } catch (error) {
        this.#state = before;
        this.#checks.apply(before?.targetGroups ?? []);
        this.report({ kind: "refused", generation: state.generation, message: (error as Error).message });
        return;
      }
      await this.#steer(state);
      this.report({ kind: "applied", generation: state.generation });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#checks.stop();
    this.haproxy.stop();
  }

  async #serve(state: DesiredState): Promise<void> {
    // Targets come and go at run time; only what else changes needs a reload.
    const shape = { ...state, generation: 0, targetGroups: state.targetGroups.map((group) => ({ ...group, healthCheck: null, targets: [] })) };
    if (isDeepStrictEqual(shape, this.#shape)) return;
    const usable = this.#usable(state);
    const revision = this.#revision + 1;
    await this.haproxy.serve(haproxyFiles(state, { folder: this.folder, cookieKey: this.#cookieKey, revision }, usable), revision);
    this.#revision = revision;
    this.#shape = shape;
    await this.#fleet.replaced(serverStates(state, usable));
  }

  #usable(state: DesiredState): Set<string> {
    const servers = state.targetGroups.flatMap((group) =>
      routedTargets(group.targets, (target) => this.#checks.stateOf(group.arn, target)).map((target) => serverName(group.arn, target)),
    );
    return new Set(servers);
  }

  #healthChanged(): void {
    void this.#inTurn(async () => {
      if (this.#state !== undefined) await this.#steer(this.#state);
    });
  }

  /** A target is reported healthy once it gets requests, not before; what the checks find meanwhile has its turn after this. */
  async #steer(state: DesiredState): Promise<void> {
    const reports = state.targetGroups.map((group) => ({ kind: "health" as const, targetGroupArn: group.arn, targets: this.#checks.report(group) }));
    await this.#fleet.steer(serverStates(state, this.#usable(state)));
    for (const report of reports) {
      if (isDeepStrictEqual(this.#reported.get(report.targetGroupArn), report.targets)) continue;
      this.#reported.set(report.targetGroupArn, report.targets);
      this.report(report);
    }
  }

  #inTurn(work: () => Promise<void>): Promise<unknown> {
    this.#work = this.#work.then(() => (this.#stopped ? undefined : work())).catch((error: Error) => this.#stopped || this.fail(error.message));
    return this.#work;
  }
}
