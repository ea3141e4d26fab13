import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import type { DesiredState } from "../../../lab/alb/desired-state";
import type { Report } from "../../../lab/alb/report";
import { freePort, get, until } from "./alb-under-test";
import { BackendServer } from "./backend-server";
import { desired, listener, targetGroup } from "./desired";

const folder = mkdtempSync(join(tmpdir(), "alb-main-"));
const bundle = join(folder, "alb.cjs");
let child: ChildProcess;
let reports: Report[];
let node: BackendServer;
let doorPort: number;

beforeAll(() => build({ entryPoints: ["lab/alb/main.ts"], outfile: bundle, bundle: true, platform: "node", target: "node24", logLevel: "error" }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  node = await BackendServer.start("i-a");
  const door: Server = createServer();
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  doorPort = (door.address() as { port: number }).port;
  const { fd } = (door as unknown as { _handle: { fd: number } })._handle;
  reports = [];
  child = spawn(process.execPath, [bundle, join(folder, "run"), "haproxy", "3"], { stdio: ["pipe", "pipe", "ignore", fd] });
  // Else this process would accept some of the door's connections.
  door.close();
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => reports.push(JSON.parse(line) as Report));
});

afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await node.stop();
});

const send = (state: DesiredState) => void child.stdin?.write(`${JSON.stringify(state)}\n`);
const applied = (generation: number) =>
  until(
    `generation ${generation}`,
    () => reports.some((one) => one.kind === "applied" && one.generation === generation),
    () => JSON.stringify(reports),
  );
const healthy = () =>
  until(
    "i-a to be healthy",
    () => JSON.stringify(reports).includes('"healthy"'),
    () => JSON.stringify(reports),
  );
const haproxyPids = () =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(join(folder, "run"));
    } catch (error) {
      if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
      throw error;
    }
  });

const state = (port: number, change: Partial<DesiredState> = {}): DesiredState =>
  desired({
    doors: { [port]: 3 },
    listeners: [listener({ port })],
    targetGroups: [targetGroup({ targets: [{ id: "i-a", ip: "127.0.0.1", port: node.port, draining: false }] })],
    ...change,
  });

test("an inherited listening socket is served beside the listener's port, before and after a reload", async () => {
  const port = await freePort();
  send(state(port));
  await applied(1);
  await healthy();
  const before = [await get(doorPort, "/"), await get(port, "/")].map(({ body }) => body);

  send(state(port, { generation: 2, attributes: { ...desired().attributes, idleTimeoutSeconds: 61 } }));
  await applied(2);

  expect(before).toEqual(["i-a /", "i-a /"]);
  expect((await get(doorPort, "/")).body).toBe("i-a /");
  expect(node.lastHeaders["x-forwarded-port"]).toBe(String(port));
});

test("a line that is no desired state is refused with its faults", async () => {
  child.stdin?.write('{"generation":"one"}\n');

  await until("a refusal", () => reports.length > 0);

  expect(reports[0]).toMatchObject({ kind: "refused", generation: null });
  expect(JSON.stringify(reports[0])).toContain("generation");
});

test.each([
  ["its input ends", () => child.stdin?.end()],
  ["it is told to", () => child.kill("SIGTERM")],
  ["it is killed", () => child.kill("SIGKILL")],
])("no process of HAProxy is left when %s", async (_, end) => {
  send(state(await freePort()));
  await applied(1);
  expect(haproxyPids().length).toBeGreaterThan(1);

  end();

  await until(
    "no process to be left",
    () => haproxyPids().length === 0,
    () => haproxyPids().join(" "),
  );
});
