import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { motoStep } from "./moto.mjs";
import { nodeStep } from "./node.mjs";
import { projectPackagesStep, shopPackagesStep } from "./packages.mjs";
import { CACHE, PROJECT } from "./places.mjs";
import { pulumiStep } from "./pulumi.mjs";
import { SetupError } from "./run.mjs";
import { systemStep } from "./system.mjs";

/** What the command line needs, what benchmarks (a store to measure with), and what the lab needs besides. In the order in which one needs the other. */
const FOR_COMMANDS = [nodeStep, projectPackagesStep];
const FOR_BENCHES = [systemStep, ...FOR_COMMANDS];
const FOR_LAB = [systemStep, nodeStep, projectPackagesStep, shopPackagesStep, motoStep, pulumiStep];

/**
 * Makes what is missing, saying each step; silent when nothing is.
 * @throws SetupError that names the step and what a person can do.
 */
export async function setUp({ lab, bench = false }) {
  const todo = [];
  for (const step of lab ? FOR_LAB : bench ? FOR_BENCHES : FOR_COMMANDS) if (!(await step.done())) todo.push(step);
  if (todo.length === 0) return;
  refuseFullDisk(todo);
  for (const [index, step] of todo.entries()) {
    const title = `set-up ${index + 1}/${todo.length}  ${step.name}`;
    const say = (text) => process.stderr.write(`${title}: ${text}\n`);
    const started = Date.now();
    say("…");
    let way;
    try {
      way = await step.make(say);
    } catch (error) {
      if (error.code === "ENOSPC") throw new SetupError(`${step.name}: the disk is full (${error.path ?? error.message})`);
      throw error instanceof SetupError ? new SetupError(`${step.name}: ${error.message}`) : error;
    }
    say(`done in ${((Date.now() - started) / 1000).toFixed(1)} s${way ? ` (${way})` : ""}`);
  }
}

function refuseFullDisk(steps) {
  const neededMiB = steps.reduce((sum, step) => sum + step.freeMiB, 0);
  for (const folder of [CACHE, PROJECT]) {
    const { bavail, bsize } = statfsSync(existing(folder));
    const freeMiB = Math.floor((bavail * bsize) / 1024 / 1024);
    if (freeMiB < neededMiB) {
      const names = steps.map((step) => step.name).join(", ");
      throw new SetupError(`set-up needs ${neededMiB} MiB free in ${folder} (for ${names}), found ${freeMiB} MiB; nothing was changed`);
    }
  }
}

const existing = (folder) => (existsSync(folder) ? folder : existing(dirname(folder)));
