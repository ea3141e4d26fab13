import * as pulumi from "@pulumi/pulumi";
import { defaultTags } from "@pulumi/aws/config";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import { getPartition } from "@pulumi/aws/getPartition";
import { getRegion } from "@pulumi/aws/getRegion";
import { getParameter } from "@pulumi/aws/ssm/getParameter";
import { resolve } from "node:path";
import { GATE_PORT, SESSION_STORE_PORT } from "../contract/ports";
import { Alarms } from "./alarms";
import { ACCESS_LOGS_PREFIX, Buckets } from "./buckets";
import { parseConfig } from "./config";
import { CookieSecret } from "./cookie-secret";
import { dashboard } from "./dashboard";
import { DomainCertificate, DomainName } from "./domain";
import { Egress } from "./egress";
import { Events } from "./events";
import { Fleet } from "./fleet";
import { fleetName, SHORT_DIGEST } from "./fleet-name";
import { Key } from "./key";
import { LoadBalancer } from "./load-balancer";
import { Network } from "./network";
import { NodeAccess } from "./node-access";
import { NodeRole } from "./node-role";
import { makeRelease, Release } from "./release";
import { Sentinel } from "./sentinel";
import { SentinelAlarms } from "./sentinel-alarms";
import { SessionStore } from "./session-store";
import { SessionStoreAlarms } from "./session-store-alarms";
import { sessionSettings, storeNodes } from "./session-settings";
import { Switch } from "./switch";
import { userData } from "./user-data";

/** The newest Amazon Linux 2023 for Graviton; a newer one shows in the preview as a new launch template. */
const IMAGE_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** @throws pulumi.RunError, which the engine prints as it is: a person's mistake needs no stack. */
const orRunError = (error: unknown): never => {
  throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
};

function readConfig() {
  try {
    return parseConfig(pulumi.runtime.allConfig());
  } catch (error) {
    return orRunError(error);
  }
}

