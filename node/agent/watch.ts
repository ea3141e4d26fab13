import type { Application } from "../../contract/application";
import { assess } from "../health/assess";
import { GATE_UNIT, APP_UNIT } from "../paths";
import type { Parts } from "./parts";
import { UnitProcess } from "./processes";

/** One look after the other, each written to the node's status. */
export class Watch {
  readonly #parts: Parts;
  readonly #application: Application;
  readonly #app: UnitProcess;
  readonly #gate: UnitProcess;

  constructor(parts: Parts, application: Application) {
    this.#parts = parts;
    this.#application = application;
    this.#app = new UnitProcess(parts.units, APP_UNIT);
    this.#gate = new UnitProcess(parts.units, GATE_UNIT);
  }

  async look(): Promise<void> {
    const { status, policy, log } = this.#parts;
    status.appPid = await this.#app.pid();
    status.gatePid = await this.#gate.pid();
    // A leaving node's requests are only its clients': the probe would be one more.
    if (status.end === undefined) {
      const before = status.health;
      status.health = assess(before, await this.#seen(), policy);
      if (before.state !== status.health.state) {
        log.info({ from: before.state, to: status.health.state, reasons: status.health.reasons }, "health");
      }
    }
    await this.#count();
  }

  async #seen() {
    const { status, probe, releaseInPlace } = this.#parts;
    const appRunning = status.appPid !== undefined;
    const gateRunning = status.gatePid !== undefined;
    const probeFault = appRunning && gateRunning ? await probe(this.#application) : undefined;
    return { appRunning, gateRunning, probeFault, releaseInPlace: await releaseInPlace() };
  }

  /** A gate that does not answer its socket is seen by the probe; its count stays what it last was. */
  async #count(): Promise<void> {
    const { status, gate, log } = this.#parts;
    if (status.gatePid === undefined) {
      status.inFlight = 0;
      return;
    }
    try {
      const counted = await gate.tell("status");
      status.inFlight = counted.inFlight;
      status.admitted = counted.admitted;
    } catch (error) {
      log.warn({ reason: (error as Error).message }, "the gate does not answer its socket");
    }
  }
}
