import { z } from "zod";
import { jsonAnswer } from "../endpoint/service-answer";
import type { RestRoutes } from "../rest-protocol";
import { checked, invalid } from "./checked";
import type { Functions } from "./functions";
import { ACCOUNT_CONCURRENCY } from "./runner";

/** What must be left for functions that reserve none. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const LEAST_UNRESERVED = 100;

const input = z.strictObject({ ReservedConcurrentExecutions: z.int().min(0) });

/** How many invocations of a function run at once, and the account's limits. */
export function concurrencyAnswers(functions: Functions): RestRoutes {
  return {
    "PUT /2017-10-31/functions/{name}/concurrency": async (request) => {
      const fn = functions.get(request.path.name ?? "");
      const { ReservedConcurrentExecutions: count } = checked(input, request.input);
      if (ACCOUNT_CONCURRENCY - functions.reserved(fn) - count < LEAST_UNRESERVED) {
        const what = "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution";
        invalid(`${what} below its minimum value of [${LEAST_UNRESERVED}].`);
      }
      fn.reservedConcurrency = count;
      return jsonAnswer(200, { ReservedConcurrentExecutions: count });
    },
    "GET /2019-09-30/functions/{name}/concurrency": async ({ path }) =>
      jsonAnswer(200, { ReservedConcurrentExecutions: functions.get(path.name ?? "").reservedConcurrency }),
    "DELETE /2017-10-31/functions/{name}/concurrency": async ({ path }) => {
      functions.get(path.name ?? "").reservedConcurrency = undefined;
      return jsonAnswer(204, undefined);
    },
    "GET /2016-08-19/account-settings": async () =>
      jsonAnswer(200, {
        AccountLimit: {
          ConcurrentExecutions: ACCOUNT_CONCURRENCY,
          UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - functions.reserved(),
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
        },
        AccountUsage: {
          FunctionCount: functions.all().length,
          TotalCodeSize: functions.all().reduce((sum, fn) => sum + fn.latest.code.size, 0),
        },
      }),
  };
}