export = async () => {
  const config = readConfig();
  const project = resolve(__dirname, "..");
  const content = await makeRelease(project, config.app).catch(orRunError);
  const stack = pulumi.getStack();

  const [{ accountId }, { partition }, { region }, zones, image] = await Promise.all([
    getCallerIdentity({}),
    getPartition({}),
    getRegion({}),
    getAvailabilityZones({ state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] }),
    getParameter({ name: IMAGE_PARAMETER }),
  ]);
  const place = { accountId, partition, region };
  const zoneNames = zones.names.toSorted().slice(0, config.zones);
  if (zoneNames.length < config.zones)
    throw new pulumi.RunError(`nplus1:zones: must be at most ${zoneNames.length} in ${region}, got ${config.zones}`);

  const key = new Key("key", { ...place, retain: config.retainData });
  const buckets = new Buckets("buckets", {
    ...place,
    kmsKeyArn: key.arn,
    retain: config.retainData,
    logDays: config.logDays,
    backupDays: config.backupDays,
  });
  const uploads = { content, bucketName: buckets.releases.bucketName, retain: config.retainData };
  const release = new Release("release", uploads, { dependsOn: buckets.releases });

  const ground = { vpcCidr: config.vpcCidr, zoneNames, region, logsBucketArn: buckets.logs.arn };
  const network = new Network("network", ground, { dependsOn: buckets.logs });
  const [firstPublicSubnetId = ""] = network.publicSubnetIds;
  const way = { subnetId: firstPublicSubnetId, privateRouteTableId: network.privateRouteTableId, protect: config.protectEgress };
  const egress = new Egress("egress", way, { dependsOn: network });

  const sessions = new SessionStore("sessions", {
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    kmsKeyArn: key.arn,
    nodeType: config.sessionNodeType,
    nodes: storeNodes(config),
    snapshotDays: config.sessionSnapshotDays,
    tokenGeneration: config.sessionTokenGeneration,
  });
  const cookieSecret = new CookieSecret("session-cookie", { kmsKeyArn: key.arn });
  const alarms = new Alarms("alarms", { ...place, stack, kmsKeyArn: key.arn, email: config.alarmEmail });
  const watched = { stack, nodeType: config.sessionNodeType, memberIds: sessions.memberIds, mostNodes: config.maxNodes };
  new SessionStoreAlarms("sessions", { ...watched, topicArn: alarms.topicArn }, { dependsOn: alarms });
  const domain = config.domain ? { domain: config.domain, hostedZoneId: config.hostedZoneId } : undefined;
  const door = new LoadBalancer(
    "door",
    {
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      clientCidrs: config.clientCidrs,
      certificateArn: domain ? new DomainCertificate("certificate", domain).arn : config.certificateArn || undefined,
      logsBucket: buckets.logs.bucketName,
      logsPrefix: ACCESS_LOGS_PREFIX,
      deletionProtection: config.deletionProtection,
    },
    { dependsOn: [network, buckets.logs] },
  );
  if (domain) new DomainName("domain", { ...domain, loadBalancerHostName: door.hostName, loadBalancerZoneId: door.zoneId });

  const access = new NodeAccess("nodes", {
    vpcId: network.vpcId,
    loadBalancerGroupId: door.securityGroupId,
    sessionStoreGroupId: sessions.securityGroupId,
  });
  const role = new NodeRole("nodes", {
    ...place,
    stack,
    releasesBucketArn: buckets.releases.arn,
    backupsBucketArn: buckets.backups.arn,
    secretArns: [sessions.authSecretArn, cookieSecret.arn],
    kmsKeyArn: key.arn,
  });
  const events = new Events("events", { ...place, stack, logDays: config.logDays });
  const nodeConfig = pulumi.output({
    stack,
    region,
    release: release.digest,
    releasesBucket: buckets.releases.bucketName,
    settingsBucket: buckets.settings.bucketName,
    backupsBucket: buckets.backups.bucketName,
    sessionStore: {
      primaryHost: sessions.primaryHost,
      readerHost: sessions.readerHost,
      port: SESSION_STORE_PORT,
      authSecretArn: sessions.authSecretArn,
      cookieSecretArn: cookieSecret.arn,
    },
    sessions: sessionSettings(config),
    autoScalingGroup: fleetName(stack, release.digest),
    gatePort: GATE_PORT,
    n: config.n,
  });
  const fleet = new Fleet(`fleet-${release.digest.slice(0, SHORT_DIGEST)}`, {
    ...config,
    release: release.digest,
    stack,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    listenerArn: door.listenerArn,
    securityGroupId: access.securityGroupId,
    instanceProfileArn: role.instanceProfileArn,
    imageId: image.value,
    kmsKeyArn: key.arn,
    userData: nodeConfig.apply((node) => userData({ config: node, runtimeDigest: release.runtimeDigest })),
    tags: { ...defaultTags?.tags, Name: `nplus1-${stack}` },
    after: [network, egress, sessions, cookieSecret, access, role, release, events],
  });
  new Switch("switch", { listenerArn: door.listenerArn, targetGroupArn: fleet.targetGroupArn, after: [fleet] });

  const sentinel = new Sentinel("sentinel", {
    ...place,
    stack,
    project,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    nodesGroupId: access.securityGroupId,
    sessionStoreGroupId: sessions.securityGroupId,
    busArn: events.busArn,
    kmsKeyArn: key.arn,
    logDays: config.logDays,
    watched: pulumi.output({
      stack,
      n: config.n,
      autoScalingGroup: fleet.groupName,
      targetGroupArn: fleet.targetGroupArn,
      sessionStore: { primaryHost: sessions.primaryHost, port: SESSION_STORE_PORT, authSecretArn: sessions.authSecretArn },
      gatePort: GATE_PORT,
    }),
    after: [egress, events, fleet],
  });
  const cluster = { stack, functionName: sentinel.functionName, loadBalancer: door.metricsName };
  new SentinelAlarms("cluster", { ...cluster, n: config.n, topicArn: alarms.topicArn }, { dependsOn: alarms });
  dashboard("dashboard", { ...cluster, region, storeMemberIds: sessions.memberIds, eventsLogGroup: events.logGroupName });

  return {
    url: domain ? `https://${domain.domain}/` : pulumi.interpolate`${config.plainHttp ? "http" : "https"}://${door.hostName}/`,
    egressIps: egress.ips,
    n: config.n,
    activeRelease: release.digest,
    fleet: fleet.groupName,
    targetGroupArn: fleet.targetGroupArn,
    sessionStore: { primary: sessions.primaryHost, reader: sessions.readerHost },
    alarmTopicArn: alarms.topicArn,
    buckets: {
      releases: buckets.releases.bucketName,
      settings: buckets.settings.bucketName,
      backups: buckets.backups.bucketName,
      logs: buckets.logs.bucketName,
    },
    region,
  };
};
