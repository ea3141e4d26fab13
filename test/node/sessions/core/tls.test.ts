import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { refusalOf } from "./refusal";
import { type Rig, set, startRig, valuesOf } from "./rig";

let folder: string;
let rig: Rig;
let tlsPort: number;
const trusted = getCACertificates("default");

const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });

function makeCertificates(): void {
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=ca",
    "-days",
    "2",
  );
  openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=localhost");
  execFileSync("sh", ["-c", "echo subjectAltName=DNS:localhost > names.ext"], { cwd: folder });
  openssl(
    "x509",
    "-req",
    "-in",
    "csr.pem",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-out",
    "cert.pem",
    "-days",
    "2",
    "-extfile",
    "names.ext",
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nplus1-tls-"));
  makeCertificates();
  tlsPort = await freePort();
  const files = ["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem", "--tls-ca-cert-file", "ca.pem"];
  const absolute = files.map((word) => (word.startsWith("--") ? word : join(folder, word)));
  rig = await startRig(["--tls-port", String(tlsPort), ...absolute, "--tls-auth-clients", "no"]);
}, 20_000);
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await rig.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => setDefaultCACertificates(trusted));

const trustOurs = (): void => setDefaultCACertificates([...trusted, readFileSync(join(folder, "ca.pem"), "utf8")]);

test("a store with a certificate of a trusted authority and the right name is used", async () => {
  trustOurs();
  const core = await rig.open({ url: `rediss://localhost:${tlsPort}` });
  expect(valuesOf(await core.create("s", set({ k: 1 }).set))).toEqual({ k: 1 });
});

test("fails when nobody trusted signed the store's certificate", async () => {
  const { message } = await refusalOf({ url: `rediss://localhost:${tlsPort}` });
  expect(message).toMatch(/within 500 ms: (self-signed certificate in certificate chain|unable to (verify|get) .*certificate)/);
});

test("fails when the certificate names another host", async () => {
  trustOurs();
  const { message } = await refusalOf({ url: `rediss://127.0.0.1:${tlsPort}` });
  expect(message).toMatch(/does not match certificate's altnames/);
});

test("fails with a hint when the store wants TLS and the URL does not", async () => {
  const { code, message } = await refusalOf({ url: `redis://localhost:${tlsPort}` });
  expect(code).toBe("store-away");
  expect(message).toBe("the session store could not be reached within 500 ms: the server closed the connection (does it want TLS, rediss://?)");
});

test("fails with a hint when the URL wants TLS and the store has none", async () => {
  const { message } = await refusalOf({ url: rig.redis.url.replace("redis://", "rediss://"), storeTimeoutMs: 1500 });
  expect(message).toMatch(/within 1500 ms: (TLS: [a-z ]+|no answer within 1000 ms \(does the server have TLS\?\))$/);
});
