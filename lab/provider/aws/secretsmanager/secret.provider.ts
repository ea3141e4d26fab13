import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { given } from "../found";
import { jsonDocument } from "../values";

export const secret = regionalResource({
  type: "aws:secretsmanager/secret:Secret",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
    name: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, "must be 1-512 letters, digits or /_+=.@-")
      .optional(),
    description: z.string().max(2_048),
    kmsKeyId: z.string().min(1).max(2_048).optional(),
    policy: jsonDocument(20_480).optional(),
    /** Days; 0 is at once. */
    recoveryWindowInDays: z.union([z.literal(0), z.int().min(7).max(30)]),
    tags: tags.optional(),
  }),
  onChange: { name: "replace", description: "update", kmsKeyId: "update", policy: "update", recoveryWindowInDays: "update", tags: "update" },
  defaults: { description: "Managed by Pulumi", recoveryWindowInDays: 30 },
  autoname: { property: "name", maxLength: 512 },
  computed: { arn: "stable" },
  async create(inputs, { aws }) {
    const { ARN } = await aws.secrets.send(
      new CreateSecretCommand({ Name: inputs.name, Description: inputs.description, KmsKeyId: inputs.kmsKeyId, Tags: tagList(inputs.tagsAll) }),
    );
    return given(ARN, "ARN");
  },
  async settle(id, { policy }, { aws }, after) {
    if (policy) await aws.secrets.send(new PutResourcePolicyCommand({ SecretId: id, ResourcePolicy: policy }));
    else if (after === "update") await aws.secrets.send(new DeleteResourcePolicyCommand({ SecretId: id }));
  },
  async read(id, _, { aws }) {
    const it = await aws.secrets.send(new DescribeSecretCommand({ SecretId: id }));
    if (it.DeletedDate) return undefined;
    return { name: it.Name, description: it.Description, kmsKeyId: it.KmsKeyId, tagsAll: tagMap(it.Tags), arn: it.ARN };
  },
  async update(id, { olds, news, has }, { aws }) {
    if (has("description", "kmsKeyId")) {
      await aws.secrets.send(new UpdateSecretCommand({ SecretId: id, Description: news.description, KmsKeyId: news.kmsKeyId }));
    }
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.secrets.send(new UntagResourceCommand({ SecretId: id, TagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.secrets.send(new TagResourceCommand({ SecretId: id, Tags: tagList(set) }));
  },
  async delete(id, { recoveryWindowInDays: days }, { aws }) {
    await aws.secrets.send(
      new DeleteSecretCommand(days === 0 ? { SecretId: id, ForceDeleteWithoutRecovery: true } : { SecretId: id, RecoveryWindowInDays: days }),
    );
  },
});
