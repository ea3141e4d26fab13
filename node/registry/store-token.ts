import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AWS_LIMITS } from "../aws-limits";

/** The session store's AUTH token in Secrets Manager. */
export class StoreToken {
  readonly #client: SecretsManagerClient;
  readonly #secretArn: string;
  /** What was read last, to be kept out of what is shown. */
  last = "";

  constructor(region: string, secretArn: string) {
    this.#client = new SecretsManagerClient({ region, requestHandler: AWS_LIMITS });
    this.#secretArn = secretArn;
  }

  async read(): Promise<string> {
    const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#secretArn }));
    if (SecretString === undefined) throw new Error(`${this.#secretArn}: must hold a string`);
    this.last = SecretString;
    return SecretString;
  }
}
