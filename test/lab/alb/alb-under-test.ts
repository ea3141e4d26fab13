import { mkdtempSync, openSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Appliance } from "../../../lab/alb/appliance";
import type { DesiredState } from "../../../lab/alb/desired-state";
import { HaproxyProcess } from "../../../lab/alb/haproxy-process";
import type { Report, TargetHealth } from "../../../lab/alb/report";

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    }),
  );
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One request; rejects when there is no answer. */
export function get(port: number, path: string, headers: Record<string, string> = {}, agent: Agent | false = false, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: agent === false ? new Agent() : agent, method }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** The appliance on loopback, in this process, with a real HAProxy. */
export class AlbUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "alb-"));
  readonly reports: Report[] = [];
  readonly appliance: Appliance;
  readonly haproxy: HaproxyProcess;
  readonly exits: string[] = [];

  constructor() {
    this.haproxy = new HaproxyProcess("haproxy", this.folder, 2, openSync(join(this.folder, "haproxy.log"), "a"), (reason) =>
      this.exits.push(reason),
    );
    this.appliance = new Appliance(
      this.haproxy,
      this.folder,
      (report) => this.reports.push(report),
      (reason) => this.exits.push(reason),
    );
  }

  apply(state: DesiredState): Promise<unknown> {
    return this.appliance.apply(state);
  }

  health(id: string): TargetHealth | undefined {
    const last = this.reports.findLast((report) => report.kind === "health" && report.targets.some((target) => target.id === id));
    return last?.kind === "health" ? last.targets.find((target) => target.id === id) : undefined;
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return until(what, condition, () => JSON.stringify([this.exits, this.reports.at(-1)]));
  }

  untilState(id: string, state: TargetHealth["state"]): Promise<void> {
    return this.until(`${id} to be ${state}`, () => this.health(id)?.state === state);
  }

  stop(): void {
    this.appliance.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function until(what: string, condition: () => boolean | Promise<boolean>, seen: () => string = () => ""): Promise<void> {
  const deadline = performance.now() + 8_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`gave up waiting for ${what}; last seen: ${seen()}`);
    await delay(10);
  }
}
