import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { DesiredState } from "../../alb/desired-state";
import type { Report } from "../../alb/report";
import { ApplianceProcess } from "./appliance-process";
import { balancerId, balancerNetns } from "./balancer-enis";

/** What the controller needs of the machine. */
export interface BalancerMachine {
  readonly ca: { issue(names: readonly string[]): { certPem: string; keyPem: string } };
  spawnIn(
    netns: string,
    argv: readonly string[],
    args: { name: string; stdin: "pipe"; stdout: "pipe"; fds: readonly number[]; logFile: string },
  ): ChildProcess;
}

export interface ApplianceOptions {
  /** Files: Node.js, dist/lab/alb.cjs, HAProxy. */
  tools: { node: string; alb: string; haproxy: string };
  /** A folder with a short name, for sockets and keys; and one for logs. */
  runDir: string;
  logDir: string;
  /** Listening sockets of this machine, for the first internet-facing load balancer's listeners on 80 and 443. */
  doors: { http: number; https: number };
}

/** Descriptors as the appliance has them: the first two after standard input and output. */
export const DOORS = { "80": 3, "443": 4 } as const;

/** The processes of all load balancers, by ARN. */
export class Appliances {
  readonly #running = new Map<string, ApplianceProcess>();
  #doorOwner: string | undefined;

  constructor(
    private readonly machine: BalancerMachine,
    private readonly options: ApplianceOptions,
    private readonly onReport: (balancerArn: string, report: Report) => void,
    private readonly onDown: (balancerArn: string) => void,
  ) {}

  /** Starts it when it is not running. The doors are one load balancer's until it goes. */
  feed(arn: string, state: Omit<DesiredState, "generation" | "doors">, isPublic: boolean): void {
    if (isPublic) this.#doorOwner ??= arn;
    const hasDoors = this.#doorOwner === arn;
    const running =
      this.#running.get(arn) ??
      new ApplianceProcess(
        () => this.#start(arn, hasDoors),
        (report) => this.onReport(arn, report),
        () => this.onDown(arn),
      );
    this.#running.set(arn, running);
    running.feed({ ...state, doors: hasDoors ? DOORS : {} });
  }

  async stopAllBut(arns: ReadonlySet<string>): Promise<void> {
    for (const [arn, appliance] of this.#running) {
      if (arns.has(arn)) continue;
      this.#running.delete(arn);
      await appliance.stop();
      if (this.#doorOwner === arn) this.#doorOwner = undefined;
    }
  }

  pids(): number[] {
    return [...this.#running.values()].flatMap(({ pid }) => pid ?? []);
  }

  #start(arn: string, hasDoors: boolean): ChildProcess {
    const { tools, runDir, logDir, doors } = this.options;
    const name = balancerNetns(arn);
    const fds = hasDoors ? [doors.http, doors.https] : [];
    const argv = [tools.node, tools.alb, join(runDir, balancerId(arn)), tools.haproxy, String(2 + fds.length)];
    return this.machine.spawnIn(name, argv, { name, stdin: "pipe", stdout: "pipe", fds, logFile: join(logDir, `${name}.log`) });
  }
}
