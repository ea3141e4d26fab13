import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Unit } from "./unit";
import { parseUnit } from "./unit-file";

const UNIT_DIR = "/etc/systemd/system";

/** The units' states for the lab, which reads them from the instance's folder. */
export const STATE_FILE = "/run/lab-units.json";

export type UnitStates = Record<string, { state: string; pid: number | null }>;

const fullName = (name: string): string => (name.includes(".") ? name : `${name}.service`);

/** All units of the instance. */
export class Supervisor {
  readonly #units = new Map<string, Unit>();

  /** Reads all unit files again; a running unit keeps its processes and has its new definition at its next start. */
  reread(): void {
    const names = existsSync(UNIT_DIR) ? readdirSync(UNIT_DIR).filter((name) => name.endsWith(".service")) : [];
    for (const name of names) this.#load(name);
    for (const [name, unit] of this.#units) {
      if (!names.includes(name) && unit.mainPid === undefined) this.#units.delete(name);
    }
  }

  /** A unit by its name, read from its file at first use as systemd does. */
  unit(name: string): Unit {
    const full = fullName(name);
    const known = this.#units.get(full);
    if (known) return known;
    if (!existsSync(join(UNIT_DIR, full))) throw new Error(`Unit ${full} could not be found.`);
    return this.#load(full);
  }

  find(name: string): Unit | undefined {
    return existsSync(join(UNIT_DIR, fullName(name))) || this.#units.has(fullName(name)) ? this.unit(name) : undefined;
  }

  enable(name: string): void {
    const { definition } = this.unit(name);
    for (const target of definition.wantedBy) {
      const folder = join(UNIT_DIR, `${target}.wants`);
      mkdirSync(folder, { recursive: true });
      rmSync(join(folder, definition.name), { force: true });
      symlinkSync(join(UNIT_DIR, definition.name), join(folder, definition.name));
    }
  }

  disable(name: string): void {
    const { definition } = this.unit(name);
    for (const target of definition.wantedBy) rmSync(join(UNIT_DIR, `${target}.wants`, definition.name), { force: true });
  }

  isEnabled(name: string): boolean {
    const { definition } = this.unit(name);
    return definition.wantedBy.some((target) => existsSync(join(UNIT_DIR, `${target}.wants`, definition.name)));
  }

  #load(name: string): Unit {
    const definition = parseUnit(name, readFileSync(join(UNIT_DIR, name), "utf8"));
    const known = this.#units.get(name);
    if (known) {
      known.definition = definition;
      return known;
    }
    const unit = new Unit(definition, () => this.#writeStates());
    this.#units.set(name, unit);
    return unit;
  }

  #writeStates(): void {
    const states: UnitStates = Object.fromEntries([...this.#units].map(([name, unit]) => [name, { state: unit.state, pid: unit.mainPid ?? null }]));
    writeFileSync(`${STATE_FILE}.new`, JSON.stringify(states));
    renameSync(`${STATE_FILE}.new`, STATE_FILE);
  }
}
