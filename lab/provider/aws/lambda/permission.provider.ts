import { randomBytes } from "node:crypto";
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { found } from "../found";
import { arn } from "../values";

interface Statement {
  Sid: string;
  Action: string;
  Principal: "*" | { Service?: string; AWS?: string };
  Condition?: { ArnLike?: Record<string, string>; StringEquals?: Record<string, string> };
}

/** One statement of a function's own policy. */
export const permission = regionalResource({
  type: "aws:lambda/permission:Permission",
  inputs: z.strictObject({
    action: z.string().regex(/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/, "must be an action of Lambda"),
    /** Name or ARN. */
    function: z.string().min(1).max(256),
    principal: z.string().min(1),
    sourceAccount: z
      .string()
      .regex(/^\d{12}$/, "must be an account's 12 digits")
      .optional(),
    sourceArn: z.union([arn("[a-z0-9-]+"), z.string().regex(/^arn:aws:s3:::/)]).optional(),
    statementId: z
      .string()
      .regex(/^[\w-]{1,100}$/, "must be 1-100 letters, digits, - or _")
      .optional(),
  }),
  onChange: { action: "replace", function: "replace", principal: "replace", sourceAccount: "replace", sourceArn: "replace", statementId: "replace" },
  computed: {},
  async create(inputs, { aws }) {
    const StatementId = inputs.statementId ?? `terraform-${randomBytes(13).toString("hex")}`;
    await aws.lambda.send(
      new AddPermissionCommand({
        FunctionName: inputs.function,
        StatementId,
        Action: inputs.action,
        Principal: inputs.principal,
        SourceArn: inputs.sourceArn,
        SourceAccount: inputs.sourceAccount,
      }),
    );
    return StatementId;
  },
  async read(id, known, { aws }) {
    const { Policy } = await aws.lambda.send(new GetPolicyCommand({ FunctionName: known.function }));
    const { Statement: statements } = JSON.parse(Policy ?? "{}") as { Statement?: Statement[] };
    const it = found(
      statements?.find(({ Sid }) => Sid === id),
      `statement ${id} of function ${known.function}`,
    );
    return {
      action: it.Action,
      function: known.function,
      principal: it.Principal === "*" ? "*" : (it.Principal.Service ?? it.Principal.AWS?.replace(/^arn:aws:iam::(\d{12}):root$/, "$1")),
      sourceArn: it.Condition?.ArnLike?.["AWS:SourceArn"],
      sourceAccount: it.Condition?.StringEquals?.["AWS:SourceAccount"],
      statementId: it.Sid,
    };
  },
  async delete(id, { function: FunctionName }, { aws }) {
    await aws.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: id }));
  },
});
