// npm test: set-up, build, types, lint, format, unit tests, then the lab's tests; each step named and timed. Ends with the count of all tests.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOTO_DIR, NODE_DIR, PROJECT, PULUMI_DIR } from "./setup/places.mjs";
import { SetupError } from "./setup/run.mjs";
import { setUp } from "./setup/steps.mjs";

const only = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "nplus1-test-"));

const STEPS = [
  { name: "build", about: "bundles of the command line, the lab and the node runtime", argv: ["bin/build.mjs"] },
  { name: "types", about: "tsc --noEmit", argv: ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "."] },
  { name: "lint", about: "ESLint with types, and who may import whom", argv: ["node_modules/eslint/bin/eslint.js", "."] },
  { name: "format", about: "Biome", argv: ["node_modules/@biomejs/biome/bin/biome", "format", "."] },
  { name: "unit", about: "jest, every part by itself", argv: jest("unit") },
  { name: "cluster", about: "jest, the whole cluster in a lab of its own on this machine", argv: jest("cluster", "--runInBand") },
];

function jest(project, ...args) {
  return ["node_modules/jest/bin/jest.js", "--selectProjects", project, "--json", `--outputFile=${join(scratch, `${project}.json`)}`, ...args];
}

async function main() {
  await setUp({ lab: true });
  const path = [join(NODE_DIR, "bin"), PULUMI_DIR, process.env.PATH, "/usr/sbin", "/sbin"].join(":");
  const env = {
    ...process.env,
    PATH: path,
    NPLUS1_PROJECT: PROJECT,
    NPLUS1_NODE_DIR: NODE_DIR,
    NPLUS1_PULUMI_DIR: PULUMI_DIR,
    NPLUS1_MOTO_DIR: MOTO_DIR,
  };
  const failed = [];
  for (const { name, about, argv } of STEPS.filter((step) => only.length === 0 || only.includes(step.name))) {
    process.stdout.write(`\n== ${name}: ${about}\n`);
    const started = Date.now();
    const { status } = spawnSync(join(NODE_DIR, "bin/node"), argv, { cwd: PROJECT, env, stdio: ["ignore", "inherit", "inherit"] });
    process.stdout.write(`== ${name}: ${status === 0 ? "passed" : "FAILED"} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    if (status !== 0) failed.push(name);
    // Nothing after a failed build says anything.
    if (name === "build" && status !== 0) break;
  }
  if (failed.length > 0) process.stdout.write(`\nfailed: ${failed.join(", ")}\n`);
  process.stdout.write(`\n${summary()}\n`);
  return failed.length === 0 ? 0 : 1;
}

function summary() {
  const counts = ["unit", "cluster"].map((project) => {
    try {
      return JSON.parse(readFileSync(join(scratch, `${project}.json`), "utf8"));
    } catch {
      return {};
    }
  });
  const sum = (key) => counts.reduce((total, count) => total + (count[key] ?? 0), 0);
  return `${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed, ${sum("numPendingTests")} skipped`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`npm test: ${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
