import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  certPem: string;
  keyPem: string;
}

/** The lab's own certificate authority: nodes trust it, this machine does not. */
export interface CertificateAuthority extends Certificate {
  issue(names: readonly string[]): Certificate;
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

const CA_CONFIG = `[req]
distinguished_name = name
x509_extensions = ca
prompt = no
[name]
CN = nplus1 lab
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`;

const isAddress = (name: string): boolean => /^\d+(\.\d+){3}$/.test(name);

/** OpenSSL's configuration for a server's certificate. The common name is short, as it has a limit of 64 bytes; clients read the names below. */
export const serverConfig = (names: readonly string[]): string => `[req]
distinguished_name = name
prompt = no
[name]
CN = nplus1 lab server
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
authorityKeyIdentifier = keyid
subjectAltName = ${names.map((name) => `${isAddress(name) ? "IP" : "DNS"}:${name}`).join(",")}
`;

/** Works in a folder that is gone afterwards, with keys only its owner reads. */
function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "nplus1-ca-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const openssl = (folder: string, args: readonly string[]): void => {
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
};

function makeAuthority(): Certificate {
  return inFolder((folder) => {
    writeFileSync(join(folder, "config"), CA_CONFIG);
    openssl(folder, ["req", "-x509", ...KEY, "-config", "config", "-days", "3650", "-keyout", "key", "-out", "cert"]);
    return { certPem: readFileSync(join(folder, "cert"), "utf8"), keyPem: readFileSync(join(folder, "key"), "utf8") };
  });
}

/** Days; what clients commonly accept at most. */
const SERVER_DAYS = 800;

function issue(authority: Certificate, names: readonly string[]): Certificate {
  if (names.length === 0) throw new Error("certificate: must have at least one name, got none");
  return inFolder((folder) => {
    writeFileSync(join(folder, "config"), serverConfig(names));
    writeFileSync(join(folder, "ca-cert"), authority.certPem);
    writeFileSync(join(folder, "ca-key"), authority.keyPem, { mode: 0o600 });
    openssl(folder, ["req", "-new", ...KEY, "-config", "config", "-keyout", "key", "-out", "request"]);
    const signer = ["-CA", "ca-cert", "-CAkey", "ca-key", "-CAcreateserial", "-extfile", "config", "-extensions", "server"];
    openssl(folder, ["x509", "-req", "-in", "request", ...signer, "-days", String(SERVER_DAYS), "-out", "cert"]);
    return { certPem: readFileSync(join(folder, "cert"), "utf8"), keyPem: readFileSync(join(folder, "key"), "utf8") };
  });
}

/** The authority of this folder, made at the first call. */
export function certificateAuthority(folder: string): CertificateAuthority {
  const file = join(folder, "ca.json");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(makeAuthority()), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const authority = JSON.parse(readFileSync(file, "utf8")) as Certificate;
  return { ...authority, issue: (names) => issue(authority, names) };
}
