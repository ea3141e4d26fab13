import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { listenIn } from "../machine/listen-in";
import type { Machine } from "../machine/machine";
import type { EniState } from "../machine/network-state";
import { RUNTIME_FILE, TASK_ROOT } from "../machine/sandbox-script";
import type { motoClients } from "./clients";
import { hostNameOf } from "./ec2/launched-instance";
import type { ServiceAnswer } from "./endpoint/service-answer";
import { delivery, type Deliver } from "./events/delivery";
import type { BusEvent, NewEvent } from "./events/event";
import { eventAnswers } from "./events/event-answers";
import { EventBus } from "./events/event-bus";
import { Rules } from "./events/rules";
import { targetPermissions } from "./events/target-permissions";
import { Roles } from "./iam/roles";
import { Lambda } from "./lambda/lambda";
import { LogGroups } from "./logs/log-groups";
import type { RunningInstance, RunningInstances } from "./running-instances";
import { Schedules } from "./schedules/schedules";
import { agent, type ManagedInstance } from "./ssm/agent";
import { SystemsManager } from "./ssm/systems-manager";
import type { SubnetAddresses } from "./subnet-addresses";

export interface ServerlessParts {
  labDir: string;
  machine: Machine;
  clients: ReturnType<typeof motoClients>;
  addresses: SubnetAddresses;
  instances: Pick<RunningInstances, "get" | "all">;
  applyNetwork: () => Promise<void>;
  /** This machine's file that is the functions' runtime. */
  runtimeFile: string;
  /** Where instances reach AWS's APIs. */
  serviceAddress: string;
  onFailure: (error: unknown) => void;
}

/** Milliseconds between two attempts to deliver a command. */
const DELIVERY_RETRY_MS = 1000;

/** What acts without a server of one's own: functions, events, schedules, commands. */
export class Serverless {
  readonly services: Readonly<Record<string, ServiceAnswer>>;
  readonly #bus: EventBus;
  readonly #rules: Rules;
  readonly #schedules: Schedules;
  readonly #lambda: Lambda;
  readonly #systemsManager: SystemsManager;

  constructor({ labDir, machine, clients, addresses, instances, onFailure, ...parts }: ServerlessParts) {
    const roles = new Roles(clients.iam);
    const logs = new LogGroups(clients.logs, onFailure);
    const deliver: Deliver = (order) => hand(order);
    const rules = new Rules(clients.events);
    const bus = new EventBus({ rules, deliver, file: join(labDir, "logs/events.jsonl"), onFailure });
    const lambda = new Lambda({
      labDir,
      ec2: clients.ec2,
      addresses,
      roles,
      host: {
        listen: listenIn,
        start: (spec) => machine.startSandbox({ ...spec, runtimeFile: parts.runtimeFile }),
        taskRoot: () => TASK_ROOT,
        runtimeDir: join(RUNTIME_FILE, ".."),
      },
      fetchObject: async (Bucket, Key, VersionId) => {
        const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      },
      applyNetwork: parts.applyNetwork,
      putLog: (group, stream, line) => logs.put(group, stream, line),
      // The function's own role lets it.
      deliver: (destination, record) => deliver({ target: destination, payload: JSON.stringify(record), by: undefined }),
      onFailure,
    });
    const hand = delivery({
      lambda,
      publish: async (TopicArn, Message) => void (await clients.sns.send(new PublishCommand({ TopicArn, Message }))),
      putLog: (group, stream, line) => logs.put(group, stream, line),
      putEvent: (name, event) => void bus.put(event, name),
      permissions: targetPermissions(clients.sns, clients.logs),
    });
    const schedules = new Schedules({ client: clients.scheduler, rules, bus, deliver, roles, onFailure });
    const managed = (one: RunningInstance): ManagedInstance[] =>
      one.machine && !one.dead
        ? [{ id: one.machine.id, hostPid: one.machine.hostPid, rootDir: one.machine.rootDir, netns: one.launched.instanceId }]
        : [];
    const systemsManager = new SystemsManager({
      ec2: clients.ec2,
      ssm: clients.ssm,
      managed: async () => {
        const reporting = instances.all().map(async (one) => {
          const reports = one.roleName !== undefined && (await roles.may(one.roleName, "ssm:UpdateInstanceInformation"));
          const { privateIp } = one.launched;
          return reports ? managed(one).map((it) => ({ ...it, privateIp, hostName: hostNameOf(privateIp) })) : [];
        });
        return (await Promise.all(reporting)).flat();
      },
      instance: (id) => {
        const running = instances.get(id);
        return running && managed(running)[0];
      },
      reaches: (instance) => agent.reaches(instance, parts.serviceAddress),
      run: (...asked) => agent.run(...asked),
      emit: (event) => bus.emit(event),
      onFailure,
      retryMs: DELIVERY_RETRY_MS,
    });
    this.services = { lambda: lambda.answer, events: eventAnswers(bus), scheduler: schedules.answer, ssm: systemsManager.answer };
    [this.#bus, this.#rules, this.#schedules, this.#lambda, this.#systemsManager] = [bus, rules, schedules, lambda, systemsManager];
  }

  enis(): EniState[] {
    return this.#lambda.enis();
  }

  emit(event: NewEvent): void {
    this.#bus.emit(event);
  }

  /** The last events, oldest first. */
  events(): readonly BusEvent[] {
    return this.#bus.last();
  }

  /** Rules or schedules changed. */
  async changed(): Promise<void> {
    this.#rules.changed();
    await this.#schedules.changed();
  }

  async stop(): Promise<void> {
    this.#schedules.stop();
    this.#systemsManager.stop();
    await this.#lambda.stop();
  }
}
