// Passes connections on and holds back what goes to the store, where the kernel has no netem. `delay-proxy.cjs <host> <port> <delay in ms>`; prints its port.
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

const [host = "", port, delay] = process.argv.slice(2);
const delayMs = Number(delay);

/** Node.js's timers know whole milliseconds only: between two looks at the sockets the process sleeps at most this long. */
const SLICE_MS = 0.05;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const held: { dueAt: number; data: Buffer; to: Socket }[] = [];
let isRunning = false;

function hold(data: Buffer, to: Socket): void {
  held.push({ dueAt: performance.now() + delayMs, data, to });
  if (!isRunning) setImmediate(pass);
  isRunning = true;
}

function pass(): void {
  const now = performance.now();
  let first = held[0];
  while (first && first.dueAt <= now) {
    if (!first.to.destroyed) first.to.write(first.data);
    held.shift();
    first = held[0];
  }
  isRunning = first !== undefined;
  if (first === undefined) return;
  Atomics.wait(sleeper, 0, 0, Math.min(first.dueAt - now, SLICE_MS));
  setImmediate(pass);
}

function join(client: Socket): void {
  const store = connect(Number(port), host);
  for (const socket of [client, store]) socket.setNoDelay(true);
  client.on("data", (data) => hold(data, store));
  store.on("data", (data) => client.write(data));
  const end = (): void => (client.destroy(), store.destroy(), undefined);
  for (const socket of [client, store]) socket.on("close", end).on("error", end);
}

// The kernel may let a sleeper sleep 50 µs longer than it asked for. Refused by some kernels: then the delay is as exact as it was measured to be.
try {
  writeFileSync("/proc/self/timerslack_ns", "1000");
} catch {
  process.stderr.write("timer slack: as it is\n");
}
const server = createServer(join);
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
