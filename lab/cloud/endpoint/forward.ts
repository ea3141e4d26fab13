import { type IncomingMessage, request, type ServerResponse } from "node:http";

/** Passes a request on to moto and its answer back, byte for byte. Answers with the status that moto gave. */
export function forward(
  incoming: IncomingMessage,
  body: Buffer | undefined,
  outgoing: ServerResponse,
  moto: { host: string; port: number },
): Promise<number> {
  const headers = body ? { ...incoming.headers, "content-length": String(body.length) } : incoming.headers;
  return new Promise((resolve, reject) => {
    const passed = request({ ...moto, method: incoming.method, path: incoming.url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.once("error", reject);
      answer.once("end", () => resolve(answer.statusCode ?? 502));
    });
    passed.once("error", reject);
    outgoing.once("close", () => outgoing.writableFinished || passed.destroy());
    if (body) passed.end(body);
    else incoming.pipe(passed);
  });
}
