import { spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { XMLParser } from "fast-xml-parser";
import { createClient } from "redis";
import { SessionStoreController } from "../../../../lab/cloud/session-store/session-store-controller";
import { SubnetAddresses } from "../../../../lab/cloud/subnet-addresses";
import { certificateAuthority } from "../../../../lab/machine/certificate-authority";
import { Moto } from "../../provider/moto";

const parser = new XMLParser({
  parseTagValue: false,
  isArray: (name) => ["ReplicationGroup", "CacheCluster", "NodeGroupMember", "NodeGroup", "Parameter", "Tag", "ClusterId"].includes(name),
});

type Xml = any;

/** Quicker than AWS, slow enough to see the steps. */
const PACE = { noticedMs: 300, replacedMs: 300 };

/** The controller on loopback: real moto, real redis-servers on addresses of 127.0.0.0/8, no namespaces. */
export class StoreUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), "store-"));
  readonly failures: unknown[] = [];
  readonly networks: string[][] = [];
  readonly ca = certificateAuthority(join(this.folder, "ca"));
  readonly children: { name: string; pid: number | undefined }[] = [];
  controller!: SessionStoreController;
  subnetIds: string[] = [];
  #moto!: Moto;

  async start(): Promise<void> {
    this.#moto = await Moto.start();
    const ec2 = new EC2Client({ region: "us-east-1", endpoint: this.#moto.url, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "127.20.0.0/16" }));
    for (const [zone, cidr] of [
      ["us-east-1a", "127.20.1.0/24"],
      ["us-east-1b", "127.20.2.0/24"],
    ]) {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: cidr, AvailabilityZone: zone }));
      this.subnetIds.push(Subnet?.SubnetId ?? "");
    }
    this.controller = new SessionStoreController(
      {
        ca: this.ca,
        spawnIn: (netns, [file = "", ...args], { name, logFile }) => {
          const log = openSync(join(this.folder, `${name}.log`), "a");
          expect([netns, logFile]).toEqual([`store-${name}`, join(this.folder, "logs", `store-${name}.log`)]);
          const child = spawn(file, args, { stdio: ["ignore", log, log] });
          this.children.push({ name, pid: child.pid });
          return child;
        },
      },
      ec2,
      {
        redisServer: "redis-server",
        runDir: join(this.folder, "run"),
        logDir: join(this.folder, "logs"),
        addresses: new SubnetAddresses(),
        pace: PACE,
        applyNetwork: async () => void this.networks.push(this.controller.enis().map(({ netns }) => netns)),
        onChange: () => undefined,
        onFailure: (error) => this.failures.push(error),
      },
    );
    await this.call("CreateCacheSubnetGroup", {
      CacheSubnetGroupName: "Stores",
      CacheSubnetGroupDescription: "stores",
      "SubnetIds.SubnetIdentifier.1": this.subnetIds[0] ?? "",
      "SubnetIds.SubnetIdentifier.2": this.subnetIds[1] ?? "",
    });
  }

  /** The own answer, as XML read into an object: `{ status, ...result }`. */
  async call(action: string, params: Record<string, string> = {}): Promise<Xml> {
    const answer = this.controller.answers[action];
    if (answer === undefined) throw new Error(`${action}: has no own answer`);
    const { status, body } = await answer({ Action: action, ...params });
    const parsed = parser.parse(body);
    return status === 200 ? (parsed[`${action}Response`][`${action}Result`] ?? {}) : { status, error: parsed.ErrorResponse.Error };
  }

  async group(id: string): Promise<Xml> {
    const { ReplicationGroups } = await this.call("DescribeReplicationGroups", { ReplicationGroupId: id });
    return ReplicationGroups?.ReplicationGroup[0];
  }

  async available(id: string): Promise<Xml> {
    const deadline = performance.now() + 15_000;
    for (;;) {
      const group = await this.group(id);
      if (group?.Status === "available") return group;
      if (this.failures.length > 0) throw this.failures[0];
      if (performance.now() > deadline) throw new Error(`gave up waiting for ${id}, last seen: ${group?.Status}`);
      await delay(20);
    }
  }

  /** A client as a node has it: by name, with TLS verified against the lab's authority. */
  async client(name: string, token: string | undefined, port = 6379) {
    const host = this.controller.dnsRecords().get(name)?.[0];
    const client = createClient({
      socket: { host, port, tls: true, ca: this.ca.certPem, servername: name, reconnectStrategy: false },
      ...(token === undefined ? {} : { password: token }),
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  async stop(): Promise<void> {
    await this.controller.stop();
    await this.#moto.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
