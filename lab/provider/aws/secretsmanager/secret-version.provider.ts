import { GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { given } from "../found";

export const secretVersion = regionalResource({
  type: "aws:secretsmanager/secretVersion:SecretVersion",
  inputs: z
    .strictObject({
      secretId: z.string().min(1).max(2_048),
      /** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html (64 KiB) */
      secretString: z.string().min(1).max(65_536).optional(),
      secretBinary: z.base64().max(87_384).optional(),
    })
    .refine((one) => (one.secretString === undefined) !== (one.secretBinary === undefined), "must have one of secretString and secretBinary"),
  onChange: { secretId: "replace", secretString: "replace", secretBinary: "replace" },
  secrets: ["secretString", "secretBinary"],
  computed: { arn: "stable", secretArn: "stable", versionId: "stable", versionStages: "changes" },
  async create(inputs, { aws }) {
    const { ARN, VersionId } = await aws.secrets.send(
      new PutSecretValueCommand({
        SecretId: inputs.secretId,
        SecretString: inputs.secretString,
        SecretBinary: inputs.secretBinary === undefined ? undefined : Buffer.from(inputs.secretBinary, "base64"),
      }),
    );
    return `${given(ARN, "ARN")}|${given(VersionId, "VersionId")}`;
  },
  async read(id, _, { aws }) {
    const [SecretId, VersionId] = id.split("|");
    const it = await aws.secrets.send(new GetSecretValueCommand({ SecretId, VersionId }));
    return {
      secretId: SecretId,
      secretString: it.SecretString,
      secretBinary: it.SecretBinary && Buffer.from(it.SecretBinary).toString("base64"),
      arn: it.ARN,
      secretArn: it.ARN,
      versionId: VersionId,
      versionStages: it.VersionStages,
    };
  },
  // AWS keeps a current version as long as its secret: the real provider leaves it too.
  async delete() {},
});
