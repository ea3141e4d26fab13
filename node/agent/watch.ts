import type { Application } from "../../contract/application";
import type { GateStatus } from "../gate/gate-socket";
import { Doctor } from "../health/doctor";
import type { LadderEvent } from "../health/ladder-moves";
import { servesNobody } from "../health/ladder-policy";
import { adopted, atStart, type Ladder, mayServe } from "../health/ladder-state";
import { LookOut } from "../health/look-out";
import type { Verdict } from "../health/verdict";
import { APP_UNIT, GATE_UNIT } from "../paths";
import { Actions } from "./actions";
import type { Parts, Seen } from "./parts";
import { UnitProcess } from "./processes";
import type { Report } from "./report";

/** One look after the other, each written to the node's status. */
export class Watch implements Seen {
  readonly #parts: Parts;
  readonly #report: Report;
  readonly #app: UnitProcess;
  readonly #gate: UnitProcess;
  readonly #actions: Actions;
  readonly #doctor: Doctor;
  #asked: Promise<GateStatus> | undefined;
  #brokenOff: number | undefined;

  constructor(parts: Parts, application: Application, report: Report) {
    this.#parts = parts;
    this.#report = report;
    this.#app = new UnitProcess(parts.units, APP_UNIT);
    this.#gate = new UnitProcess(parts.units, GATE_UNIT);
    this.#actions = new Actions(parts, application, report, () => this.#doctor.evidence);
    const before = parts.ladderFile.read();
    const ladder = before === undefined ? atStart(parts.clock()) : adopted(before);
    this.#doctor = new Doctor({
      ladder,
      lookOut: new LookOut(parts.probes(application, this)),
      policy: parts.policy.ladder,
      verdictPolicy: parts.policy.verdict,
      clock: parts.clock,
      act: (action, at) => this.#actions.act(action, at),
      keep: (at) => parts.ladderFile.keep(at),
      tell: (event) => this.#tell(event),
      onMove: (at, verdict, from) => this.#moved(at, verdict, from),
    });
    this.#show(ladder, []);
    if (before !== undefined)
      parts.events.tell({ event: "agent-restarted", reason: `the agent was started again and goes on with a node that is ${ladder.step}` });
  }

  async look(): Promise<void> {
    // A leaving node's requests are only its clients': probes would be more of them.
    if (this.#parts.status.end === undefined) await this.#doctor.look();
    else await Promise.all([this.appPid(), this.gatePid()]);
    await this.#count();
  }

  stop = (): Promise<void> => this.#doctor.stop();

  async appPid(): Promise<number | undefined> {
    return (this.#parts.status.appPid = await this.#app.pid());
  }

  async gatePid(): Promise<number | undefined> {
    return (this.#parts.status.gatePid = await this.#gate.pid());
  }

  /** Asked once at a time: a gate that hangs is not given more to do. */
  gateStatus(): Promise<GateStatus> {
    this.#asked ??= this.#parts.gate.tell("status").finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** A gate that does not answer is seen by its probe; what is known of it stays what it last was. */
  async #count(): Promise<void> {
    const { status } = this.#parts;
    if (status.gatePid === undefined) {
      status.inFlight = 0;
      return;
    }
    const counted = await this.gateStatus().catch(() => undefined);
    if (counted === undefined) return;
    status.inFlight = counted.inFlight;
    this.#countBrokenOff(counted.brokenOff);
    await this.#setRight(counted.mode);
  }

  /** Requests that ended with 504 since their application was ended; a gate that starts anew counts from 0. */
  #countBrokenOff(brokenOff: number): void {
    const before = this.#brokenOff;
    this.#brokenOff = brokenOff;
    if (before === undefined || brokenOff <= before) return;
    const count = brokenOff - before;
    this.#parts.events.tell({
      event: "requests-broken-off",
      reason: `${count} requests were in an application that had to be ended`,
      details: { count },
    });
  }

  /** A gate that was started anew is open, and one that an agent of before left closed may not stay so. */
  async #setRight(mode: GateStatus["mode"]): Promise<void> {
    const { step, isGateClosed, busy } = this.#doctor.ladder;
    if (busy !== null || this.#parts.status.end !== undefined) return;
    const command = isGateClosed && mode === "open" ? "peers" : !isGateClosed && mode === "peers" && mayServe(step) ? "open" : undefined;
    if (command === undefined) return;
    await this.#parts.gate
      .tell(command)
      .catch((error: Error) => this.#parts.log.warn({ reason: error.message }, `the gate could not be told: ${command}`));
  }

  #moved(ladder: Ladder, verdict: Verdict, before: Ladder): void {
    this.#show(ladder, verdict.reasons);
    const isNews = ladder.step !== before.step || ladder.hasToken !== before.hasToken || ladder.fault?.cause !== before.fault?.cause;
    if (ladder.step !== before.step) this.#parts.log.info({ from: before.step, to: ladder.step, reasons: verdict.reasons }, "health");
    if (isNews || ladder.fault?.dependency !== before.fault?.dependency) void this.#report.renew();
  }

  #show(ladder: Ladder, reasons: string[]): void {
    const { step, fault, last, illSince, level, hasToken } = ladder;
    const isIll = fault !== null && illSince !== null;
    const forMs = Math.max(0, Math.round(this.#parts.clock() - (illSince ?? 0)));
    const shown = reasons.length > 0 ? reasons : step === "healthy" ? [] : [fault?.reason ?? "not verified yet"];
    this.#parts.status.health = {
      state: step,
      reasons: shown,
      trouble: isIll ? { cause: fault.cause, dependency: fault.dependency, forMs } : null,
    };
    this.#report.hasToken = hasToken;
    this.#report.servesNobody = level === "fatal" && last !== null && servesNobody(last.cause);
  }

  #tell({ event, reason, fault }: LadderEvent): void {
    const told = this.#parts.events.tell({
      event,
      reason,
      cause: fault?.cause ?? null,
      dependency: fault?.dependency ?? null,
      details: event === "diagnosed" && this.#actions.diagnosis !== undefined ? { diagnosis: this.#actions.diagnosis } : {},
    });
    this.#parts.log.info(told, "event");
  }
}
