import type { Fault } from "./fault";
import { run } from "../../machine/run";

type How = Extract<Fault, { kind: "spoil-app" }>["how"];

/** Opened while files can be: an application that may have this many has no limit worth a drill. */
const MOST_HANDLES = 200_000;

/** How long a slow application keeps each request before it begins with it. */
const SLOW_MS = 3_000;

/** What a Node.js application is told to evaluate. `deadlock` begins after the answer to this. */
const CODE: Readonly<Record<How, string>> = {
  deadlock: "setImmediate(() => { for (;;); }), 0",
  slow: `{
    const { prototype } = process.getBuiltinModule("node:http").Server;
    const emit = prototype.emit;
    prototype.emit = function (name, ...args) {
      if (name !== "request") return emit.call(this, name, ...args);
      setTimeout(() => emit.call(this, name, ...args), ${SLOW_MS});
      return true;
    };
  }`,
  handles: `{
    const { openSync } = process.getBuiltinModule("node:fs");
    try {
      for (let opened = 0; opened < ${MOST_HANDLES}; opened += 1) openSync("/dev/null");
    } catch (error) {
      if (error.code !== "EMFILE") throw error;
    }
  }`,
};

/** Where SIGUSR1 opens a Node.js process's inspector. @see https://nodejs.org/api/process.html#signal-events */
const INSPECTOR = "127.0.0.1:9229";

/** Milliseconds until the inspector must be open, once the signal is sent. */
const OPEN_LIMIT_MS = 5_000;

/** Has the inspector at the first argument evaluate the second. */
const SCRIPT = `
  const { setTimeout: delay } = require("node:timers/promises");
  const [inspector, expression] = process.argv.slice(1);
  const targets = async () => {
    for (const deadline = Date.now() + ${OPEN_LIMIT_MS}; ; await delay(20)) {
      try {
        return await (await fetch("http://" + inspector + "/json/list")).json();
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  };
  targets().then(([target]) => {
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } }));
    socket.onerror = () => { throw new Error("the inspector ended the connection"); };
    socket.onmessage = ({ data }) => {
      const { result } = JSON.parse(data);
      if (result?.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails));
      process.exit();
    };
  });
`;

/** The command that spoils the Node.js application with this inspector. */
export const spoilCommand = (how: How, inspector: string): string[] => [process.execPath, "-e", SCRIPT, inspector, CODE[how]];

/** Spoils the Node.js application that got SIGUSR1 in this network namespace, whose loopback the inspector listens on. */
export const spoilApp = (netns: string, how: How): Promise<string> => run(spoilCommand(how, INSPECTOR), { netns });
