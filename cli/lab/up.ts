import type { LabFile } from "../../contract/lab-file";
import { Failure } from "../failure";
import { printStatus, readStatus } from "../status";
import { clearLabDir, startDaemon, stopDaemon } from "./daemon";
import { runningLab } from "./place";
import { progress } from "./progress";
import { errorsIn, makeStacks, pulumi } from "./pulumi";
import { nodesWords } from "./nodes-words";

/** How long the door may take to answer once the stack is up, in milliseconds. */
const SERVES_LIMIT_MS = 30_000;

/** Brings the cluster up here; harmless when it is up. @throws Failure, and then nothing is left behind. */
export async function up(port: number | undefined): Promise<string> {
  const running = runningLab();
  if (running) {
    if (port !== undefined && port !== running.ports.http)
      throw new Failure(`a lab already runs here, on port ${running.ports.http}; end it first: npx nplus1 lab down`);
    return `already up\n\n${printStatus(await readStatus(running))}\n\n${NEXT}`;
  }
  const started = Date.now();
  const show = progress();
  try {
    clearLabDir();
    show("starting the cloud on this machine (namespaces, AWS APIs, providers)");
    const lab = await startDaemon(port);
    show("preparing Pulumi's backend and stacks");
    await makeStacks(lab);
    await deploy(lab, show);
    show("waiting for the first answer");
    const status = await readStatus(lab);
    await serves(status.url);
    show.done();
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    return `${printStatus(await readStatus(lab))}\n\nserving after ${seconds} s\n\n${NEXT}`;
  } catch (error) {
    show.done();
    await stopDaemon();
    throw error;
  }
}

/** `pulumi up`, told as it goes. @throws Failure with the engine's reasons and, if it came so far, the nodes' own words. */
export async function deploy(lab: LabFile, show: (text: string) => void): Promise<void> {
  let made = 0;
  show("pulumi up: reading the program");
  const { code, lines } = await pulumi(lab, ["up", "--yes", "--skip-preview", "--stack", "lab"], (line) => {
    const step = /^ *[+~-]+ +(\S+) (\S+) (creating|updating|deleting|created|updated|deleted)/.exec(line);
    if (!step) return;
    if (/ed$/.test(step[3] ?? "")) made += 1;
    show(`pulumi up: ${made} resources done; ${step[3]} ${step[2]}`);
  });
  if (code === 0) return;
  const words = nodesWords();
  throw new Failure(["pulumi up failed:", ...errorsIn(lines), ...words].join("\n"));
}

async function serves(url: string): Promise<void> {
  const deadline = Date.now() + SERVES_LIMIT_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer && answer.status < 500) return;
    if (Date.now() > deadline)
      throw new Failure(`${url} did not answer within ${SERVES_LIMIT_MS / 1000} s (${answer ? `status ${answer.status}` : "no connection"})`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const NEXT = `try next
  npx nplus1 status              what is, now
  npx nplus1 exec NODE -- ps ax  a command on a node
  npx nplus1 logs NODE           what a node said
  eval "$(npx nplus1 lab env)"   then: pulumi preview, pulumi config set n 3, pulumi up
  npx nplus1 lab down            remove every trace`;
