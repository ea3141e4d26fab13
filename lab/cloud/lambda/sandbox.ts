import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Server } from "node:net";
import type { RoleCredentials } from "../ec2/role-credentials";
import { eachLine } from "./each-line";
import { environmentOf, nodeArguments } from "./environment";
import type { FunctionVersion } from "./function";
import { exited, howItEnded, type Outcome, timedOut, told } from "./outcome";
import { type Invocation, RuntimeApi, type Said } from "./runtime-api";
import { endLines, startLine } from "./system-lines";

export interface SandboxStart {
  netns: string;
  taskDir: string;
  env: Readonly<Record<string, string>>;
  tmpMiB: number;
  nodeArguments: readonly string[];
}

/** Where functions run. */
export interface SandboxHost {
  /** A socket on the loopback of the namespace. */
  listen(netns: string): Promise<{ server: Server; port: number }>;
  /** Node.js with the runtime, as the leader of a process group. */
  start(spec: SandboxStart): ChildProcess;
  /** Where code and runtime are, as the function sees them. */
  taskRoot(taskDir: string): string;
  runtimeDir: string;
}

export interface SandboxArgs {
  host: SandboxHost;
  netns: string;
  version: FunctionVersion;
  credentials: RoleCredentials;
  logStream: string;
  log: (line: string) => void;
  /** It takes an invocation again, or never again. */
  onIdle: () => void;
  onDeath: () => void;
}

export type Asked = Pick<Invocation, "requestId" | "functionArn" | "payload" | "clientContext">;

export interface Invoked {
  payload: Buffer;
  /** The function failed, not the call. */
  failed: boolean;
  /** What the invocation wrote. */
  lines: string[];
}

interface Pending {
  asked: Asked;
  /** To the runtime. */
  delivered: boolean;
  said: Said | undefined;
  lines: string[];
  finish: (outcome: Outcome) => void;
}

/** Milliseconds for the function's start before its own time counts. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_LIMIT_MS = 10_000;

/** A function's process: takes one invocation after the other, is stopped between them as on AWS, and ends when one fails to end. */
export class Sandbox {
  readonly version: FunctionVersion;
  /** Resolves when nothing of it runs and all it wrote is told. */
  readonly ended: Promise<void>;
  readonly #api = new RuntimeApi({ onNext: () => this.#asksForNext(), onSaid: (said) => this.#hear(said) });
  readonly #startedAt = performance.now();
  #child: ChildProcess | undefined;
  #state: "starting" | "idle" | "busy" | "dead" = "starting";
  #retired = false;
  #initMs: number | undefined;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onEnd: () => void = () => undefined;

  constructor(private readonly args: SandboxArgs) {
    this.version = args.version;
    this.ended = new Promise((resolve) => (this.#onEnd = resolve));
  }

  get isIdle(): boolean {
    return this.#state === "idle" && !this.#retired && !this.#pending;
  }

  async start(): Promise<void> {
    const { host, netns, version } = this.args;
    const { server, port } = await host.listen(netns);
    await this.#api.listen(server);
    const env = environmentOf({
      ...this.args,
      runtimeApi: `127.0.0.1:${port}`,
      taskRoot: host.taskRoot(version.code.taskDir),
      runtimeDir: host.runtimeDir,
    });
    const { taskDir } = version.code;
    const { memoryMiB, ephemeralMiB: tmpMiB } = version.config;
    this.#child = host.start({ netns, taskDir, env, tmpMiB, nodeArguments: nodeArguments(memoryMiB) });
    for (const output of [this.#child.stdout, this.#child.stderr]) if (output) eachLine(output, (line) => this.#write(line));
    this.#child.once("error", (error) => this.#ends(`could not start: ${error.message}`));
    // "close" comes after its last line.
    this.#child.once("close", (code, signal) => this.#ends(howItEnded(code, signal)));
    if (this.#retired) this.kill();
  }

  /** One at a time. Resolves when the function is done with it, or is no more. */
  invoke(asked: Asked): Promise<Invoked> {
    const began = performance.now();
    return new Promise((resolve) => {
      const finish = ({ payload, status }: Outcome): void => {
        clearTimeout(this.#timer);
        const { lines } = this.#pending ?? { lines: [] };
        const report = { requestId: asked.requestId, at: new Date(), durationMs: performance.now() - began, initMs: this.#takeInit(), status };
        for (const line of endLines(this.version, report)) this.#write(line);
        this.#pending = undefined;
        resolve({ payload, failed: status !== "success", lines });
      };
      this.#pending = { asked, delivered: false, said: undefined, lines: [], finish };
      if (this.#state === "dead") return finish(exited(asked.requestId, "exit status 1"));
      this.#write(startLine(this.version, asked.requestId, new Date()));
      if (this.#state === "idle") this.#deliver();
      else this.#limit(INIT_LIMIT_MS + this.#timeoutMs);
    });
  }

  /** Takes no more invocations; ends when it has none. */
  retire(): void {
    this.#retired = true;
    if (!this.#pending) this.kill();
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  get #timeoutMs(): number {
    return this.version.config.timeoutSeconds * 1000;
  }

  #takeInit(): number | undefined {
    const initMs = this.#initMs;
    this.#initMs = undefined;
    return initMs;
  }

  #asksForNext(): void {
    if (this.#state === "starting") this.#initMs = performance.now() - this.#startedAt;
    const done = this.#pending?.said;
    if (this.#pending && !this.#pending.delivered) return this.#deliver();
    this.#state = "idle";
    if (!this.#retired) this.#signal("SIGSTOP");
    // What it wrote before it asked is in its pipe, which this process reads within the next turn.
    setImmediate(() =>
      setImmediate(() => {
        if (done) this.#pending?.finish(told(done));
        if (this.#retired) this.kill();
        else if (this.isIdle) this.args.onIdle();
      }),
    );
  }

  #deliver(): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#state = "busy";
    this.#signal("SIGCONT");
    pending.delivered = true;
    this.#limit(this.#timeoutMs);
    this.#api.deliver({ ...pending.asked, deadline: Date.now() + this.#timeoutMs, traceId: traceId() });
  }

  #limit(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { asked, said } = this.#pending ?? {};
      this.kill();
      // What was said in time stands, though the runtime did not come back.
      if (said) return this.#pending?.finish(told(said));
      const what = `Task timed out after ${this.version.config.timeoutSeconds.toFixed(2)} seconds`;
      this.#write(`${new Date().toISOString()} ${asked?.requestId} ${what}`);
      this.#pending?.finish(timedOut(asked?.requestId ?? "", what));
    }, ms);
  }

  #hear(said: Said): void {
    if (this.#pending) this.#pending.said = said;
  }

  #ends(how: string): void {
    if (this.#state === "dead") return;
    this.#state = "dead";
    this.#api.close();
    const { asked, said } = this.#pending ?? {};
    this.#pending?.finish(said ? told(said) : exited(asked?.requestId ?? "", how));
    this.args.onDeath();
    this.#onEnd();
  }

  #write(line: string): void {
    this.#pending?.lines.push(line);
    this.args.log(line);
  }

  /** To the whole group: a function's children go with it. */
  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined || this.#state === "dead") return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // It ended by itself, and its end is on its way here.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
const traceId = (): string => {
  const time = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${time}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=0`;
};
