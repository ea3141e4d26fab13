import { request } from "node:http";

/** Response header by which an application names what it misses; the JSON body's key `dependency` says the same. */
const DEPENDENCY_HEADER = "x-nplus1-dependency";
/** Of an answer, the body is read up to this many bytes. */
const BODY_BYTES = 65_536;
const DEPENDENCY_NAME = /^[\w.:/ -]{1,80}$/;

export interface HealthPathAnswer {
  status: number;
  dependency: string | undefined;
}

export interface HealthPathQuestion {
  answer: Promise<HealthPathAnswer>;
  /** Its answer is not wanted any more, and never comes. */
  give: () => void;
}

/** Asks the health path over a connection of its own, from the node's own address: its gate then asks the own application and no other. */
export function askHealthPath(url: string, localAddress: string): HealthPathQuestion {
  const sent = request(url, { agent: false, localAddress, headers: { "user-agent": "nplus1-agent" } });
  const answer = new Promise<HealthPathAnswer>((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      const status = response.statusCode ?? 0;
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        if (body.length < BODY_BYTES) body += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status, dependency: status < 500 ? undefined : named(response.headers[DEPENDENCY_HEADER], body) }));
    });
    sent.end();
  });
  answer.catch(() => undefined);
  return { answer, give: () => sent.destroy() };
}

function named(header: string | string[] | undefined, body: string): string | undefined {
  const name = typeof header === "string" ? header : fromBody(body);
  return typeof name === "string" && DEPENDENCY_NAME.test(name) ? name : undefined;
}

function fromBody(body: string): unknown {
  try {
    return (JSON.parse(body) as { dependency?: unknown } | null)?.dependency;
  } catch {
    return undefined;
  }
}
