import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NODE_DIR, PROJECT } from "./places.mjs";
import { run } from "./run.mjs";

const withNode = { PATH: `${join(NODE_DIR, "bin")}:${process.env.PATH}` };

/**
 * The packages that one folder's lock file names, again whenever that changes. Not `npm ci`: it refuses a lock file that lacks other platforms'
 * optional packages, which a registry that does not serve those cannot help.
 */
function packagesStep(name, folder, args, freeMiB, before = async () => {}) {
  const lock = join(folder, "package-lock.json");
  const stamp = join(folder, "node_modules/.nplus1-lock");
  const digest = () => createHash("sha256").update(readFileSync(lock)).digest("hex");
  return {
    name,
    freeMiB,
    done: () => existsSync(stamp) && readFileSync(stamp, "utf8") === digest(),
    async make(say) {
      await before();
      await run("npm", ["install", "--no-save", "--no-audit", "--no-fund", ...args], { cwd: folder, env: withNode, onTick: (s) => say(`${s} s`) });
      mkdirSync(dirname(stamp), { recursive: true });
      writeFileSync(stamp, digest());
    },
  };
}

export const projectPackagesStep = packagesStep("npm packages", PROJECT, [], 1200);
/** The shop has the project's own package among its packages, which has to be built first. */
export const shopPackagesStep = packagesStep("npm packages of examples/shop", join(PROJECT, "examples/shop"), ["--omit=dev"], 50, async () => {
  const { buildSessionPackage } = await import("../../node/build/build-session-package.mjs");
  await buildSessionPackage(PROJECT);
});
