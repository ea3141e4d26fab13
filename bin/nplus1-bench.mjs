// npm run bench:<name>: set-up, build of the benchmark, run. Plain JavaScript, Node.js 18 or newer.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { NODE_DIR, PROJECT } from "./setup/places.mjs";
import { SetupError } from "./setup/run.mjs";
import { setUp } from "./setup/steps.mjs";

const [name, ...args] = process.argv.slice(2);

/** Name → its processes; each becomes dist/bench/<name>/<process>.cjs. */
const BENCHES = { sessions: { main: "main.ts", program: "program.main.ts", "delay-proxy": "delay-proxy.main.ts" } };

async function main() {
  const entries = BENCHES[name];
  if (entries === undefined) throw new SetupError(`must be one of ${Object.keys(BENCHES).join(", ")}, got ${name}`);
  if (process.platform !== "linux") throw new SetupError(`the benchmarks need Linux, this is ${process.platform}`);
  await setUp({ lab: false, bench: true });
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: PROJECT,
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: `bench/${name}/${file}`, out })),
    outdir: `dist/bench/${name}`,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    packages: "external",
    sourcemap: true,
    logLevel: "error",
  });
  const env = { ...process.env, PATH: [join(NODE_DIR, "bin"), process.env.PATH, "/usr/sbin", "/sbin"].join(":") };
  const child = spawn(join(NODE_DIR, "bin/node"), ["--enable-source-maps", join(PROJECT, `dist/bench/${name}/main.cjs`), ...args], {
    cwd: PROJECT,
    env,
    stdio: "inherit",
  });
  // The terminal sends its signals to the child too; the child ends what it started.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`bench: ${error instanceof SetupError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
