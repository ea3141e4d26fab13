import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { remove } from "../../../lab/provider/lifecycle";
import type { Properties } from "../../../lab/provider/property-values";
import type { Call } from "../../../lab/provider/resource";
import { change, expectGone, expectNoDrift, liveCall, type Made, make, typed } from "./life";
import { Moto } from "./moto";

jest.setTimeout(60_000);

let moto: Moto;
let call: Call;
let cloud: Record<
  "vpc" | "subnetA" | "subnetB" | "securityGroup" | "internetGateway" | "routeTable" | "bucket" | "role" | "key" | "secret" | "topic",
  Made
>;

beforeAll(async () => {
  moto = await Moto.start();
  call = liveCall();
  const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, call);
  const subnet = (cidrBlock: string, availabilityZone: string) => make("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock, availabilityZone }, call);
  cloud = {
    vpc,
    subnetA: await subnet("10.0.0.0/24", "us-east-1a"),
    subnetB: await subnet("10.0.1.0/24", "us-east-1b"),
    securityGroup: await make("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id }, call),
    internetGateway: await make("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id }, call),
    routeTable: await make("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id }, call),
    bucket: await make("aws:s3/bucket:Bucket", { forceDestroy: true }, call),
    role: await make("aws:iam/role:Role", { assumeRolePolicy }, call),
    key: await make("aws:kms/key:Key", {}, call),
    secret: await make("aws:secretsmanager/secret:Secret", { recoveryWindowInDays: 0 }, call),
    topic: await make("aws:sns/topic:Topic", {}, call),
  };
});

afterAll(() => moto.stop());

const statement = (Action: string): string => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const assumeRolePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});
const denyHttp = (bucket: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${bucket}/*` }] });

/** One life each: made with these inputs, updated by those, deleted. An empty update is a type without one. */
const lives: [token: string, inputs: () => Properties, changes: () => Properties][] = [
  ["aws:ec2/vpc:Vpc", () => ({ cidrBlock: "10.1.0.0/16", tags: { a: "1", b: "2" } }), () => ({ enableDnsHostnames: true, tags: { b: "3" } })],
  ["aws:ec2/subnet:Subnet", () => ({ vpcId: cloud.vpc.id, cidrBlock: "10.0.2.0/24" }), () => ({ mapPublicIpOnLaunch: true, tags: { a: "1" } })],
  ["aws:ec2/internetGateway:InternetGateway", () => ({}), () => ({ tags: { a: "1" } })],
  ["aws:ec2/routeTable:RouteTable", () => ({ vpcId: cloud.vpc.id }), () => ({ tags: { a: "1" } })],
  [
    "aws:ec2/route:Route",
    () => ({ routeTableId: cloud.routeTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: cloud.internetGateway.id }),
    () => ({}),
  ],
  ["aws:ec2/routeTableAssociation:RouteTableAssociation", () => ({ routeTableId: cloud.routeTable.id, subnetId: cloud.subnetA.id }), () => ({})],
  [
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    () => ({ vpcId: cloud.vpc.id, serviceName: "com.amazonaws.us-east-1.s3", routeTableIds: [cloud.routeTable.id] }),
    () => ({ tags: { a: "1" } }),
  ],
  [
    "aws:ec2/flowLog:FlowLog",
    () => ({ vpcId: cloud.vpc.id, trafficType: "ALL", logDestinationType: "s3", logDestination: cloud.bucket.state.arn }),
    () => ({ tags: { a: "1" } }),
  ],
  ["aws:ec2/eip:Eip", () => ({}), () => ({ tags: { a: "1" } })],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    () => ({ vpcId: cloud.vpc.id, description: "a" }),
    () => ({ ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }] }),
  ],
  [
    "aws:ec2/launchTemplate:LaunchTemplate",
    () => ({ instanceType: "t4g.small", vpcSecurityGroupIds: [cloud.securityGroup.id], updateDefaultVersion: true }),
    () => ({ instanceType: "t4g.medium" }),
  ],
  [
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    () => ({ securityGroupId: cloud.securityGroup.id, ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "10.0.0.0/8" }),
    () => ({ description: "clients" }),
  ],
  [
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    () => ({ securityGroupId: cloud.securityGroup.id, ipProtocol: "-1", cidrIpv4: "10.0.0.0/8" }),
    () => ({ tags: { a: "1" } }),
  ],
  [
    "aws:lb/loadBalancer:LoadBalancer",
    () => ({ subnets: [cloud.subnetA.id, cloud.subnetB.id], securityGroups: [cloud.securityGroup.id] }),
    () => ({ idleTimeout: 120, accessLogs: { bucket: cloud.bucket.id, enabled: true }, tags: { a: "1" } }),
  ],
  [
    "aws:lb/targetGroup:TargetGroup",
    () => ({ vpcId: cloud.vpc.id, port: 8080, protocol: "HTTP", stickiness: { type: "lb_cookie", cookieDuration: 60 } }),
    () => ({ deregistrationDelay: 5, healthCheck: { path: "/health", interval: 10 } }),
  ],
  ["aws:iam/role:Role", () => ({ assumeRolePolicy }), () => ({ description: "nodes", maxSessionDuration: 7200, tags: { a: "1" } })],
  [
    "aws:iam/rolePolicy:RolePolicy",
    () => ({ role: cloud.role.id, policy: statement("s3:GetObject") }),
    () => ({ policy: statement("s3:PutObject") }),
  ],
  [
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    () => ({ role: cloud.role.id, policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" }),
    () => ({}),
  ],
  ["aws:iam/instanceProfile:InstanceProfile", () => ({ role: cloud.role.id }), () => ({ tags: { a: "1" } })],
  ["aws:secretsmanager/secret:Secret", () => ({ recoveryWindowInDays: 0 }), () => ({ description: "token", tags: { a: "1" } })],
  ["aws:kms/key:Key", () => ({ deletionWindowInDays: 7 }), () => ({ description: "stack", enableKeyRotation: true, tags: { a: "1" } })],
  ["aws:kms/alias:Alias", () => ({ targetKeyId: cloud.key.id }), () => ({})],
  ["aws:acm/certificate:Certificate", () => ({ domainName: "shop.example.com", validationMethod: "DNS" }), () => ({ tags: { a: "1" } })],
  [
    "aws:sns/topic:Topic",
    () => ({ displayName: "alarms" }),
    () => ({ displayName: "nplus1", kmsMasterKeyId: cloud.key.state.arn, tags: { a: "1" } }),
  ],
  [
    "aws:sns/topicPolicy:TopicPolicy",
    () => ({ arn: cloud.topic.id, policy: statement("sns:Publish") }),
    () => ({ policy: statement("sns:Subscribe") }),
  ],
  ["aws:sns/topicSubscription:TopicSubscription", () => ({ topic: cloud.topic.id, protocol: "email", endpoint: "ops@example.com" }), () => ({})],
  [
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    () => ({
      namespace: "AWS/ElastiCache",
      metricName: "Evictions",
      dimensions: { CacheClusterId: "store-001", CacheNodeId: "0001" },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: "notBreaching",
      alarmActions: [cloud.topic.id],
    }),
    () => ({ threshold: 1, alarmDescription: "evicted", alarmActions: undefined, okActions: [cloud.topic.id], tags: { a: "1" } }),
  ],
  ["aws:s3/bucket:Bucket", () => ({}), () => ({ tags: { a: "1" } })],
  [
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    () => ({ bucket: cloud.bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
    () => ({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: cloud.key.state.arn }, bucketKeyEnabled: true }],
    }),
  ],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", () => ({ bucket: cloud.bucket.id }), () => ({ blockPublicAcls: true })],
  ["aws:s3/bucketPolicy:BucketPolicy", () => ({ bucket: cloud.bucket.id, policy: denyHttp("a") }), () => ({ policy: denyHttp("b") })],
  [
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    () => ({ bucket: cloud.bucket.id, rule: { objectOwnership: "ObjectWriter" } }),
    () => ({ rule: { objectOwnership: "BucketOwnerEnforced" } }),
  ],
  [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    () => ({ bucket: cloud.bucket.id, rules: [{ id: "old", status: "Enabled", filter: { prefix: "" }, expiration: { days: 1 } }] }),
    () => ({
      rules: [
        {
          id: "old",
          status: "Enabled",
          noncurrentVersionExpiration: { noncurrentDays: 2 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    }),
  ],
  [
    "aws:s3/bucketObjectv2:BucketObjectv2",
    () => ({ bucket: cloud.bucket.id, key: "a/b", content: "one" }),
    () => ({ content: "two", tags: { a: "1" } }),
  ],
];

test.each(lives)("%s is made, read back, updated and deleted", async (token, inputs, changes) => {
  const made = await make(token, inputs(), call);
  await expectNoDrift(token, made, call);
  const updated = await change(token, made, changes(), call);
  await expectNoDrift(token, updated, call);
  await expectGone(token, updated, call);
});

test("a NAT gateway has its Elastic IP, and its deletion ends when it is deleted", async () => {
  const eip = await make("aws:ec2/eip:Eip", {}, call);
  const nat = await make("aws:ec2/natGateway:NatGateway", { subnetId: cloud.subnetA.id, allocationId: eip.id }, call);
  expect(nat.state.publicIp).toBe(eip.state.publicIp);
  await expectNoDrift("aws:ec2/natGateway:NatGateway", nat, call);
  await expectGone("aws:ec2/natGateway:NatGateway", nat, call);
});

test("a default security group is adopted and closed, and stays with its VPC", async () => {
  const token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
  const group = await make(token, { vpcId: cloud.vpc.id }, call);
  expect(group.id).toBe(cloud.vpc.state.defaultSecurityGroupId);
  await expectNoDrift(token, group, call);
});

test("a rule of a listener leads to a target group, and moves to another by one update", async () => {
  const balancer = await make(
    "aws:lb/loadBalancer:LoadBalancer",
    { subnets: [cloud.subnetA.id, cloud.subnetB.id], securityGroups: [cloud.securityGroup.id] },
    call,
  );
  const fixed = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503" } };
  const listener = await make("aws:lb/listener:Listener", { loadBalancerArn: balancer.id, port: 80, defaultActions: [fixed] }, call);
  const group = () => make("aws:lb/targetGroup:TargetGroup", { vpcId: cloud.vpc.id, port: 8080, protocol: "HTTP" }, call);
  const [old, fresh] = [await group(), await group()];
  const to = (one: Made) => ({ actions: [{ type: "forward", targetGroupArn: one.id }] });
  const rule = await make(
    "aws:lb/listenerRule:ListenerRule",
    { listenerArn: listener.id, priority: 50_000, conditions: [{ pathPattern: { values: ["/*"] } }], ...to(old) },
    call,
  );
  await expectNoDrift("aws:lb/listenerRule:ListenerRule", rule, call);
  const moved = await change("aws:lb/listenerRule:ListenerRule", rule, { ...to(fresh), priority: 49_999 }, call);
  await expectNoDrift("aws:lb/listenerRule:ListenerRule", moved, call);
  await expectNoDrift("aws:lb/listener:Listener", await change("aws:lb/listener:Listener", listener, { port: 81 }, call), call);
  await expectGone("aws:lb/listenerRule:ListenerRule", moved, call);
  await expectGone("aws:lb/listener:Listener", listener, call);
  await expectGone("aws:lb/targetGroup:TargetGroup", old, call);
  await expectGone("aws:lb/loadBalancer:LoadBalancer", balancer, call);
});

test("a bucket with versions and delete markers goes when it may be destroyed", async () => {
  const bucket = await make("aws:s3/bucket:Bucket", { forceDestroy: true }, call);
  const versioning = await make(
    "aws:s3/bucketVersioning:BucketVersioning",
    { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
    call,
  );
  const object = await make("aws:s3/bucketObjectv2:BucketObjectv2", { bucket: bucket.id, key: "a", content: "one" }, call);
  await change("aws:s3/bucketObjectv2:BucketObjectv2", object, { content: "two" }, call);
  await call.aws.s3.send(new DeleteObjectCommand({ Bucket: bucket.id, Key: "a" }));
  await remove(typed("aws:s3/bucketVersioning:BucketVersioning"), versioning.id, versioning.state, call);
  await expectGone("aws:s3/bucket:Bucket", bucket, call);
});

test("a version of a secret reads back what was put", async () => {
  const token = "aws:secretsmanager/secretVersion:SecretVersion";
  const version = await make(token, { secretId: cloud.secret.id, secretString: "correct horse" }, call);
  await expectNoDrift(token, version, call);
  expect(version.state.secretArn).toBe(cloud.secret.id);
});

test("a replication group has its members and endpoints", async () => {
  const subnets = await make("aws:elasticache/subnetGroup:SubnetGroup", { subnetIds: [cloud.subnetA.id, cloud.subnetB.id] }, call);
  await expectNoDrift("aws:elasticache/subnetGroup:SubnetGroup", subnets, call);
  const declared = {
    description: "sessions",
    engine: "valkey",
    nodeType: "cache.t4g.micro",
    numCacheClusters: 2,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    transitEncryptionEnabled: true,
    authToken: "0123456789abcdef",
    subnetGroupName: subnets.id,
    securityGroupIds: [cloud.securityGroup.id],
  };
  const store = await make("aws:elasticache/replicationGroup:ReplicationGroup", declared, call);
  expect(store.state.memberClusters).toHaveLength(2);
  expect(store.state.primaryEndpointAddress).toMatch(/^master\./);
  expect(store.state.readerEndpointAddress).toMatch(/^replica\./);
  await expectNoDrift("aws:elasticache/replicationGroup:ReplicationGroup", store, call);
});

test("a record is made, changed and deleted in its zone", async () => {
  const { HostedZone } = await call.aws.route53.send(new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "1" }));
  const zoneId = HostedZone?.Id?.split("/").at(-1);
  const record = await make("aws:route53/record:Record", { zoneId, name: "shop", type: "A", ttl: 60, records: ["192.0.2.1"] }, call);
  expect(record.state.fqdn).toBe("shop.example.com");
  await expectNoDrift("aws:route53/record:Record", record, call);
  const moved = await change("aws:route53/record:Record", record, { records: ["192.0.2.2"] }, call);
  await expectNoDrift("aws:route53/record:Record", moved, call);
  await expectGone("aws:route53/record:Record", moved, call);
});
