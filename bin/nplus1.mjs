#!/usr/bin/env node
// The nplus1 command as a fresh machine sees it: makes what is missing (plain JavaScript, Node.js 18 or newer), then hands over to dist/cli.cjs.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MOTO_DIR, NODE_DIR, PROJECT, PULUMI_DIR } from "./setup/places.mjs";
import { SetupError } from "./setup/run.mjs";
import { setUp } from "./setup/steps.mjs";

const args = process.argv.slice(2);
const needsLab = args[0] === "setup" || (args[0] === "lab" && args[1] === "up" && !args.includes("--help"));

async function main() {
  if (process.platform !== "linux") throw new SetupError(`nplus1 needs Linux, this is ${process.platform}`);
  await setUp({ lab: needsLab });
  const node = join(NODE_DIR, "bin/node");
  const env = {
    ...process.env,
    PATH: [join(NODE_DIR, "bin"), existsSync(PULUMI_DIR) ? PULUMI_DIR : undefined, process.env.PATH, "/usr/sbin", "/sbin"].filter(Boolean).join(":"),
    NPLUS1_PROJECT: PROJECT,
    NPLUS1_NODE_DIR: NODE_DIR,
    NPLUS1_PULUMI_DIR: PULUMI_DIR,
    NPLUS1_MOTO_DIR: MOTO_DIR,
  };
  await ran(node, [join(PROJECT, "bin/build-when-stale.mjs")], env, "the build failed");
  if (args[0] === "setup") return 0;
  return await ended(node, ["--enable-source-maps", join(PROJECT, "dist/cli.cjs"), ...args], env);
}

const ended = (command, argv, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, argv, { env, stdio: "inherit" });
    // The terminal sends its signals to the child too; it decides what they mean.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });

async function ran(command, argv, env, message) {
  if ((await ended(command, argv, env)) !== 0) throw new SetupError(message);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`nplus1: ${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
