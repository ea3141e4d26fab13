import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ETC_FILES, HOST_ETC, IMAGE_COMMANDS, shims } from "./image-files";
import type { PythonTool } from "./tool-paths";

/** Folders of the host's /usr that an instance has as they are. */
const OWN_USR = ["bin", "sbin", "local", "host"];

/** What all instances share, below one folder of the lab, made at each start of the lab. */
export interface Image {
  /** Copied to each instance. */
  etc: string;
  local: string;
  /** Mounted read-only in each instance. */
  bin: string;
  sbin: string;
  ssl: string;
  alternatives: string;
  usr: string[];
}

/** The commands of the host as links into /usr/host, so that those of the image can take their places. */
function linkCommands(kind: "bin" | "sbin", folder: string): void {
  mkdirSync(folder, { recursive: true });
  const own = IMAGE_COMMANDS[kind];
  for (const name of readdirSync(`/usr/${kind}`)) if (!own.includes(name)) symlinkSync(`/usr/host/${kind}/${name}`, join(folder, name));
  for (const name of own) symlinkSync(`/usr/local/${kind}/${name}`, join(folder, name));
}

/** OpenSSL finds an authority by the hash of its name, other programs read the bundle. */
function trust(ssl: string, caPem: string): void {
  const certs = join(ssl, "certs");
  mkdirSync(certs, { recursive: true });
  if (existsSync("/etc/ssl/certs")) cpSync("/etc/ssl/certs", certs, { recursive: true, verbatimSymlinks: true });
  const hash = execFileSync("openssl", ["x509", "-noout", "-hash"], { input: caPem, encoding: "utf8" }).trim();
  writeFileSync(join(certs, `${hash}.0`), caPem);
  appendFileSync(join(certs, "ca-certificates.crt"), caPem);
  symlinkSync("certs/ca-certificates.crt", join(ssl, "cert.pem"));
  if (existsSync("/etc/ssl/openssl.cnf")) copyFileSync("/etc/ssl/openssl.cnf", join(ssl, "openssl.cnf"));
}

function makeEtc(etc: string): void {
  mkdirSync(join(etc, "pki/tls/certs"), { recursive: true });
  mkdirSync(join(etc, "systemd/system"), { recursive: true });
  for (const name of ["skel", "ssl", "alternatives"]) mkdirSync(join(etc, name));
  symlinkSync("/etc/ssl/certs/ca-certificates.crt", join(etc, "pki/tls/certs/ca-bundle.crt"));
  for (const name of HOST_ETC)
    if (existsSync(join("/etc", name))) cpSync(join("/etc", name), join(etc, name), { recursive: true, dereference: true });
  for (const [name, text] of Object.entries(ETC_FILES)) writeFileSync(join(etc, name), text, { mode: name.includes("shadow") ? 0o600 : 0o644 });
}

export function makeImage(folder: string, caPem: string, python: PythonTool, rootless: boolean): Image {
  rmSync(folder, { recursive: true, force: true });
  const at = (name: string) => join(folder, name);
  linkCommands("bin", at("bin"));
  linkCommands("sbin", at("sbin"));
  trust(at("ssl"), caPem);
  makeEtc(at("etc"));
  if (existsSync("/etc/alternatives")) cpSync("/etc/alternatives", at("alternatives"), { recursive: true, verbatimSymlinks: true });
  else mkdirSync(at("alternatives"));
  for (const [path, text] of Object.entries(shims(python, rootless))) {
    mkdirSync(dirname(at(`local/${path}`)), { recursive: true });
    writeFileSync(at(`local/${path}`), text);
    chmodSync(at(`local/${path}`), 0o755);
  }
  for (const name of ["bin", "sbin", "lib/lab/node", "lib/lab/venv", "lib/lab/python"]) mkdirSync(at(`local/${name}`), { recursive: true });
  writeFileSync(at("local/lib/lab/init.cjs"), "");
  const usr = readdirSync("/usr", { withFileTypes: true }).filter((entry) => entry.isDirectory() && !OWN_USR.includes(entry.name));
  return {
    etc: at("etc"),
    local: at("local"),
    bin: at("bin"),
    sbin: at("sbin"),
    ssl: at("ssl"),
    alternatives: at("alternatives"),
    usr: usr.map((entry) => entry.name),
  };
}

/** The top-level links of a merged /usr, as this machine has them (`/lib64 → usr/lib64`). */
export const topLinks = (): { name: string; target: string }[] =>
  readdirSync("/", { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink() && /^(bin|sbin|lib\w*)$/.test(entry.name))
    .map((entry) => ({ name: entry.name, target: `usr/${entry.name}` }));

export const readMountInfo = (): string => readFileSync("/proc/self/mountinfo", "utf8");
