import { setTimeout as pause } from "node:timers/promises";
import type { Application } from "../../contract/application";
import { commonCause } from "../health/common-cause";
import type { Evidence } from "../health/evidence";
import type { Outcome } from "../health/ladder";
import type { ActionKind, Ladder } from "../health/ladder-state";
import type { Parts } from "./parts";
import { type Report, STORE_ANSWER_MS } from "./report";

/** Does what the ladder says, with the node's own means. */
export class Actions {
  readonly #parts: Parts;
  readonly #application: Application;
  readonly #report: Report;
  readonly #evidence: () => Evidence[];
  /** Where the last diagnosis is kept. */
  diagnosis: string | undefined;

  constructor(parts: Parts, application: Application, report: Report, evidence: () => Evidence[]) {
    this.#parts = parts;
    this.#application = application;
    this.#report = report;
    this.#evidence = evidence;
  }

  act(action: ActionKind, ladder: Ladder): Promise<Outcome> {
    const { gate, budget, repair, status } = this.#parts;
    switch (action) {
      case "ask-budget":
        return this.#ask();
      case "close-gate":
        return done(gate.tell("peers"));
      case "open-gate":
        return done(gate.tell("open"));
      case "diagnose":
        return done(this.#diagnose(ladder));
      case "restart":
        return done(repair.restartApp(this.#application, ladder, status.appPid));
      case "restart-gate":
        return done(repair.restartGate());
      case "give-back":
        return done(budget.giveBack());
      case "report-unhealthy":
        return this.#reportUnhealthy();
    }
  }

  async #ask(): Promise<Outcome> {
    const shared = await this.#shared();
    if (shared !== undefined) return shared;
    const answer = await this.#parts.budget.take();
    switch (answer.kind) {
      case "granted":
        return { result: "granted" };
      case "refused":
        return { result: "refused", reason: `only ${answer.others} other nodes serve` };
      case "away":
        return { result: "away", reason: `the budget cannot be asked: ${answer.reason}` };
    }
  }

  async #reportUnhealthy(): Promise<Outcome> {
    return (await this.#shared()) ?? done(this.#parts.repair.reportUnhealthy(this.#parts.status.appPid));
  }

  /** Asked of all nodes at this moment: one that fell ill a second ago counts. */
  async #shared(): Promise<Outcome | undefined> {
    const { status, policy } = this.#parts;
    const all = await Promise.race([this.#report.renew(), pause(STORE_ANSWER_MS, undefined)]);
    if (all === undefined) return { result: "away", reason: "the other nodes cannot be asked: the session store does not answer" };
    const reason = commonCause(all, status.identity.id, policy.commonCause);
    return reason === undefined ? undefined : { result: "shared", reason };
  }

  async #diagnose({ fault }: Ladder): Promise<void> {
    this.diagnosis = undefined;
    const { repair, status } = this.#parts;
    this.diagnosis = await repair.diagnose(this.#application, { fault, evidence: this.#evidence(), pid: status.appPid });
  }
}

const done = async (doing: Promise<unknown>): Promise<Outcome> => {
  await doing;
  return { result: "done" };
};
