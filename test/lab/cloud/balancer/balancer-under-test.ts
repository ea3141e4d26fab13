import { spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACMClient } from "@aws-sdk/client-acm";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { build } from "esbuild";
import { BalancerController } from "../../../../lab/cloud/balancer/balancer-controller";
import { SubnetAddresses } from "../../../../lab/cloud/subnet-addresses";
import { certificateAuthority } from "../../../../lab/machine/certificate-authority";
import { Moto } from "../../provider/moto";

/** The controller with real moto and real appliances, on loopback instead of in namespaces. */
export class BalancerUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "elb-"));
  readonly failures: unknown[] = [];
  readonly spawned: { netns: string; pid: number | undefined }[] = [];
  readonly instances = new Map<string, string>();
  networks = 0;
  controller!: BalancerController;
  elb!: ElasticLoadBalancingV2Client;
  vpcId = "";
  subnetIds: string[] = [];
  #moto!: Moto;

  async start(): Promise<void> {
    const alb = join(this.folder, "alb.cjs");
    await build({ entryPoints: ["lab/alb/main.ts"], outfile: alb, bundle: true, platform: "node", target: "node24", logLevel: "error" });
    this.#moto = await Moto.start();
    const settings = { region: "us-east-1", endpoint: this.#moto.url, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    this.elb = new ElasticLoadBalancingV2Client(settings);
    const ec2 = new EC2Client(settings);
    await this.#network(ec2);
    this.controller = new BalancerController(
      {
        ca: certificateAuthority(join(this.folder, "ca")),
        spawnIn: (netns, [file = "", ...args], { logFile }) => {
          const child = spawn(file, args, { stdio: ["pipe", "pipe", openSync(join(this.folder, `${netns}.log`), "a")] });
          expect(logFile).toBe(join(this.folder, "logs", `${netns}.log`));
          this.spawned.push({ netns, pid: child.pid });
          return child;
        },
      },
      { elb: this.elb, acm: new ACMClient(settings), ec2 },
      {
        tools: { node: process.execPath, alb, haproxy: "haproxy" },
        runDir: join(this.folder, "run"),
        logDir: join(this.folder, "logs"),
        doors: { http: 0, https: 0 },
        addresses: new SubnetAddresses(),
        instanceAddress: (id) => this.instances.get(id),
        applyNetwork: async () => void (this.networks += 1),
        onFailure: (error) => this.failures.push(error),
      },
    );
  }

  async balancer(name: string): Promise<{ arn: string; dnsName: string }> {
    const { LoadBalancers } = await this.elb.send(
      new CreateLoadBalancerCommand({ Name: name, Subnets: this.subnetIds, SecurityGroups: [], Scheme: "internet-facing" }),
    );
    return { arn: LoadBalancers?.[0]?.LoadBalancerArn ?? "", dnsName: LoadBalancers?.[0]?.DNSName ?? "" };
  }

  /** A group of `ip` targets with the fastest health check that AWS has. */
  async group(name: string, delaySeconds = 1): Promise<string> {
    const { TargetGroups } = await this.elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        VpcId: this.vpcId,
        Protocol: "HTTP",
        Port: 8080,
        TargetType: "ip",
        HealthCheckPath: "/health",
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
    const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: String(delaySeconds) }];
    await this.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes }));
    return arn;
  }

  async listener(balancerArn: string, port: number, action: Action): Promise<string> {
    const { Listeners } = await this.elb.send(
      new CreateListenerCommand({ LoadBalancerArn: balancerArn, Protocol: "HTTP", Port: port, DefaultActions: [action] }),
    );
    return Listeners?.[0]?.ListenerArn ?? "";
  }

  state(groupArn: string, id: string): string | undefined {
    return this.controller.targetHealth(groupArn).find(({ Target }) => Target?.Id === id)?.TargetHealth?.State;
  }

  async stop(): Promise<void> {
    await this.controller.stop();
    await this.#moto.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #network(ec2: EC2Client): Promise<void> {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.20.0.0/16" }));
    this.vpcId = Vpc?.VpcId ?? "";
    for (const [zone, cidr] of [
      ["us-east-1a", "10.20.1.0/24"],
      ["us-east-1b", "10.20.2.0/24"],
    ]) {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: this.vpcId, CidrBlock: cidr, AvailabilityZone: zone }));
      this.subnetIds.push(Subnet?.SubnetId ?? "");
    }
  }
}
