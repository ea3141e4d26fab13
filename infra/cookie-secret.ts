import * as pulumi from "@pulumi/pulumi";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as random from "@pulumi/random";

export interface CookieSecretArgs {
  kmsKeyArn: pulumi.Input<string>;
}

/** Letters and digits, 381 bits: more than the signature (HMAC-SHA-256) can use. */
const SECRET = { length: 64, special: false };

/** What all nodes sign session cookies with: a client that changes its node keeps its session. */
export class CookieSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CookieSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nplus1:infra:CookieSecret", name, {}, opts);
    const child = { parent: this };
    const value = new random.RandomPassword(name, SECRET, child);
    const secret = new secretsmanager.Secret(name, { description: "signs session cookies", kmsKeyId: args.kmsKeyArn }, child);
    new secretsmanager.SecretVersion(name, { secretId: secret.id, secretString: value.result }, child);
    this.arn = secret.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
