import { AwsError } from "./aws-error";
import { type HttpAnswer, jsonAnswer, type ServiceAnswer, type ServiceRequest } from "./endpoint/service-answer";

/** A request of a REST service, taken apart. */
export interface RestRequest extends ServiceRequest {
  /** The parts of the path that its pattern names, decoded. */
  path: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** The body as JSON; an empty one is no input. */
  input: unknown;
}

/** `METHOD /path/{name}` → its answer; undefined: moto's answer. */
export type RestRoutes = Readonly<Record<string, (request: RestRequest) => Promise<HttpAnswer | undefined>>>;

interface Route {
  method: string;
  pattern: RegExp;
  answer: RestRoutes[string];
}

const routeOf = ([route, answer]: [string, RestRoutes[string]]): Route => {
  const [method = "", path = ""] = route.split(" ");
  return { method, pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`), answer };
};

/** A REST service with JSON bodies. @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restService(routes: RestRoutes): ServiceAnswer {
  const all = Object.entries(routes).map(routeOf);
  return async (request) => {
    const { pathname, searchParams: query } = new URL(request.url, "http://lab");
    for (const { method, pattern, answer } of all) {
      const match = method === request.method ? pattern.exec(pathname) : null;
      if (!match) continue;
      const path = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
      try {
        return await answer({ ...request, path, query, input: parsed(request) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return jsonAnswer(error.status, { Type: "User", Message: error.message, ...error.details }, { "x-amzn-errortype": error.code });
      }
    }
    return undefined;
  };
}

/** Not every body is JSON: an invocation's is only handed on. */
function parsed({ body }: ServiceRequest): unknown {
  try {
    return body.length === 0 ? undefined : JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
