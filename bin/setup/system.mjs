import { existsSync, writeFileSync, rmSync } from "node:fs";
import { run, SetupError, tryRun } from "./run.mjs";

/** What the lab runs besides its own code: any one of the commands will do → Debian's package. */
const NEEDED = [
  { commands: ["haproxy"], package: "haproxy" },
  { commands: ["valkey-server", "redis-server"], package: "redis-server" },
  { commands: ["nft"], package: "nftables" },
  { commands: ["ip"], package: "iproute2" },
  { commands: ["unshare"], package: "util-linux" },
  { commands: ["setpriv"], package: "util-linux" },
  { commands: ["openssl"], package: "openssl" },
  { commands: ["curl"], package: "curl" },
  { commands: ["python3"], package: "python3" },
];

const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;
const POLICY = "/usr/sbin/policy-rc.d";

const has = async (command) => (await tryRun("sh", ["-c", `command -v ${command}`], { env: { PATH } })) !== undefined;

async function missing() {
  const packages = [];
  for (const need of NEEDED) {
    const found = await Promise.all(need.commands.map(has));
    if (!found.some(Boolean)) packages.push(need.package);
  }
  // The venv module is a package of its own on Debian and Ubuntu.
  if (!packages.includes("python3") && (await tryRun("python3", ["-c", "import ensurepip, venv"])) === undefined) packages.push("python3-venv");
  return [...new Set(packages)];
}

export const systemStep = {
  name: "system packages",
  freeMiB: 200,
  done: async () => (await missing()).length === 0,
  async make() {
    const packages = await missing();
    const command = `apt-get install -y ${packages.join(" ")}`;
    if (process.getuid() !== 0) throw new SetupError(`missing on this machine: ${packages.join(", ")}. Ask root to run: ${command}`);
    if (!(await has("apt-get")))
      throw new SetupError(`missing on this machine, and there is no apt-get to install them with: ${packages.join(", ")}`);
    // Debian starts a daemon as soon as its package is installed; the lab wants the programs, not the machine's services.
    const guard = !existsSync(POLICY);
    if (guard) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    try {
      const env = { DEBIAN_FRONTEND: "noninteractive" };
      await run("apt-get", ["update", "-qq"], { env });
      await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
    } finally {
      if (guard) rmSync(POLICY, { force: true });
    }
    return packages.join(", ");
  },
};
