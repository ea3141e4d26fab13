import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AWS_LIMITS } from "../aws-limits";

/** A text in Secrets Manager. */
export class Secret {
  readonly #client: SecretsManagerClient;
  readonly #arn: string;

  constructor(region: string, arn: string) {
    this.#client = new SecretsManagerClient({ region, requestHandler: AWS_LIMITS });
    this.#arn = arn;
  }

  /** As it is now: it may be rotated. */
  async read(): Promise<string> {
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#arn }));
    if (SecretString === undefined) throw new Error(`${this.#arn}: must hold a string`);
    return SecretString;
  }
}
