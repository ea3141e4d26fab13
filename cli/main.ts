import { Command, InvalidArgumentError } from "commander";
import { DRILL_NAMES } from "../contract/drill";
import { drill } from "./drill";
import type { DrillOptions } from "./drill-choice";
import { printEvents, readEvents } from "./events";
import { Failure, WrongCall } from "./failure";
import { asExports, labEnv } from "./lab/env";
import { stopDaemon } from "./lab/daemon";
import { theLab } from "./lab/place";
import { up } from "./lab/up";
import { execOn, logsOf } from "./node";
import { printStatus, readStatus } from "./status";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new InvalidArgumentError(`must be 1-65535, got ${text}`);
  return value;
};

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value >= 1 && value <= 600)) throw new InvalidArgumentError(`must be 1-600, got ${text}`);
  return value;
};

const program = new Command("nplus1").description("a cluster of n+1 nodes that behaves like one server that never goes down").exitOverride();

const lab = program.command("lab").description("the cluster on this machine");
lab
  .command("up")
  .description("bring it up with the example shop and say where it serves; harmless when it is up")
  .option("--port <port>", "the port on 127.0.0.1 (default: 8080, or the next free one)", port)
  .action(async (options: { port?: number }) => say(await up(options.port)));
lab
  .command("down")
  .description("remove every trace of it")
  .action(async () => say((await stopDaemon()) ? "the lab is down, nothing is left of it" : "no lab is running here"));
lab
  .command("env")
  .description('print the variables with which pulumi and aws work on the lab: eval "$(npx nplus1 lab env)"')
  .action(() => say(asExports(labEnv(theLab()))));

program
  .command("status")
  .description("what is, now")
  .option("--json", "one object, for scripts")
  .action(async (options: { json?: boolean }) => {
    const status = await readStatus();
    say(options.json ? JSON.stringify(status, null, 2) : printStatus(status));
  });
program
  .command("events")
  .description("what was found and done, oldest first")
  .option("--json", "a list, for scripts")
  .action(async (options: { json?: boolean }) => {
    const events = await readEvents();
    say(options.json ? JSON.stringify(events, null, 2) : printEvents(events));
  });
program
  .command("drill")
  .description(`break something on purpose, under load, and measure: ${DRILL_NAMES.join(", ")}`)
  .argument("[name...]", "what to break")
  .option("--all", "everything, one after another")
  .option("--seconds <seconds>", "how long the fault lasts, or is watched", seconds)
  .option("--json", "one object for a drill, a list for several")
  .action(async (names: string[], options: DrillOptions & { json?: boolean }) => {
    if (!(await drill(names, options, say))) process.exitCode = 1;
  });
program
  .command("exec")
  .description("a command on a node")
  .argument("<node>", "a node's id")
  .argument("<command...>", "the command and its arguments, after --")
  .action(async (node: string, command: string[]) => {
    process.exitCode = await execOn(node, command);
  });
program
  .command("logs")
  .description("what a node's user data, agent, gate and application said")
  .argument("<node>", "a node's id")
  .action(async (node: string) => say(await logsOf(node)));

program.parseAsync().catch((error: unknown) => {
  // commander has printed its own; it ends with 0 for help and 1 for a wrong call, which here is 2.
  if (error instanceof Error && "exitCode" in error) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const expected = error instanceof Failure || error instanceof WrongCall;
    process.stderr.write(`nplus1: ${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exitCode = error instanceof WrongCall ? 2 : 1;
  }
});
