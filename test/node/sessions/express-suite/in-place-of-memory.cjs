// For mocha's --require, in a checkout of express-session: its tests run with this project's store in place of session/memory.js.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createServer, connect } = require("node:net");
const { join } = require("node:path");
const { setTimeout: delay } = require("node:timers/promises");

/** Each store of the tests has a database of its own. */
const DATABASES = 1000;
const START_LIMIT_MS = 10_000;

let url;
let redis;
let stores = 0;

function MemoryStore() {
  const session = require("../../../../dist/npm/session.cjs");
  stores += 1;
  return new session.Store({ url: `${url}/${stores % DATABASES}` });
}

const replaced = require.resolve(join(process.cwd(), "session/memory"));
require.cache[replaced] = Object.assign(new module.constructor(replaced), { filename: replaced, loaded: true, exports: MemoryStore });

exports.mochaGlobalSetup = async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  redis = spawn("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", "", "--databases", DATABASES], { stdio: "ignore" });
  url = `redis://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await isListening(port))) {
    if (Date.now() > deadline) throw new Error(`redis-server did not listen within ${START_LIMIT_MS} ms`);
    await delay(20);
  }
};

exports.mochaGlobalTeardown = () => {
  redis.kill("SIGKILL");
  console.log(`  ${stores} stores of nplus1/session were in place of the memory store`);
};

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
