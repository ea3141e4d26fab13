import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, relative } from "node:path";
import { nplus1, projectDir, type Ran, run, testLabDir } from "./lab";
import { keepStackFiles } from "./stack-files";
import { NO_TRACES, traces } from "./traces";

const MINUTE = 60_000;
const LAB_FILE = join(projectDir, "Pulumi.lab.yaml");

/** `lab up` with some keys of the lab's stack set for this call. */
async function upWith(keys: Record<string, string>, env: Record<string, string> = {}): Promise<Ran> {
  const before = readFileSync(LAB_FILE, "utf8");
  const own = Object.entries(keys).map(([key, value]) => `  nplus1:${key}: ${JSON.stringify(value)}`);
  const others = before.split("\n").filter((line) => !Object.keys(keys).some((key) => line.startsWith(`  nplus1:${key}:`)));
  writeFileSync(LAB_FILE, others.join("\n").replace("config:\n", `config:\n${own.join("\n")}\n`));
  try {
    return await nplus1(["lab", "up"], env);
  } finally {
    writeFileSync(LAB_FILE, before);
  }
}

/** Nothing runs and nothing is left, and the exit code says that it failed. */
function expectRefused(ran: Ran, ...words: (string | RegExp)[]): void {
  for (const word of words) expect(ran.stderr).toMatch(word);
  expect(ran.stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);
  expect(ran.code).toBe(1);
  expect(traces()).toEqual(NO_TRACES);
}

const applications: string[] = [];

function application(files: Record<string, string>): string {
  mkdirSync(join(projectDir, ".nplus1"), { recursive: true });
  const folder = mkdtempSync(join(projectDir, ".nplus1/app-"));
  applications.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return relative(projectDir, folder);
}

describe("bad input ends with one clear message and leaves nothing behind", () => {
  keepStackFiles();

  beforeAll(async () => {
    await nplus1(["lab", "down"]);
  }, MINUTE);

  afterAll(() => {
    for (const folder of applications) rmSync(folder, { recursive: true, force: true });
  });

  test(
    "wrong values and unknown keys of the configuration, all at once",
    async () => {
      const ran = await upWith({ n: "0", zones: "1", vpcCidr: "10.0.0.0/28", nodes: "3" });
      expectRefused(ran, "nplus1:n: must be 1-99, got 0", "nplus1:zones: must be 2-6, got 1", /nplus1:nodes: must be /);
    },
    MINUTE,
  );

  test(
    "a VPC too small for its subnets",
    async () => {
      expectRefused(await upWith({ vpcCidr: "10.0.0.0/28" }), /nplus1:vpcCidr: must have a prefix of \/16 to \/2\d, got 10.0.0.0\/28/);
    },
    MINUTE,
  );

  test(
    "an application's folder without nplus1.yaml, or with a wrong one",
    async () => {
      expectRefused(await upWith({ app: application({ "server.js": "" }) }), "nplus1.yaml: must be there");
      const wrong = application({ "nplus1.yaml": "name: shop\nstart: node server.js\nport: 8080\n" });
      expectRefused(await upWith({ app: wrong }), "nplus1.yaml has faults", "port: must be a known key");
    },
    MINUTE,
  );

  test(
    "an application that never becomes healthy: the nodes' own words are told",
    async () => {
      const sick = application({
        "nplus1.yaml": "name: sick\nstart: node server.js\n",
        "server.js": 'console.error("no database here"); setInterval(() => {}, 1000);',
      });
      expectRefused(await upWith({ app: sick }), "pulumi up failed", "release refused:", "no database here");
    },
    4 * MINUTE,
  );

  test(
    "a port that is taken",
    async () => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      try {
        expectRefused(await nplus1(["lab", "up", "--port", String(port)]), `port ${port} of 127.0.0.1 is taken; choose another with --port`);
      } finally {
        other.close();
      }
    },
    MINUTE,
  );

  test("a port that is none is a wrong call", async () => {
    const ran = await nplus1(["lab", "up", "--port", "70000"]);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("must be 1-65535, got 70000")]);
  });

  test("commands that need a lab say that there is none", async () => {
    for (const command of [["status"], ["lab", "env"], ["logs", "i-1"]]) {
      const ran = await nplus1(command);
      expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("no lab is running here; start it with: npm start")]);
    }
  });

  test(
    "no permission for namespaces",
    async () => {
      // A user namespace without rights over its parent, in which the kernel refuses further ones.
      const limit = 'echo 0 > /proc/sys/user/max_user_namespaces; echo 0 > /proc/sys/user/max_net_namespaces; exec "$@"';
      const env = { NPLUS1_LAB_DIR: testLabDir };
      const ran = await run("unshare", ["-U", "-r", "sh", "-c", limit, "sh", "node", join(projectDir, "bin/nplus1.mjs"), "lab", "up"], env);
      expectRefused(ran, "no permission for namespaces");
    },
    MINUTE,
  );
});

describe("a missing tool", () => {
  test("is named, with what would install it, when the user may not", async () => {
    const bin = mkdtempSync(join(projectDir, ".nplus1/bin-"));
    chmodSync(bin, 0o755);
    try {
      const ran = await run("sh", [
        "-c",
        `for c in node npm sh env python3 ip unshare setpriv nft curl haproxy redis-server; do ln -s "$(command -v $c)" ${bin}/$c; done; PATH=${bin} exec setpriv --reuid=65534 --clear-groups node bin/nplus1.mjs lab up`,
      ]);
      expect([ran.code, ran.stderr]).toEqual([
        1,
        expect.stringMatching(/system packages: missing on this machine: [^.]*openssl[^.]*\. Ask root to run: apt-get install -y [^.]*openssl/),
      ]);
    } finally {
      rmSync(bin, { recursive: true, force: true });
    }
  });
});

describe("a full disk", () => {
  test("stops the set-up before it begins, and says how much is wanted", async () => {
    const cache = mkdtempSync(join(projectDir, ".nplus1/cache-"));
    try {
      const command = `mount -t tmpfs -o size=8m tmpfs ${cache} && exec node bin/nplus1.mjs setup`;
      const ran = await run("unshare", ["-m", ...(process.getuid?.() === 0 ? [] : ["-U", "-r"]), "sh", "-c", command], { XDG_CACHE_HOME: cache });
      expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/set-up needs \d+ MiB free in .*, found \d+ MiB; nothing was changed/)]);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });
});
