import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** What `writeHead` takes after the status. */
export type HeadArguments = [status: number, reason?: unknown, headers?: unknown];

/**
 * Puts the headers of a `writeHead` call into the response, where others can be added, and returns the call without them. As Node.js does it
 * itself when the response has other headers already.
 */
export function applyHead(res: ServerResponse, [status, reason, headers]: HeadArguments): HeadArguments {
  const given = typeof reason === "string" ? headers : (headers ?? reason);
  if (Array.isArray(given)) applyPairs(res, given as OutgoingHttpHeader[]);
  else for (const [name, value] of Object.entries((given ?? {}) as OutgoingHttpHeaders)) if (name) res.setHeader(name, value as OutgoingHttpHeader);
  return typeof reason === "string" ? [status, reason] : [status];
}

/** A list of names and values in turn, or of pairs. */
function applyPairs(res: ServerResponse, given: OutgoingHttpHeader[]): void {
  const flat = (Array.isArray(given[0]) ? given.flat() : given) as string[];
  if (flat.length % 2 !== 0) throw new TypeError("res.writeHead: the list of headers must have a value for each name");
  for (let at = 0; at < flat.length; at += 2) res.removeHeader(flat[at] as string);
  for (let at = 0; at < flat.length; at += 2) if (flat[at]) res.appendHeader(flat[at] as string, flat[at + 1] as string);
}
