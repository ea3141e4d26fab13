import { awsResources } from "./aws/catalogue";
import { dataSources } from "./aws/data-sources";
import { randomId } from "./random/random-id.provider";
import { randomPassword } from "./random/random-password.provider";
import { awsConfiguration, noConfiguration } from "./provider-config";
import { serve, serviceOf } from "./server";
import { Sessions } from "./session";

/** Of the SDKs that the program is written with. */
const AWS_VERSION = "7.48.0";
const RANDOM_VERSION = "4.21.2";

async function main(): Promise<void> {
  // Without it the SDK would go to AWS itself, which the lab must never do.
  if (!process.env.AWS_ENDPOINT_URL) throw new Error("AWS_ENDPOINT_URL: must be the address of the lab's endpoint");
  const configuration = awsConfiguration(process.env.AWS_REGION);
  const aws = await serve(serviceOf({ version: AWS_VERSION, resources: awsResources, invokes: dataSources, configuration }, new Sessions()));
  const random = await serve(
    serviceOf({ version: RANDOM_VERSION, resources: [randomId, randomPassword], invokes: [], configuration: noConfiguration }, new Sessions()),
  );
  process.stdout.write(`${JSON.stringify({ aws: aws.port, random: random.port })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`lab provider: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
