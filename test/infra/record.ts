import * as pulumi from "@pulumi/pulumi";

export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Answers to the program's data sources, as AWS would give them in us-east-1. */
const INVOKED: Record<string, Record<string, unknown>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:index/getRegion:getRegion": { region: "us-east-1" },
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["us-east-1a", "us-east-1b", "us-east-1c"] },
  "aws:ssm/getParameter:getParameter": { value: "ami-0123456789abcdef0" },
};

/** What a resource's outputs would be: its inputs, an ARN, and what of the rest the program reads. */
const outputs = (type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> => ({
  ...inputs,
  arn: `arn:aws:${type.split(":")[1]?.split("/")[0]}:us-east-1:123456789012:${name}`,
  name: inputs.name ?? `${name}-1234567`,
  bucket: inputs.bucket ?? `${name}-1234567`,
  dnsName: `${name}.example`,
  zoneId: "Z35SXDOTRQ7X7K",
  latestVersion: 1,
  publicIp: "198.51.100.7",
  primaryEndpointAddress: `master.${name}.example`,
  readerEndpointAddress: `replica.${name}.example`,
  result: "a-token-that-is-not-one",
  domainValidationOptions: [{ resourceRecordName: "_proof.example.com", resourceRecordType: "CNAME", resourceRecordValue: "_value" }],
  fqdn: `${name}.example.com`,
  certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${name}`,
});

/** Runs a program against mocks and answers with every resource it made, in the order of their registration, inputs resolved. */
export async function record(program: () => unknown, stack = "test"): Promise<Recorded[]> {
  const made: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        made.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: outputs(type, name, inputs as Record<string, unknown>) };
      },
      call: ({ token }) => {
        const answer = INVOKED[token];
        if (!answer) throw new Error(`the program called ${token}, which the record does not know`);
        return answer;
      },
    },
    "nplus1",
    stack,
  );
  await program();
  await pulumi.runtime.disconnect();
  return made;
}

/** The one resource of that name and type. */
export function only(made: readonly Recorded[], type: string, name: string): Record<string, unknown> {
  const found = made.filter((resource) => resource.type === type && resource.name === name);
  expect(found).toHaveLength(1);
  return found[0]?.inputs ?? {};
}
