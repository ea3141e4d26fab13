import { DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { z } from "zod";
import { invoke } from "../invoke";
import { found, given } from "./found";
import { zoneName } from "./values";

const availabilityZones = invoke(
  "aws:index/getAvailabilityZones:getAvailabilityZones",
  z.strictObject({
    state: z.enum(["available", "information", "impaired", "unavailable"]).optional(),
    allAvailabilityZones: z.boolean().optional(),
    excludeNames: z.array(zoneName).optional(),
    filters: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()) })).optional(),
  }),
  async (args, region, { ec2 }) => {
    const Filters = [
      ...(args.filters ?? []).map(({ name, values }) => ({ Name: name, Values: values })),
      ...(args.state ? [{ Name: "state", Values: [args.state] }] : []),
    ];
    const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({ Filters, AllAvailabilityZones: args.allAvailabilityZones }));
    const zones = (AvailabilityZones ?? [])
      .filter((zone) => !args.excludeNames?.includes(zone.ZoneName ?? ""))
      .sort((a, b) => (a.ZoneName ?? "").localeCompare(b.ZoneName ?? ""));
    return {
      ...args,
      id: region,
      region,
      names: zones.map((zone) => zone.ZoneName),
      zoneIds: zones.map((zone) => zone.ZoneId),
      groupNames: [...new Set(zones.map((zone) => zone.GroupName ?? region))],
    };
  },
);

const callerIdentity = invoke("aws:index/getCallerIdentity:getCallerIdentity", z.strictObject({}), async (_, __, { sts }) => {
  const { Account, Arn, UserId } = await sts.send(new GetCallerIdentityCommand({}));
  return { accountId: Account, arn: Arn, userId: UserId, id: Account };
});

const currentRegion = invoke("aws:index/getRegion:getRegion", z.strictObject({}), async (_, region) => ({
  id: region,
  name: region,
  region,
  description: region,
  endpoint: `ec2.${region}.amazonaws.com`,
}));

const partition = invoke("aws:index/getPartition:getPartition", z.strictObject({}), async () => ({
  id: "aws",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  reverseDnsPrefix: "com.amazonaws",
}));

/** One secret makes all of an answer secret in the program, so only a SecureString is marked: an image's id stays readable in previews. */
const parameter = invoke(
  "aws:ssm/getParameter:getParameter",
  z.strictObject({ name: z.string().min(1).max(2_048), withDecryption: z.boolean().optional() }),
  async ({ name, withDecryption = true }, region, { ssm }) => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: withDecryption }));
    const it = found(Parameter, `parameter ${name}`);
    return {
      id: name,
      name,
      region,
      withDecryption,
      arn: given(it.ARN, "ARN"),
      type: it.Type,
      value: it.Value,
      insecureValue: it.Type === "SecureString" ? "" : it.Value,
      version: it.Version,
    };
  },
  ({ type }) => (type === "SecureString" ? ["value"] : []),
);

export const dataSources = [availabilityZones, callerIdentity, currentRegion, partition, parameter];
