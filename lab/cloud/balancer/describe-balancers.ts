import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  type Rule,
  type TargetDescription,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";

export type Attributes = Readonly<Record<string, string>>;

export interface DescribedListener {
  listener: Listener;
  /** The default one first. */
  certificateArns: string[];
  rules: Rule[];
}

export interface DescribedBalancer {
  balancer: LoadBalancer;
  attributes: Attributes;
  listeners: DescribedListener[];
}

export interface DescribedGroup {
  group: TargetGroup;
  attributes: Attributes;
  targets: TargetDescription[];
}

export interface Described {
  balancers: DescribedBalancer[];
  groups: DescribedGroup[];
}

/** All application load balancers and target groups, as moto has them. Of target health only who is registered: how they are is our answer. */
export async function describeBalancers(elb: ElasticLoadBalancingV2Client): Promise<Described> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  return {
    balancers: await Promise.all(LoadBalancers.filter(({ Type }) => Type === "application").map((balancer) => describeBalancer(elb, balancer))),
    groups: await Promise.all(TargetGroups.map((group) => describeGroup(elb, group))),
  };
}

async function describeBalancer(elb: ElasticLoadBalancingV2Client, balancer: LoadBalancer): Promise<DescribedBalancer> {
  const LoadBalancerArn = balancer.LoadBalancerArn;
  const { Attributes } = await elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return { balancer, attributes: asRecord(Attributes), listeners: await Promise.all(Listeners.map((listener) => describeListener(elb, listener))) };
}

async function describeListener(elb: ElasticLoadBalancingV2Client, listener: Listener): Promise<DescribedListener> {
  const ListenerArn = listener.ListenerArn;
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }));
  const first = listener.Certificates?.flatMap(({ CertificateArn }) => CertificateArn ?? []) ?? [];
  if (listener.Protocol !== "HTTPS") return { listener, certificateArns: [], rules: Rules };
  const { Certificates = [] } = await elb.send(new DescribeListenerCertificatesCommand({ ListenerArn }));
  return { listener, certificateArns: [...new Set([...first, ...Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? [])])], rules: Rules };
}

async function describeGroup(elb: ElasticLoadBalancingV2Client, group: TargetGroup): Promise<DescribedGroup> {
  const TargetGroupArn = group.TargetGroupArn;
  const { Attributes } = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return { group, attributes: asRecord(Attributes), targets: TargetHealthDescriptions.flatMap(({ Target }) => Target ?? []) };
}

const asRecord = (attributes: readonly { Key?: string; Value?: string }[] = []): Attributes =>
  Object.fromEntries(attributes.map(({ Key = "", Value = "" }) => [Key, Value]));
