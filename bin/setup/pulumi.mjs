import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { NODE_DIR, PROJECT, PULUMI_DIR, PULUMI_VERSION } from "./places.mjs";
import { run, SetupError, tryRun } from "./run.mjs";

const LANGUAGE_HOST_VERSION = "3.68.0";
const sources = join(PROJECT, "bin/setup/pulumi-cli");
const hostSources = join(PROJECT, "bin/setup/pulumi-language-nodejs");

/** The Pulumi CLI and its Node.js language host: found, or downloaded, or built from their Go modules. */
export const pulumiStep = {
  name: `Pulumi CLI ${PULUMI_VERSION}`,
  freeMiB: 3500,
  done: () => existsSync(join(PULUMI_DIR, "pulumi")) && existsSync(join(PULUMI_DIR, "pulumi-language-nodejs")),
  async make(say) {
    const scratch = `${dirname(PULUMI_DIR)}.${process.pid}`;
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(join(scratch, "bin"), { recursive: true });
    try {
      const way = (await found(scratch)) || (await downloaded(scratch)) || (await built(scratch, say));
      rmSync(dirname(PULUMI_DIR), { recursive: true, force: true });
      renameSync(scratch, dirname(PULUMI_DIR));
      return way;
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

const copyAll = (from, to) => {
  for (const file of readdirSync(from).filter((name) => name.startsWith("pulumi"))) {
    copyFileSync(join(from, file), join(to, file));
    chmodSync(join(to, file), 0o755);
  }
};

async function found(scratch) {
  const version = (await tryRun("pulumi", ["version"]))?.trim();
  if (version !== `v${PULUMI_VERSION}`) return false;
  const folder = dirname((await run("sh", ["-c", 'readlink -f "$(command -v pulumi)"'])).trim());
  if (!existsSync(join(folder, "pulumi-language-nodejs"))) return false;
  copyAll(folder, join(scratch, "bin"));
  return "found on this machine";
}

/** The npm package `pulumi` fetches the release of its own version into PULUMI_HOME when it first runs. */
async function downloaded(scratch) {
  const home = mkdtempSync(join(tmpdir(), "nplus1-pulumi-"));
  try {
    const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true", PATH: `${join(NODE_DIR, "bin")}:${process.env.PATH}` };
    await tryRun("npm", ["exec", "--yes", `--package=pulumi@${PULUMI_VERSION}`, "--", "pulumi", "version"], { env });
    const folder = join(home, "versions", PULUMI_VERSION, "bin");
    if (!existsSync(join(folder, "pulumi")) || !existsSync(join(folder, "pulumi-language-nodejs"))) return false;
    copyAll(folder, join(scratch, "bin"));
    return "downloaded";
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function built(scratch, say) {
  if (!(await tryRun("go", ["version"]))) {
    throw new SetupError(
      `Pulumi CLI ${PULUMI_VERSION}: not found on PATH, and could not be downloaded; with Go 1.25 or newer on PATH it can be built here. Install either and run this again.`,
    );
  }
  const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`;
  const bin = join(scratch, "bin");
  say("no download to be had; building from its Go modules, about 4 minutes on two cores");
  const onTick = (seconds) => say(`building, ${seconds} s`);
  const goBuild = (cwd, args) => run("go", ["build", "-mod=readonly", "-trimpath", ...args], { cwd, onTick });
  await goBuild(sources, ["-ldflags", `-s -w ${version}`, "-o", join(bin, "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"]);
  const host = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
  await goBuild(hostSources, ["-o", join(bin, "pulumi-language-nodejs"), host]);
  const folder = (await run("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"], { cwd: hostSources })).trim();
  copyAll(join(folder, "nodejs/dist"), bin);
  return `built from Go modules (language host ${LANGUAGE_HOST_VERSION})`;
}
