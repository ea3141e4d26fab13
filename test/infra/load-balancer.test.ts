import { LoadBalancer } from "../../infra/load-balancer";
import { only, record, type Recorded } from "./record";

const program = (certificateArn: string | undefined, clientCidrs = ["0.0.0.0/0"]) => {
  const args = { vpcId: "vpc", subnetIds: ["public-a", "public-b"], logsBucket: "logs", logsPrefix: "alb", deletionProtection: true };
  return () => new LoadBalancer("door", { ...args, certificateArn, clientCidrs });
};
const listeners = (made: readonly Recorded[]) => made.filter(({ type }) => type === "aws:lb/listener:Listener").map(({ inputs }) => inputs);
const noRelease = [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503", messageBody: "no active release" } }];

test("the load balancer drops invalid headers, logs accesses and is protected from deletion", async () => {
  expect(only(await record(program(undefined)), "aws:lb/loadBalancer:LoadBalancer", "door")).toEqual({
    loadBalancerType: "application",
    securityGroups: ["door-id"],
    subnets: ["public-a", "public-b"],
    dropInvalidHeaderFields: true,
    desyncMitigationMode: "defensive",
    enableDeletionProtection: true,
    accessLogs: { bucket: "logs", prefix: "alb", enabled: true },
  });
});

test("without a certificate port 80 serves, and is the only port that is open", async () => {
  const made = await record(program(undefined));
  expect(listeners(made)).toEqual([{ loadBalancerArn: expect.any(String) as string, port: 80, protocol: "HTTP", defaultActions: noRelease }]);
  const open = made.filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  expect(open.map(({ name }) => name)).toEqual(["door-clients-80-0-0-0-0-0"]);
});

test("with a certificate port 443 serves TLS 1.2 and 1.3, and port 80 sends clients there", async () => {
  const made = await record(program("arn:aws:acm:us-east-1:123456789012:certificate/mine"));
  expect(listeners(made)).toEqual([
    {
      loadBalancerArn: expect.any(String) as string,
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    },
    {
      loadBalancerArn: expect.any(String) as string,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/mine",
      defaultActions: noRelease,
    },
  ]);
});

test("port 80 keeps its listener when a stack moves to TLS: two cannot have it at once", async () => {
  const port80 = async (certificateArn: string | undefined) =>
    (await record(program(certificateArn)))
      .filter(({ type, inputs }) => type === "aws:lb/listener:Listener" && inputs.port === 80)
      .map(({ urn }) => urn);
  expect(await port80("arn")).toEqual(await port80(undefined));
});

test("each block of clients has a rule for each port", async () => {
  const made = await record(program("arn", ["192.0.2.0/24", "198.51.100.0/24"]));
  const open = made.filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => inputs);
  expect(open).toEqual(
    [443, 80].flatMap((port) =>
      ["192.0.2.0/24", "198.51.100.0/24"].map((cidrIpv4) => ({
        securityGroupId: "door-id",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4,
      })),
    ),
  );
});

test("clients cannot ask for the nodes' own paths", async () => {
  const made = await record(program("arn"));
  expect(only(made, "aws:lb/listenerRule:ListenerRule", "door-internal")).toEqual({
    listenerArn: "arn:aws:lb:us-east-1:123456789012:door-https",
    priority: 1,
    conditions: [{ pathPattern: { values: ["/.nplus1/*"] } }],
    actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404", messageBody: "not found" } }],
  });
});
