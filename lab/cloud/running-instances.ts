import type { IAMClient } from "@aws-sdk/client-iam";
import type { Instance, UnitState } from "../machine/instance";
import type { Machine } from "../machine/machine";
import type { EniState } from "../machine/network-state";
import type { LaunchTemplateRef, Tag } from "./auto-scaling/group";
import { profileRole } from "./ec2/profile-role";
import type { Ec2Instances } from "./ec2/ec2-instances";
import { eniOf, hostNameOf, type LaunchedInstance } from "./ec2/launched-instance";
import { instanceMetadata } from "./ec2/metadata";

export interface RunningInstance {
  launched: LaunchedInstance;
  /** Of its profile; undefined without one. */
  roleName: string | undefined;
  /** Undefined until it boots. */
  machine: Instance | undefined;
  dead: boolean;
}

export interface RunningInstancesParts {
  ec2: Ec2Instances;
  iam: IAMClient;
  machine: Machine;
  /** Applies the network as it is now, with all of enis(). */
  applyNetwork: () => Promise<void>;
  zoneOf: (subnetId: string) => Promise<string>;
  targetLifecycleState: (id: string) => string | undefined;
  onDeath: () => void;
  /** What EC2 says of an instance's life. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html */
  onState: (id: string, state: "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated") => void;
}

const ACCOUNT_ID = "123456789012";

/** Instances that run: EC2 has their records, the machine their processes. */
export class RunningInstances {
  readonly #running = new Map<string, RunningInstance>();

  constructor(private readonly parts: RunningInstancesParts) {}

  enis(): EniState[] {
    return [...this.#running.values()].map(({ launched }) => eniOf(launched));
  }

  get(id: string): RunningInstance | undefined {
    return this.#running.get(id);
  }

  isAlive(id: string): boolean {
    return this.#running.get(id)?.dead === false;
  }

  zoneOf(subnetId: string): Promise<string> {
    return this.parts.zoneOf(subnetId);
  }

  async units(id: string): Promise<Record<string, UnitState>> {
    return (await this.#running.get(id)?.machine?.units()) ?? {};
  }

  /** Records, connects and boots an instance of a launch template. @throws with what was wrong; nothing runs then. */
  async launch(order: { subnetId: string; launchTemplate: LaunchTemplateRef; tags: readonly Tag[] }): Promise<{ id: string }> {
    const { ec2, iam, machine, applyNetwork, targetLifecycleState, onDeath, onState } = this.parts;
    const tags = Object.fromEntries(order.tags.filter((tag) => tag.propagate).map(({ key, value }) => [key, value]));
    const launched = await ec2.launch({
      launchTemplateId: order.launchTemplate.id,
      version: order.launchTemplate.version,
      subnetId: order.subnetId,
      tags,
    });
    const id = launched.instanceId;
    const running: RunningInstance = { launched, roleName: undefined, machine: undefined, dead: false };
    this.#running.set(id, running);
    onState(id, "pending");
    try {
      running.roleName = await profileRole(iam, launched.instanceProfile);
      await applyNetwork();
      running.machine = await machine.bootInstance({
        id,
        netns: id,
        privateIp: launched.privateIp,
        hostName: hostNameOf(launched.privateIp),
        userData: launched.userData,
        metadata: () =>
          instanceMetadata({
            instance: launched,
            accountId: ACCOUNT_ID,
            roleName: running.roleName,
            now: () => new Date(),
            targetLifecycleState: () => targetLifecycleState(id),
          }),
      });
    } catch (error) {
      await this.terminate(id);
      throw error;
    }
    onState(id, "running");
    void running.machine.exited.then(() => {
      running.dead = true;
      onDeath();
    });
    return { id };
  }

  /** All that are there, dead ones included. */
  all(): RunningInstance[] {
    return [...this.#running.values()];
  }

  async terminate(id: string): Promise<void> {
    const running = this.#running.get(id);
    if (running?.dead === false) this.parts.onState(id, "shutting-down");
    await running?.machine?.kill();
    this.#running.delete(id);
    await this.parts.ec2.terminate(id);
    await this.parts.applyNetwork();
    if (running) this.parts.onState(id, "terminated");
  }

  /** A client stops or terminates it: nothing of it runs when this resolves. What it is part of finds it dead. */
  async powerOff(id: string, how: "stop" | "terminate"): Promise<void> {
    const running = this.#running.get(id);
    if (!running?.machine || running.dead) return;
    this.parts.onState(id, how === "stop" ? "stopping" : "shutting-down");
    await running.machine.kill();
    if (how === "stop") this.parts.onState(id, "stopped");
  }
}
