import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { DescribeAddressesCommand, DescribeNatGatewaysCommand, DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ElasticLoadBalancingV2Client, DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Status } from "../../contract/status";
import { type Answer, connects, get, inLabEnv, inNamespace, nplus1, type Ran, status, testLabDir, until } from "./lab";
import { startLoad } from "./load";
import { keepStackFiles } from "./stack-files";
import { NO_TRACES, traces } from "./traces";

const MINUTE = 60_000;
const allHealthy = (n: number) => (seen: Status) => seen.nodes.length === n + 1 && seen.nodes.every((node) => node.state === "healthy");

/** The last lines of a failed command, for the test's own message. */
const said = (ran: Ran): string => `${ran.stdout}\n${ran.stderr}`.slice(-3000);

describe("a cluster on this machine", () => {
  let up: Ran;

  keepStackFiles();

  beforeAll(async () => {
    await nplus1(["lab", "down"]);
    up = await nplus1(["lab", "up"]);
    if (up.code !== 0) throw new Error(said(up));
  }, 5 * MINUTE);

  afterAll(async () => {
    await nplus1(["lab", "down"]);
  }, MINUTE);

  test("npm start ends with the address, the nodes, the store, the way out and what to try next", async () => {
    const seen = await status();
    expect(up.stdout).toContain(seen.url);
    expect(up.stdout).toContain("n = 2, n+1 = 3");
    for (const node of seen.nodes) expect(up.stdout).toMatch(new RegExp(`${node.id} +${node.zone} +${node.ip.replaceAll(".", "\\.")} +healthy`));
    expect(up.stdout).toContain(seen.egressIps[0]);
    expect(up.stdout).toContain(seen.sessionStore.primary);
    expect(up.stdout).toMatch(/serving after \d+\.\d s/);
    expect(up.stdout).toContain("try next");
  });

  test("repeating npm start is harmless", async () => {
    const before = await status();
    const again = await nplus1(["lab", "up"]);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("already up");
    expect((await status()).nodes.map((node) => node.id)).toEqual(before.nodes.map((node) => node.id));
  });

  test("n+1 nodes in two zones serve, and every one of them answers requests without cookies", async () => {
    const seen = await status();
    expect(allHealthy(2)(seen)).toBe(true);
    expect(new Set(seen.nodes.map((node) => node.zone)).size).toBe(2);
    const answers: Answer[] = [];
    for (let count = 0; count < 12; count += 1) answers.push(await get(seen.url));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map((answer) => answer.node))).toEqual(new Set(seen.nodes.map((node) => node.id)));
  });

  test("a client with cookies stays on its node", async () => {
    const { url } = await status();
    const { cookies: given, node: home } = await get(url);
    let cookies = given;
    for (let count = 0; count < 20; count += 1) {
      const answer = await get(url, cookies);
      expect(answer.node).toBe(home);
      if (answer.cookies.length > 0) cookies = answer.cookies;
    }
  });

  test("an outside vendor sees exactly the Elastic IP, whichever node calls", async () => {
    const seen = await status();
    const vendor = seen.outside?.vendorUrl ?? "";
    for (const node of seen.nodes) {
      const { stdout } = await inNamespace(node.netns ?? "", ["curl", "-s", "--max-time", "5", "-H", "Accept: application/json", vendor]);
      expect(stdout).toContain(seen.egressIps[0]);
    }
    expect(seen.egressIps).toHaveLength(1);
  });

  test(
    "the outside reaches neither a node nor the store, and the load balancer reaches only the gate",
    async () => {
      const seen = await status();
      const outside = seen.outside?.netns ?? "";
      const [node] = seen.nodes;
      if (!node) throw new Error("no node");
      const [storeHost = "", storePort = ""] = seen.sessionStore.primary.split(":");
      const storeIp = (await inNamespace(node.netns ?? "", ["getent", "hosts", storeHost])).stdout.split(/\s/)[0] || storeHost;
      for (const port of [22, 8080, 8081, 8082]) expect([port, await connects(outside, node.ip, port)]).toEqual([port, false]);
      expect(await connects(outside, storeIp, Number(storePort))).toBe(false);
      const balancer = outside.replace(/outside$/, balancerNamespace(outside));
      expect(await connects(balancer, node.ip, 8080)).toBe(true);
      for (const port of [22, 8081, 8082]) expect([port, await connects(balancer, node.ip, port)]).toEqual([port, false]);
      expect(await connects(balancer, storeIp, Number(storePort))).toBe(false);
    },
    MINUTE,
  );

  test(
    "when a node is killed its clients are served by another, and the group replaces it",
    async () => {
      const before = await status();
      const { cookies, node: home } = await get(before.url);
      const victim = before.nodes.find((node) => node.id === home);
      if (!victim?.netns) throw new Error(`${String(home)} is not among the nodes`);
      for (const pid of execFileSync("ip", ["netns", "pids", victim.netns], { encoding: "utf8" }).split("\n").filter(Boolean)) {
        try {
          process.kill(Number(pid), "SIGKILL");
        } catch (error) {
          // Its parent took it along.
          if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
      }
      const answer = await until(
        "an answer from another node",
        () => get(before.url, cookies).catch((error: Error) => ({ status: 0, node: undefined, body: error.message })),
        (seen) => seen.status === 200 && seen.node !== home,
        20_000,
      );
      expect(before.nodes.map((node) => node.id)).toContain(answer.node);
      const after = await until(
        "n+1 healthy nodes again",
        status,
        (seen) => allHealthy(2)(seen) && !seen.nodes.some((node) => node.id === home),
        90_000,
      );
      expect(after.nodes.filter((node) => before.nodes.some((old) => old.id === node.id))).toHaveLength(2);
    },
    3 * MINUTE,
  );

  test(
    "a preview after up shows no change",
    async () => {
      const preview = await inLabEnv("pulumi preview --json --expect-no-changes");
      expect([preview.code, preview.code === 0 ? "" : said(preview)]).toEqual([0, ""]);
    },
    MINUTE,
  );

  test(
    "dev, staging and prod can be previewed without an AWS account",
    async () => {
      for (const stack of ["dev", "staging", "prod"]) {
        const preview = await inLabEnv(`pulumi preview --non-interactive -s ${stack}`);
        expect([stack, preview.code, preview.code === 0 ? "" : said(preview)]).toEqual([stack, 0, ""]);
        expect(preview.stdout).toMatch(/\+ \d+ to create/);
      }
    },
    2 * MINUTE,
  );

  test(
    "a change of n shows as that, and is applied in both directions without a failed request",
    async () => {
      const { url } = await status();
      for (const n of [3, 2]) {
        const preview = await inLabEnv(`pulumi preview --json -c nplus1:n=${n}`);
        expect(preview.code).toBe(0);
        const { steps } = JSON.parse(preview.stdout.slice(preview.stdout.indexOf("{"))) as { steps: { op: string; urn: string }[] };
        const changed = steps
          .filter((step) => step.op !== "same")
          .map((step) => `${step.op} ${step.urn.split("::").slice(-2, -1)[0]?.split("$").at(-1)}`);
        expect(changed.every((change) => change.startsWith("update "))).toBe(true);
        expect(changed).toContain("update aws:autoscaling/group:Group");
        const load = startLoad(url);
        const applied = await inLabEnv(`pulumi up --yes --skip-preview --non-interactive -c nplus1:n=${n}`);
        await until(`${n + 1} healthy nodes`, status, allHealthy(n), 90_000);
        const { requests, failures } = await load.stop();
        expect([applied.code, applied.code === 0 ? "" : said(applied)]).toEqual([0, ""]);
        expect(failures).toEqual([]);
        expect(requests).toBeGreaterThan(100);
      }
    },
    6 * MINUTE,
  );

  test(
    "destroy, with protection lifted, leaves the Elastic IP and nothing else that costs or serves",
    async () => {
      const { egressIps } = await status();
      const refused = await inLabEnv("pulumi destroy --yes --skip-preview --non-interactive");
      expect(refused.code).not.toBe(0);
      const destroyed = await inLabEnv("pulumi state unprotect --all --yes && pulumi destroy --yes --skip-preview --non-interactive");
      expect([destroyed.code, destroyed.code === 0 ? "" : said(destroyed)]).toEqual([0, ""]);
      const client = await awsSettings();
      const ec2 = new EC2Client(client);
      const addresses = (await ec2.send(new DescribeAddressesCommand({}))).Addresses ?? [];
      expect(addresses.map((address) => address.PublicIp)).toEqual(egressIps);
      const vpcs = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? [];
      expect(vpcs.filter((vpc) => !vpc.IsDefault)).toEqual([]);
      const gateways = (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways ?? [];
      expect(gateways.filter((gateway) => gateway.State !== "deleted")).toEqual([]);
      const balancers = (await new ElasticLoadBalancingV2Client(client).send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? [];
      expect(balancers).toEqual([]);
      expect((await new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    },
    4 * MINUTE,
  );

  test(
    "down leaves no process, namespace, mount or firewall rule behind",
    async () => {
      expect(traces().processes).not.toEqual([]);
      expect((await nplus1(["lab", "down"])).code).toBe(0);
      expect(traces()).toEqual(NO_TRACES);
      expect(readdirSync(testLabDir)).toEqual(["logs"]);
    },
    MINUTE,
  );
});

/** The load balancer's namespace beside the outside's. */
function balancerNamespace(outside: string): string {
  const prefix = outside.replace(/outside$/, "");
  const folder = outside.startsWith("/") ? prefix : "/run/netns";
  const name = readdirSync(folder).find((entry) => entry.startsWith(outside.startsWith("/") ? "alb-" : `${prefix}alb-`));
  if (!name) throw new Error("no load balancer's namespace");
  return outside.startsWith("/") ? name : name.slice(prefix.length);
}

async function awsSettings(): Promise<{ endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } }> {
  const { stdout } = await inLabEnv('printf %s "$AWS_ENDPOINT_URL"');
  return { endpoint: stdout.trim(), region: "us-east-1", credentials: { accessKeyId: "lab", secretAccessKey: "lab" } };
}
