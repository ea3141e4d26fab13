import type { IncomingHttpHeaders } from "node:http";
import { Problem } from "./problem";

/** The names by which a program of this node calls the agent. Another name is a page in somebody's browser that had its name lead here. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d+))?$/i;

/** What only browsers and proxies send: the gate and the load balancer among them. */
const FOREIGN = ["origin", "sec-fetch-site", "forwarded", "x-forwarded-for", "via"];

/** @throws Problem for a request that was not made by a program of this node on its own account */
export function mustBeFromThisNode(headers: IncomingHttpHeaders, port: number | undefined): void {
  const [whole, named] = OWN_HOST.exec(headers.host ?? "") ?? [];
  if (whole === undefined || (named !== undefined && Number(named) !== port)) {
    throw new Problem(403, "not-from-this-node", `Host: must be 127.0.0.1:${port}, localhost:${port} or [::1]:${port}`);
  }
  const foreign = FOREIGN.find((name) => headers[name] !== undefined);
  if (foreign !== undefined) {
    throw new Problem(
      403,
      "not-from-this-node",
      `${foreign}: must not be there, as only programs of this node are answered, no browsers and no proxies`,
    );
  }
}
