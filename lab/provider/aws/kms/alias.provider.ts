import { CreateAliasCommand, DeleteAliasCommand, ListAliasesCommand, UpdateAliasCommand } from "@aws-sdk/client-kms";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { found, given } from "../found";

export const alias = regionalResource({
  type: "aws:kms/alias:Alias",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
    name: z
      .string()
      .regex(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/, "must be alias/ and 1-250 letters, digits or /_-, not alias/aws/")
      .optional(),
    targetKeyId: z.string().min(1).max(2_048),
  }),
  onChange: { name: "replace", targetKeyId: "update" },
  autoname: { property: "name", maxLength: 256, form: (name) => `alias/${name}` },
  computed: { arn: "stable", targetKeyArn: "changes" },
  async create({ name, targetKeyId }, { aws }) {
    await aws.kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: targetKeyId }));
    return given(name, "name");
  },
  async read(id, known, { aws }) {
    const { Aliases } = await aws.kms.send(new ListAliasesCommand({ Limit: 100 }));
    const it = found(
      Aliases?.find((one) => one.AliasName === id),
      id,
    );
    const arn = given(it.AliasArn, "AliasArn");
    const targetKeyId = known.targetKeyId?.endsWith(given(it.TargetKeyId, "TargetKeyId")) ? known.targetKeyId : it.TargetKeyId;
    return { name: id, targetKeyId, arn, targetKeyArn: arn.replace(/:alias\/.*$/, `:key/${it.TargetKeyId}`) };
  },
  async update(id, { news }, { aws }) {
    await aws.kms.send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: news.targetKeyId }));
  },
  async delete(id, _, { aws }) {
    await aws.kms.send(new DeleteAliasCommand({ AliasName: id }));
  },
});
