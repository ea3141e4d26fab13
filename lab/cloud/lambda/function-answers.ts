import { AwsError } from "../aws-error";
import { type HttpAnswer, jsonAnswer } from "../endpoint/service-answer";
import type { RestRequest, RestRoutes } from "../rest-protocol";
import { checked } from "./checked";
import { configurationOf } from "./described";
import type { FunctionVersion, LambdaFunction } from "./function";
import { createInput, updateCodeInput, updateConfigurationInput } from "./function-input";
import type { Functions } from "./functions";

const FUNCTION = "/2015-03-31/functions/{name}";

const described = (fn: LambdaFunction, version: FunctionVersion, status = 200): HttpAnswer => jsonAnswer(status, configurationOf(fn, version));

/** Functions and their versions. */
export function functionAnswers(functions: Functions): RestRoutes {
  const named = ({ path, query }: RestRequest) => functions.version(path.name ?? "", query.get("Qualifier"));
  return {
    "POST /2015-03-31/functions": async ({ input }) => {
      const wanted = checked(createInput, input);
      const fn = await functions.create(wanted);
      return described(fn, wanted.Publish ? functions.publish(fn, undefined) : fn.latest, 201);
    },
    "GET /2015-03-31/functions": async () => jsonAnswer(200, { Functions: functions.all().map((fn) => configurationOf(fn, fn.latest)) }),
    [`GET ${FUNCTION}`]: async (request) => {
      const { fn, version } = named(request);
      return jsonAnswer(200, {
        Configuration: configurationOf(fn, version),
        Code: { RepositoryType: "S3", Location: `file://${version.code.taskDir}` },
        Tags: fn.tags,
        ...(fn.reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
      });
    },
    [`GET ${FUNCTION}/configuration`]: async (request) => {
      const { fn, version } = named(request);
      return described(fn, version);
    },
    [`PUT ${FUNCTION}/configuration`]: async (request) => {
      const { RevisionId, ...input } = checked(updateConfigurationInput, request.input);
      const fn = atRevision(functions.get(request.path.name ?? ""), RevisionId);
      await functions.reconfigure(fn, input);
      return described(fn, fn.latest);
    },
    [`PUT ${FUNCTION}/code`]: async (request) => {
      const { RevisionId, Publish, DryRun, Architectures, ...Code } = checked(updateCodeInput, request.input);
      const fn = atRevision(functions.get(request.path.name ?? ""), RevisionId);
      if (!DryRun) await functions.reconfigure(fn, { Code }, Architectures);
      return described(fn, Publish && !DryRun ? functions.publish(fn, undefined) : fn.latest);
    },
    [`DELETE ${FUNCTION}`]: async ({ path }) => {
      await functions.delete(functions.get(path.name ?? ""));
      return jsonAnswer(204, undefined);
    },
    [`POST ${FUNCTION}/versions`]: async ({ path, input }) => {
      const fn = functions.get(path.name ?? "");
      return described(fn, functions.publish(fn, (input as { Description?: string } | undefined)?.Description), 201);
    },
    [`GET ${FUNCTION}/versions`]: async ({ path }) => {
      const fn = functions.get(path.name ?? "");
      return jsonAnswer(200, { Versions: [fn.latest, ...fn.published].map((version) => configurationOf(fn, version)) });
    },
  };
}

function atRevision(fn: LambdaFunction, revisionId: string | undefined): LambdaFunction {
  if (revisionId === undefined || revisionId === fn.latest.revisionId) return fn;
  const advice = "Call the GetFunction/GetAlias API to retrieve the latest Revision Id";
  throw new AwsError("PreconditionFailedException", `The Revision Id provided does not match the latest Revision Id. ${advice}`, 412);
}
