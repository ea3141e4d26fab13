import { Sentinel } from "../../infra/sentinel";
import { SENTINEL_VARIABLE, sentinelConfigSchema } from "../../contract/sentinel";
import { only, record, type Recorded, resource } from "./record";

const FUNCTION = "aws:lambda/function:Function";
const place = { accountId: "123456789012", partition: "aws", region: "us-east-1", stack: "prod" };
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf";
const watched = {
  stack: "prod",
  n: 2,
  autoScalingGroup: "nplus1-prod-0123456789ab",
  targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/fleet/1",
  sessionStore: { primaryHost: "master.sessions.example", port: 6379, authSecretArn: secretArn },
  gatePort: 8080,
};
let made: Recorded[];

beforeAll(async () => {
  made = await record(
    () =>
      new Sentinel("sentinel", {
        ...place,
        project: "/project",
        vpcId: "vpc-1",
        subnetIds: ["subnet-1", "subnet-2"],
        nodesGroupId: "sg-nodes",
        sessionStoreGroupId: "sg-store",
        busArn: "arn:aws:events:us-east-1:123456789012:event-bus/nplus1-prod",
        kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
        logDays: 90,
        watched,
        after: [],
      }),
  );
});

test("the function is in the private subnets, runs once at a time and has a minute", () => {
  expect(only(made, FUNCTION, "sentinel")).toMatchObject({
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    handler: "index.handler",
    timeout: 60,
    memorySize: 256,
    reservedConcurrentExecutions: 1,
    vpcConfig: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sentinel-access-id"] },
    loggingConfig: { logFormat: "Text", logGroup: "/nplus1/prod/sentinel" },
  });
  expect(only(made, "aws:cloudwatch/logGroup:LogGroup", "sentinel")).toMatchObject({ retentionInDays: 90 });
});

test("the function is told what it watches, in the form that it reads, and no secret", () => {
  const { environment } = only(made, FUNCTION, "sentinel") as { environment: { variables: Record<string, string> } };
  const told: unknown = JSON.parse(environment.variables[SENTINEL_VARIABLE] ?? "");
  expect(sentinelConfigSchema.parse(told)).toEqual({ ...watched, restartDocument: "sentinel-restart-agent-1234567" });
});

test("the function starts when it may do and can reach what it needs", () => {
  const before = resource(made, FUNCTION, "sentinel").dependsOn.map((urn) => urn.split("::").at(-1));
  expect(before).toEqual(expect.arrayContaining(["sentinel", "sentinel-access-nodes-in", "sentinel-access-store-in", "sentinel-access-aws"]));
});

test("the sentinel reaches gates, the store and AWS, and nobody reaches it", () => {
  const rules = made.filter(({ type }) => type.startsWith("aws:vpc/")).map(({ name, inputs }) => [name, inputs]);
  expect(rules).toEqual([
    ["sentinel-access-aws", { securityGroupId: "sentinel-access-id", cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 }],
    [
      "sentinel-access-nodes-out",
      { securityGroupId: "sentinel-access-id", referencedSecurityGroupId: "sg-nodes", ipProtocol: "tcp", fromPort: 8080, toPort: 8080 },
    ],
    [
      "sentinel-access-store-out",
      { securityGroupId: "sentinel-access-id", referencedSecurityGroupId: "sg-store", ipProtocol: "tcp", fromPort: 6379, toPort: 6379 },
    ],
    [
      "sentinel-access-nodes-in",
      { securityGroupId: "sg-nodes", referencedSecurityGroupId: "sentinel-access-id", ipProtocol: "tcp", fromPort: 8080, toPort: 8080 },
    ],
    [
      "sentinel-access-store-in",
      { securityGroupId: "sg-store", referencedSecurityGroupId: "sentinel-access-id", ipProtocol: "tcp", fromPort: 6379, toPort: 6379 },
    ],
  ]);
});

test("the sentinel may act on this stack's nodes, groups, document, token, bus and log alone", () => {
  const { policy } = only(made, "aws:iam/rolePolicy:RolePolicy", "sentinel");
  const { Statement } = JSON.parse(policy as string) as { Statement: { Sid: string; Action: unknown; Resource: string; Condition?: unknown }[] };
  const of = (sid: string) => Statement.find(({ Sid }) => Sid === sid);
  expect(Statement.map(({ Sid }) => Sid)).toEqual([
    ...["SeeNodes", "Count", "SeeNetwork", "BeInTheNetwork", "NotByItsCode", "RestartAgents", "OfOwnNodes", "ReplaceNodes"],
    ...["ReadToken", "DecryptToken", "TellEvents", "Log"],
  ]);
  expect(of("Count")?.Condition).toEqual({ StringEquals: { "cloudwatch:namespace": "nplus1/prod" } });
  expect(of("OfOwnNodes")).toMatchObject({
    Action: "ssm:SendCommand",
    Resource: "arn:aws:ec2:us-east-1:123456789012:instance/*",
    Condition: { StringEquals: { "ssm:resourceTag/Name": "nplus1-prod" } },
  });
  expect(of("RestartAgents")?.Resource).toBe("arn:aws:ssm:us-east-1:123456789012:sentinel-restart-agent");
  expect(of("ReplaceNodes")?.Resource).toBe(
    "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:*:autoScalingGroupName/nplus1-prod-????????????",
  );
  expect(of("ReadToken")?.Resource).toBe(secretArn);
  expect(of("TellEvents")?.Resource).toBe("arn:aws:events:us-east-1:123456789012:event-bus/nplus1-prod");
});

test("the document restarts an agent that heeds no request, and nothing else", () => {
  const { content, documentType } = only(made, "aws:ssm/document:Document", "sentinel-restart-agent");
  expect(documentType).toBe("Command");
  const { mainSteps } = JSON.parse(content as string) as { mainSteps: { action: string; inputs: { runCommand: string[] } }[] };
  expect(mainSteps.map(({ action, inputs }) => [action, ...inputs.runCommand])).toEqual([
    ["aws:runShellScript", "systemctl kill --signal=SIGKILL nplus1-agent.service || true", "systemctl restart nplus1-agent.service"],
  ]);
});

test("the schedule calls it each minute, by a role that may call it and that only this account's schedules take", () => {
  expect(only(made, "aws:scheduler/schedule:Schedule", "sentinel")).toMatchObject({
    scheduleExpression: "rate(1 minute)",
    target: { arn: "arn:aws:lambda:us-east-1:123456789012:sentinel", retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } },
  });
  const { policy } = only(made, "aws:iam/rolePolicy:RolePolicy", "sentinel-schedule");
  expect(JSON.parse(policy as string)).toMatchObject({
    Statement: [{ Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:us-east-1:123456789012:sentinel" }],
  });
  const { assumeRolePolicy } = only(made, "aws:iam/role:Role", "sentinel-schedule");
  expect(assumeRolePolicy).toContain('"aws:SourceAccount":"123456789012"');
});
