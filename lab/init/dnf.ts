import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { addAccount } from "./useradd";

interface ImagePackage {
  /** Commands that appear: path to what it is. */
  commands: Readonly<Record<string, string>>;
  user?: string;
}

const NODE = "/usr/local/lib/lab/node/bin/node";
const none: ImagePackage = { commands: {} };

/** What the lab's image can install. What needs nothing comes with the host's /usr. @see https://docs.aws.amazon.com/linux/al2023/ug/nodejs.html */
export const PACKAGES: Readonly<Record<string, ImagePackage>> = {
  nodejs24: { commands: { "/usr/local/bin/node": NODE, "/usr/local/bin/node-24": NODE } },
  "nodejs24-npm": none,
  haproxy: { commands: { "/usr/local/sbin/haproxy": "/usr/host/sbin/haproxy" }, user: "haproxy" },
  awscli: none,
  "awscli-2": none,
  "ca-certificates": none,
  coreutils: none,
  curl: none,
  "curl-minimal": none,
  gzip: none,
  iproute: none,
  jq: none,
  openssl: none,
  "procps-ng": none,
  python3: none,
  "shadow-utils": none,
  tar: none,
  unzip: none,
  "util-linux": none,
  xz: none,
  zstd: none,
};

const BARE_FLAGS = ["-y", "-q", "--assumeyes", "--quiet", "--allowerasing", "--best", "--nodocs"];
const VALUE_FLAG = /^--(releasever|setopt|disablerepo|enablerepo|exclude)=./;

/** `haproxy-2.8.3-1.amzn2023` → `haproxy`: the lab has one version of each. */
const bareName = (word: string): string => word.replace(/-\d[\w.:~+^]*(-[\w.]+)?$/, "");

export function parseDnf(words: readonly string[]): { packages: string[] } {
  const [verb, ...rest] = words.filter((word) => !BARE_FLAGS.includes(word) && !VALUE_FLAG.test(word));
  if (verb !== "install") throw new Error(`dnf: the lab's image has install only, got ${verb ?? "nothing"}`);
  const packages = rest.map((word) => (PACKAGES[word] ? word : bareName(word)));
  const unknown = packages.filter((name) => !PACKAGES[name]);
  if (unknown.length > 0) throw new Error(`dnf: the lab's image has ${Object.keys(PACKAGES).join(", ")}, got ${unknown.join(", ")}`);
  if (packages.length === 0) throw new Error("dnf install: must name a package");
  return { packages };
}

/** `dnf install`: what is in the image becomes visible under the names that AL2023's packages have. */
export function dnf(words: readonly string[], rootless: boolean): void {
  for (const name of parseDnf(words).packages) {
    const { commands, user } = PACKAGES[name] ?? none;
    for (const [path, target] of Object.entries(commands)) {
      if (!existsSync(target)) throw new Error(`dnf: ${name} needs ${target}, which this machine does not have`);
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { force: true });
      symlinkSync(target, path);
    }
    if (user !== undefined) addAccount({ name: user, home: `/var/lib/${user}`, shell: "/sbin/nologin", rootless });
    process.stdout.write(`Installed: ${name}\n`);
  }
}
