import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import type { AwsClients } from "./aws/clients";
import { decode, encode, type Properties } from "./property-values";
import { failureOf } from "./requests";
import type { Session } from "./session";

/** A data source. */
export interface Invoke {
  token: string;
  run(args: Properties, region: string, aws: AwsClients): Promise<Properties>;
  args: z.ZodType;
  secretsOf(result: Properties): readonly string[];
}

/** Checks the arguments, strictly, before it asks AWS. */
export function invoke<Args extends Properties>(
  token: string,
  args: z.ZodType<Args>,
  run: (args: Args, region: string, aws: AwsClients) => Promise<Properties>,
  secretsOf: Invoke["secretsOf"] = () => [],
): Invoke {
  return { token, args, run: run, secretsOf };
}

export async function answerInvoke(invokes: readonly Invoke[], request: pb.InvokeRequest, session: Session): Promise<pb.InvokeResponse> {
  const found = invokes.find(({ token }) => token === request.getTok());
  if (!found) throw new Error(`${request.getTok()}: the lab has no such data source`);
  const response = new pb.InvokeResponse();
  const { region, ...args } = decode(request.getArgs()).properties;
  const own = session.settings.region;
  if (region !== undefined && region !== own) {
    response.setFailuresList([failureOf({ property: "region", reason: `must be the provider's region ${own}, got ${JSON.stringify(region)}` })]);
    return response;
  }
  const parsed = found.args.safeParse(args);
  if (parsed.success) {
    const result = await found.run(parsed.data as Properties, own, session.aws);
    response.setReturn(encode(result, new Set(found.secretsOf(result))));
  } else response.setFailuresList(parsed.error.issues.map((issue) => failureOf({ property: issue.path.join("."), reason: issue.message })));
  return response;
}
