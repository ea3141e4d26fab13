import { z } from "zod";
import { AwsError } from "../aws-error";
import { jsonAnswer } from "../endpoint/service-answer";
import type { RestRoutes } from "../rest-protocol";
import { checked } from "./checked";
import type { Functions } from "./functions";
import { notFound } from "./not-found";
import { statement } from "./resource-policy";

const permissionInput = z.strictObject({
  StatementId: z.string().regex(/^[\w-]{1,100}$/, "must be 1-100 letters, digits, - or _"),
  Action: z.string().regex(/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/, "must be an action of Lambda"),
  Principal: z.string().min(1),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  RevisionId: z.string().optional(),
});

const POLICY = "/2015-03-31/functions/{name}/policy";

/** Who else may invoke a function. @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export function permissionAnswers(functions: Functions): RestRoutes {
  return {
    [`POST ${POLICY}`]: async ({ path, input }) => {
      const fn = functions.get(path.name ?? "");
      const wanted = checked(permissionInput, input);
      if (fn.policy.some(({ Sid }) => Sid === wanted.StatementId)) {
        const what = `The statement id (${wanted.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        throw new AwsError("ResourceConflictException", what, 409);
      }
      const added = statement(wanted, fn.arn);
      fn.policy.push(added);
      return jsonAnswer(201, { Statement: JSON.stringify(added) });
    },
    [`GET ${POLICY}`]: async ({ path }) => {
      const fn = functions.get(path.name ?? "");
      if (fn.policy.length === 0) throw notFound();
      return jsonAnswer(200, {
        Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: fn.policy }),
        RevisionId: fn.latest.revisionId,
      });
    },
    [`DELETE ${POLICY}/{sid}`]: async ({ path }) => {
      const fn = functions.get(path.name ?? "");
      if (!fn.policy.some(({ Sid }) => Sid === path.sid)) throw notFound(`Statement ${path.sid} is not found in resource policy.`);
      fn.policy = fn.policy.filter(({ Sid }) => Sid !== path.sid);
      return jsonAnswer(204, undefined);
    },
  };
}
