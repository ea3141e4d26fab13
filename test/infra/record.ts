import * as pulumi from "@pulumi/pulumi";

export interface Recorded {
  urn: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  retainOnDelete: boolean;
  /** URNs. */
  dependsOn: string[];
}

/** What the engine is asked when a resource is registered: the part that a mock is not told. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDependenciesList(): string[];
}
interface Monitor {
  registerResource(request: RegisterRequest, callback: (error: unknown, response: { getUrn(): string }) => void): unknown;
}

/** Answers to the program's data sources, as AWS would give them in us-east-1. */
const INVOKED: Record<string, Record<string, unknown>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:index/getRegion:getRegion": { region: "us-east-1" },
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["us-east-1b", "us-east-1a", "us-east-1c"] },
  "aws:ssm/getParameter:getParameter": { value: "ami-0123456789abcdef0" },
};

/** What a resource's outputs would be: its inputs, an ARN, and what of the rest the program reads. */
const outputs = (type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> => ({
  ...inputs,
  arn: `arn:aws:${type.split(":")[1]?.split("/")[0]}:us-east-1:123456789012:${name}`,
  name: inputs.name ?? `${name}-1234567`,
  bucket: inputs.bucket ?? `${name}-1234567`,
  dnsName: `${name}.example`,
  arnSuffix: `app/${name}/0123456789abcdef`,
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

/** Runs a program against mocks and answers with every resource it made, sorted by URN, inputs resolved. */
export async function record(program: () => unknown, stack = "test"): Promise<Recorded[]> {
  const inputsOf = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        inputsOf.set(`${type} ${name}`, inputs as Record<string, unknown>);
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
  const made: Recorded[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) {
        const [type, name] = [request.getType(), request.getName()];
        const inputs = inputsOf.get(`${type} ${name}`) ?? {};
        const options = { protect: request.getProtect(), retainOnDelete: request.getRetainondelete(), dependsOn: request.getDependenciesList() };
        made.push({ urn: response.getUrn(), type, name, inputs, ...options });
      }
      callback(error, response);
    });
  await program();
  await pulumi.runtime.disconnect();
  return made.sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** The one resource of that type and name. */
export function resource(made: readonly Recorded[], type: string, name: string): Recorded {
  const [found, ...more] = made.filter((one) => one.type === type && one.name === name);
  if (!found || more.length > 0)
    throw new Error(`${type} ${name}: must be there once, found are ${made.map((one) => `${one.type} ${one.name}`).join(", ")}`);
  return found;
}

/** The inputs of the one resource of that type and name. */
export const only = (made: readonly Recorded[], type: string, name: string): Record<string, unknown> => resource(made, type, name).inputs;
