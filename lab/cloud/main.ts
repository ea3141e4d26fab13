import { join } from "node:path";
import { DescribeSubnetsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { Machine } from "../machine/machine";
import { endSilence, silence } from "../machine/silence";
import { AutoScaling } from "./auto-scaling/auto-scaling";
import { autoScalingParts } from "./auto-scaling-parts";
import { BalancerController } from "./balancer/balancer-controller";
import { motoClients } from "./clients";
import { Alarms } from "./cloudwatch/alarms";
import { Monitoring } from "./cloudwatch/monitoring";
import { ElasticIps } from "./ec2/elastic-ips";
import { Ec2Instances } from "./ec2/ec2-instances";
import { followPowerCall } from "./ec2/power-calls";
import { instanceStateEvent } from "./ec2/state-event";
import { Endpoint } from "./endpoint/endpoint";
import { Faults } from "./faults/faults";
import { NodeProcesses } from "./faults/node-processes";
import { spoilApp } from "./faults/spoil-app";
import { MOTO, startMoto } from "./moto";
import { NetworkKeeper } from "./network/network-keeper";
import { ownPaths } from "./own-paths";
import { Reconciler } from "./reconciler";
import { RunningInstances } from "./running-instances";
import { BucketPolicies } from "./s3/bucket-policies";
import { Serverless } from "./serverless";
import { SessionStoreController } from "./session-store/session-store-controller";
import { settingsSchema } from "./settings";
import { SubnetAddresses } from "./subnet-addresses";

/** AWS's side of the lab's network: what nodes reach under AWS's names. */
const AWS_SERVICES = { s3: "52.216.0.10", dynamodb: "52.94.0.10", other: "52.119.0.10" };

/** How often Auto Scaling looks besides being woken, in milliseconds: hooks' deadlines, back-offs, health. */
const TICK_MS = 500;

const report = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);

async function main(): Promise<void> {
  const { labDir, labId, rootless, fds, tools } = settingsSchema.parse(JSON.parse(process.env.NPLUS1_LAB ?? "{}"));
  const machine = new Machine({
    labDir,
    labId,
    rootless,
    toolPaths: { node: tools.node, venv: tools.venv, init: tools.init },
    awsServices: AWS_SERVICES,
  });
  const [moto] = await Promise.all([startMoto(tools.venv, labDir), machine.start()]);
  const clients = motoClients();
  const addresses = new SubnetAddresses();
  const logDir = join(labDir, "logs");
  const node = join(tools.node, "bin/node");

  const network: NetworkKeeper = new NetworkKeeper(clients.ec2, machine, (...asked) => addresses.take(...asked), {
    enis: () => [...instances.enis(), ...balancers.enis(), ...sessionStores.enis(), ...serverless.enis()],
    securityGroups: () => sessionStores.securityGroups(),
  });
  const instances: RunningInstances = new RunningInstances({
    ec2: new Ec2Instances(clients.ec2, addresses),
    iam: clients.iam,
    machine,
    applyNetwork: network.apply,
    zoneOf: (subnetId) => zoneOf(clients.ec2, subnetId),
    targetLifecycleState: (id) => autoScaling.targetLifecycleState(id),
    onDeath: () => autoScaling.controller.wake(),
    onState: (id, state) => serverless.emit(instanceStateEvent(id, state)),
  });
  const serverless: Serverless = new Serverless({
    labDir,
    machine,
    clients,
    addresses,
    instances,
    applyNetwork: network.apply,
    runtimeFile: tools.lambda,
    serviceAddress: AWS_SERVICES.other,
    onFailure: report,
  });
  const balancers: BalancerController = new BalancerController(machine, clients, {
    tools: { node, alb: tools.alb, haproxy: tools.haproxy },
    runDir: "/run/nplus1-alb",
    logDir,
    doors: { http: fds.doorHttp, https: fds.doorHttps },
    addresses,
    instanceAddress: (id) => instances.get(id)?.launched.privateIp,
    applyNetwork: network.apply,
    onFailure: report,
  });
  const publishNames = (): void => machine.setDns(new Map([...balancers.dnsRecords(), ...sessionStores.dnsRecords()]));
  const sessionStores: SessionStoreController = new SessionStoreController(machine, clients.ec2, {
    redisServer: tools.redisServer,
    runDir: "/run/nplus1-store",
    logDir,
    addresses,
    applyNetwork: network.apply,
    onChange: publishNames,
    onFailure: report,
  });
  const autoScaling: AutoScaling = new AutoScaling(
    autoScalingParts(instances, balancers, clients.elb, (event) => serverless.emit(event)),
    report,
  );
  const alarms = new Alarms(clients, join(logDir, "alarms.log"));
  const monitoring = new Monitoring({ cloudwatch: clients.cloudwatch, alarms, readings: () => sessionStores.readings(), onFailure: report });
  const reconciler = new Reconciler({ network, balancers, autoScaling, alarms, serverless, publishNames, onFailure: report });
  const bucketPolicies = new BucketPolicies();
  const faults = new Faults({ instances, sessionStores, processes: new NodeProcesses(instances), spoilApp, silence, endSilence, onFailure: report });
  let stopping: Promise<never> | undefined;
  const stop = (): Promise<never> => (stopping ??= end());
  const end = async (): Promise<never> => {
    // First who would start things again.
    clearInterval(ticking);
    monitoring.stop();
    await serverless.stop();
    await autoScaling.controller.stop();
    await sessionStores.stop();
    await balancers.stop();
    await machine.stop();
    moto.kill();
    process.exit(0);
  };
  const ticking = setInterval(() => autoScaling.controller.wake(), TICK_MS);
  const endpoint = new Endpoint({
    moto: MOTO,
    answers: { autoscaling: autoScaling.answers, elasticloadbalancing: balancers.answers, elasticache: sessionStores.answers },
    services: serverless.services,
    before: (call) => followPowerCall(call, (...asked) => instances.powerOff(...asked)),
    rewrite: new ElasticIps().rewrite,
    s3: (...asked) => bucketPolicies.answer(...asked),
    passed: (call) => reconciler.note(call),
    own: ownPaths({ autoScaling, balancers, instances, sessionStores, faults, serverless, stop }),
  });
  await endpoint.listenForNodes((names) => machine.ca.issue(names));
  await endpoint.listenForMachine(fds.endpoint);

  balancers.onChange(() => autoScaling.controller.wake());
  moto.once("exit", (code) => {
    report(`moto ended with code ${String(code)}`);
    process.exit(1);
  });
  process.on("SIGTERM", () => void stop());
  process.stdout.write('{"ready":true}\n');
}

/** @throws when there is no such subnet. */
async function zoneOf(ec2: EC2Client, subnetId: string): Promise<string> {
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
  return Subnets?.[0]?.AvailabilityZone ?? "";
}

main().catch((error: unknown) => {
  report(error);
  process.exit(1);
});
