import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as vpc from "@pulumi/aws/vpc";
import { INTERNAL_PREFIX } from "../contract/health";

export interface LoadBalancerArgs {
  vpcId: pulumi.Input<string>;
  /** Public subnets, at least two, each in its own zone. */
  subnetIds: pulumi.Input<string>[];
  /** Who may reach it. */
  clientCidrs: string[];
  /** Undefined: plain HTTP. */
  certificateArn: pulumi.Input<string> | undefined;
  logsBucket: pulumi.Input<string>;
  logsPrefix: string;
  deletionProtection: boolean;
}

/** TLS 1.2 and 1.3 with forward secrecy only. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** The public door. Which fleet it leads to is Switch's business; until there is one it says so. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly hostName: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
  /** As CloudWatch knows it: app/<name>/<id>. */
  readonly metricsName: pulumi.Output<string>;
  /** The listener that serves. */
  readonly listenerArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:LoadBalancer", name, {}, opts);
    const child = { parent: this, dependsOn: opts?.dependsOn };
    const tls = args.certificateArn !== undefined;
    const group = new ec2.SecurityGroup(name, { vpcId: args.vpcId, description: "clients to the load balancer" }, child);
    for (const port of tls ? [80, 443] : [80]) {
      for (const cidrIpv4 of args.clientCidrs) {
        const rule = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4 };
        new vpc.SecurityGroupIngressRule(`${name}-clients-${port}-${cidrIpv4.replaceAll(/[./]/g, "-")}`, rule, child);
      }
    }
    const balancer = new lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        securityGroups: [group.id],
        subnets: args.subnetIds,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: args.deletionProtection,
        accessLogs: { bucket: args.logsBucket, prefix: args.logsPrefix, enabled: true },
      },
      child,
    );
    const serves = { ...noReleaseYet, loadBalancerArn: balancer.arn };
    // One listener has port 80 whether it serves or redirects: two could not stand beside each other while a stack moves to TLS.
    const http = new lb.Listener(`${name}-http`, { ...serves, ...(tls ? toHttps : {}), port: 80, protocol: "HTTP" }, child);
    const https = { ...serves, port: 443, protocol: "HTTPS", sslPolicy: TLS_POLICY, certificateArn: args.certificateArn };
    const listener = tls ? new lb.Listener(`${name}-https`, https, child) : http;
    // The nodes' own paths are for health checks, which no rule sees.
    new lb.ListenerRule(
      `${name}-internal`,
      {
        listenerArn: listener.arn,
        priority: 1,
        conditions: [{ pathPattern: { values: [`${INTERNAL_PREFIX}*`] } }],
        actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404", messageBody: "not found" } }],
      },
      child,
    );
    this.hostName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.metricsName = balancer.arnSuffix;
    this.listenerArn = listener.arn;
    this.securityGroupId = group.id;
    this.registerOutputs({ hostName: this.hostName });
  }
}

const noReleaseYet = {
  defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503", messageBody: "no active release" } }],
};

const toHttps = { defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }] };
