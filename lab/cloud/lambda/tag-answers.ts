import { jsonAnswer } from "../endpoint/service-answer";
import type { RestRoutes } from "../rest-protocol";
import type { Functions } from "./functions";

const TAGS = "/2017-03-31/tags/{arn}";

export function tagAnswers(functions: Functions): RestRoutes {
  return {
    [`GET ${TAGS}`]: async ({ path }) => jsonAnswer(200, { Tags: functions.get(path.arn ?? "").tags }),
    [`POST ${TAGS}`]: async ({ path, input }) => {
      Object.assign(functions.get(path.arn ?? "").tags, (input as { Tags?: Record<string, string> } | undefined)?.Tags);
      return jsonAnswer(204, undefined);
    },
    [`DELETE ${TAGS}`]: async ({ path, query }) => {
      const { tags } = functions.get(path.arn ?? "");
      for (const key of query.getAll("tagKeys")) delete tags[key];
      return jsonAnswer(204, undefined);
    },
  };
}
