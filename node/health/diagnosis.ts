import { output } from "./command";
import type { Evidence } from "./evidence";
import type { Ladder } from "./ladder-state";
import { handleCounts, procFile } from "./proc";

/** What is known of an application at the moment before it is restarted. */
export interface Diagnosis {
  node: string;
  release: string;
  at: string;
  fault: Ladder["fault"];
  evidence: Evidence[];
  pid: number | null;
  /** The application's last lines. */
  output: string;
  /** Of the process, as the kernel tells them. */
  process: Record<string, string>;
  handles: Record<string, number>;
  /** What commands printed, by what they are: the application's own `diagnose`, `jstack`. */
  commands: Record<string, string>;
  /** Of a Node.js program's threads, when its watchdog could tell them. */
  stacks: string | null;
}

const PROC_FILES = ["status", "wchan", "stack", "limits", "io", "schedstat"];

export interface DiagnoseArgs {
  about: Pick<Diagnosis, "node" | "release" | "at" | "fault" | "evidence">;
  pid: number | undefined;
  /** For all of it together; what is not there then is left out, in milliseconds. */
  limitMs: number;
  lastOutput: () => Promise<string>;
  /** The application's own command, as its user and in its folder. Undefined when it has none. */
  own: ((pid: number, limitMs: number) => Promise<string>) | undefined;
  /** Of a Node.js program. */
  stacks: ((pid: number) => Promise<string | undefined>) | undefined;
  /** Not to be shown. */
  secrets: readonly string[];
}

/** Of the limit; so what a command printed before it was ended is still taken. */
const COMMAND_SHARE = 0.8;

/** Asks everything at once, and takes what is there at the limit: one that hangs costs none of the others. */
export async function diagnose({ about, pid, limitMs, ...ask }: DiagnoseArgs): Promise<Diagnosis> {
  const found: Diagnosis = { ...about, pid: pid ?? null, output: "", process: {}, handles: {}, commands: {}, stacks: null };
  const questions: Promise<void>[] = [
    ask.lastOutput().then((output) => {
      found.output = output;
    }),
  ];
  if (pid !== undefined) {
    for (const name of PROC_FILES) questions.push(procFile(pid, name).then((text) => void (found.process[name] = text)));
    questions.push(handleCounts(pid).then((counts) => void (found.handles = counts)));
    if (ask.own) questions.push(ask.own(pid, limitMs * COMMAND_SHARE).then((text) => void (found.commands.diagnose = text)));
    if (ask.stacks) questions.push(ask.stacks(pid).then((text) => void (found.stacks = text ?? null)));
    questions.push(javaStacks(pid, limitMs * COMMAND_SHARE).then((text) => void (text && (found.commands.jstack = text))));
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.allSettled(questions), late]);
  clearTimeout(timer);
  return withoutSecrets(found, ask.secrets);
}

async function javaStacks(pid: number, limitMs: number): Promise<string | undefined> {
  const [program = ""] = (await procFile(pid, "cmdline")).split("\0");
  return /(^|\/)java$/.test(program) ? output("jstack", ["-l", String(pid)], limitMs) : undefined;
}

function withoutSecrets(found: Diagnosis, secrets: readonly string[]): Diagnosis {
  const shown = secrets
    .filter((secret) => secret !== "")
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .reduce((text, secret) => text.replaceAll(secret, "***"), JSON.stringify(found));
  return JSON.parse(shown) as Diagnosis;
}
