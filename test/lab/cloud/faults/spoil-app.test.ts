import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { spoilCommand } from "../../../../lab/cloud/faults/spoil-app";
import { run } from "../../../../lab/machine/run";

const HANDLES = 64;

const APP = `require("node:http").createServer((_, answer) => answer.end("ok")).listen(0, "127.0.0.1", function () { console.log(this.address().port); })`;

let app: ChildProcess;
let port: number;
let spoil: (how: Parameters<typeof spoilCommand>[0]) => Promise<unknown>;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}

beforeEach(async () => {
  const inspector = await freePort();
  const start = `ulimit -n ${HANDLES}; exec "$0" --inspect-port=127.0.0.1:${inspector} -e '${APP}'`;
  const child = spawn("/bin/sh", ["-c", start, process.execPath], { stdio: ["ignore", "pipe", "ignore"] });
  app = child;
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  port = Number(line.toString());
  spoil = async (how) => {
    child.kill("SIGUSR1");
    await run(spoilCommand(how, `127.0.0.1:${inspector}`));
  };
});
afterEach(async () => {
  app.kill("SIGKILL");
  await once(app, "exit");
});

const ask = (limitMs: number): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(limitMs) }).then((answer) => answer.text());

test("a slow application answers three seconds later", async () => {
  await spoil("slow");
  const began = performance.now();
  expect(await ask(10_000)).toBe("ok");
  expect(performance.now() - began).toBeGreaterThan(2_950);
}, 20_000);

test("a deadlocked application takes connections and does not answer", async () => {
  await spoil("deadlock");
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  await expect(ask(300)).rejects.toThrow("timeout");
}, 20_000);

test("an application without handles has as many as it may have", async () => {
  await spoil("handles");
  // The command's own connection was one of them.
  await delay(100);
  expect(readdirSync(`/proc/${app.pid ?? 0}/fd`).length).toBeGreaterThanOrEqual(HANDLES - 2);
}, 20_000);
