import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  ModifyLoadBalancerAttributesCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { tags } from "../../tags";
import { untilGone } from "../../wait";
import { found, given } from "../found";
import { resourceId, setOf } from "../values";
import { arnSuffix, elbName } from "./elb-name";
import { elbTags, readElbTags, updateElbTags } from "./elb-tags";
import { attributeDefaults, attributeInputs, fromAttributes, toAttributes } from "./load-balancer-attributes";

/** Application load balancers only. */
export const loadBalancer = regionalResource({
  type: "aws:lb/loadBalancer:LoadBalancer",
  inputs: z.strictObject({
    name: elbName.optional(),
    loadBalancerType: z.literal("application"),
    internal: z.boolean(),
    ipAddressType: z.literal("ipv4"),
    subnets: setOf(resourceId("subnet"), 10).min(2),
    securityGroups: setOf(resourceId("sg"), 5).min(1),
    ...attributeInputs,
    tags: tags.optional(),
  }),
  onChange: {
    name: "replace",
    loadBalancerType: "replace",
    internal: "replace",
    ipAddressType: "update",
    subnets: "update",
    securityGroups: "update",
    accessLogs: "update",
    connectionLogs: "update",
    clientKeepAlive: "update",
    desyncMitigationMode: "update",
    dropInvalidHeaderFields: "update",
    enableCrossZoneLoadBalancing: "update",
    enableDeletionProtection: "update",
    enableHttp2: "update",
    enableTlsVersionAndCipherSuiteHeaders: "update",
    enableXffClientPort: "update",
    idleTimeout: "update",
    preserveHostHeader: "update",
    xffHeaderProcessingMode: "update",
    tags: "update",
  },
  defaults: { loadBalancerType: "application", internal: false, ipAddressType: "ipv4", ...attributeDefaults },
  autoname: { property: "name", maxLength: 32 },
  unordered: ["subnets", "securityGroups"],
  computed: { arn: "stable", arnSuffix: "stable", dnsName: "stable", vpcId: "stable", zoneId: "stable" },
  async create(inputs, { aws }) {
    const { LoadBalancers } = await aws.elb.send(
      new CreateLoadBalancerCommand({
        Name: inputs.name,
        Type: inputs.loadBalancerType,
        Scheme: inputs.internal ? "internal" : "internet-facing",
        IpAddressType: inputs.ipAddressType,
        Subnets: inputs.subnets,
        SecurityGroups: inputs.securityGroups,
        ...elbTags(inputs.tagsAll),
      }),
    );
    return given(LoadBalancers?.[0]?.LoadBalancerArn, "LoadBalancerArn");
  },
  async settle(id, inputs, call) {
    await call.waitFor(`load balancer ${inputs.name} to be active`, 600, async () => {
      const state = (await describe(id, call)).State;
      if (state?.Code === "failed") throw new Error(`load balancer ${inputs.name} failed: ${state.Reason ?? "AWS says no reason"}`);
      return state?.Code === "active" ? { done: true } : { seen: state?.Code ?? "nothing" };
    });
    await call.aws.elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: id, Attributes: toAttributes(inputs) }));
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    const { Attributes } = await call.aws.elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: id }));
    return {
      name: it.LoadBalancerName,
      loadBalancerType: it.Type,
      internal: it.Scheme === "internal",
      ipAddressType: it.IpAddressType,
      subnets: it.AvailabilityZones?.map((zone) => zone.SubnetId),
      securityGroups: it.SecurityGroups,
      ...fromAttributes(Attributes ?? []),
      tagsAll: await readElbTags(id, call),
      arn: id,
      arnSuffix: arnSuffix(id),
      dnsName: it.DNSName,
      vpcId: it.VpcId,
      zoneId: it.CanonicalHostedZoneId,
    };
  },
  async update(id, change, call) {
    const { news } = change;
    if (change.has("tagsAll")) await updateElbTags(id, change, call);
    if (change.has("subnets")) await call.aws.elb.send(new SetSubnetsCommand({ LoadBalancerArn: id, Subnets: news.subnets }));
    if (change.has("securityGroups"))
      await call.aws.elb.send(new SetSecurityGroupsCommand({ LoadBalancerArn: id, SecurityGroups: news.securityGroups }));
    if (change.has("ipAddressType")) await call.aws.elb.send(new SetIpAddressTypeCommand({ LoadBalancerArn: id, IpAddressType: news.ipAddressType }));
  },
  async delete(id, state, call) {
    await call.aws.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id }));
    const look = async () => (await describe(id, call)).State?.Code ?? "a load balancer";
    await call.waitFor(`load balancer ${state.name} to be gone`, 600, untilGone(look));
  },
});

async function describe(id: string, { aws }: Call) {
  const { LoadBalancers } = await aws.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [id] }));
  return found(LoadBalancers?.[0], id);
}
