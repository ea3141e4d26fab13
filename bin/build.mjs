// Bundles what runs: the command line, the lab's processes, the node runtime and the package for applications. A second or two; done before every start and test.
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./setup/places.mjs";
import { renewSessionPackage } from "./setup/session-package.mjs";

const SOURCES = ["bin", "cli", "contract", "lab", "lambda", "node"];

/** Entry → bundle. `whole` bundles run where there is no node_modules folder. */
const BUNDLES = [
  { entry: "cli/main.ts", out: "dist/cli.cjs" },
  { entry: "lab/daemon/main.ts", out: "dist/lab/daemon.cjs" },
  { entry: "lab/cloud/main.ts", out: "dist/lab/cloud.cjs" },
  { entry: "lab/drills/main.ts", out: "dist/lab/drill.cjs" },
  { entry: "lab/provider/main.ts", out: "dist/lab/provider.cjs" },
  { entry: "lab/alb/main.ts", out: "dist/lab/alb.cjs", whole: true },
  { entry: "lab/init/main.ts", out: "dist/lab/init.cjs", whole: true },
  { entry: "lab/lambda/main.ts", out: "dist/lab/lambda.cjs", whole: true },
];

/** Lambda functions: each folder of lambda/ with a handler.ts is one, whole, as `index.js` in a folder of its own. */
const functions = () =>
  readdirSync(join(PROJECT, "lambda"))
    .filter((name) => existsSync(join(PROJECT, `lambda/${name}/handler.ts`)))
    .map((name) => ({ entry: `lambda/${name}/handler.ts`, out: `dist/lambda/${name}/index.js` }));

/** Builds all of dist/. Needs the project's npm packages. */
export async function build() {
  const { build: bundle } = await import("esbuild");
  const { buildRuntime } = await import("../node/build/build-runtime.mjs");
  const { buildSessionPackage } = await import("../node/build/build-session-package.mjs");
  mkdirSync(join(PROJECT, "dist/lab"), { recursive: true });
  await Promise.all([
    ...functions().map(({ entry, out }) =>
      bundle({
        absWorkingDir: PROJECT,
        entryPoints: [entry],
        outfile: out,
        bundle: true,
        platform: "node",
        target: "node24",
        format: "cjs",
        legalComments: "none",
        // Names stay readable in stack traces; the same sources give the same bytes, so that an unchanged function is not updated.
        minifyWhitespace: true,
        minifySyntax: true,
        logLevel: "error",
      }),
    ),
    ...BUNDLES.map(({ entry, out, whole }) =>
      bundle({
        absWorkingDir: PROJECT,
        entryPoints: [entry],
        outfile: out,
        bundle: true,
        platform: "node",
        target: "node24",
        format: "cjs",
        packages: whole ? "bundle" : "external",
        sourcemap: true,
        logLevel: "error",
      }),
    ),
    buildRuntime(PROJECT),
    buildSessionPackage(PROJECT).then(renewSessionPackage),
  ]);
}

/** True when a source is newer than what was built of it. */
export function isStale() {
  let built;
  try {
    built = Math.min(
      ...[...[...BUNDLES, ...functions()].map(({ out }) => out), "dist/node-runtime.sha256", "dist/npm/package.json"].map(
        (out) => statSync(join(PROJECT, out)).mtimeMs,
      ),
    );
  } catch {
    return true;
  }
  const sources = SOURCES.flatMap((folder) => newest(join(PROJECT, folder)));
  return Math.max(...sources) > built;
}

function newest(folder) {
  try {
    return readdirSync(folder, { recursive: true }).map((file) => statSync(join(folder, file)).mtimeMs);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

if (process.argv[1] === import.meta.filename) await build();
