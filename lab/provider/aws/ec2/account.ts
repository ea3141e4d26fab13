import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Call } from "../../resource";

/** For the ARNs of what EC2 describes without its owner. */
export async function accountId({ aws }: Call): Promise<string | undefined> {
  return (await aws.sts.send(new GetCallerIdentityCommand({}))).Account;
}
