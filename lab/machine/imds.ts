import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { IMDS } from "./addresses";
import { answerImds } from "./imds-answer";
import { type InstanceMetadata, metadataFiles } from "./instance-metadata";

/** One instance's metadata service, on the port that its router sends it to; returns what closes it. */
export async function startImds(port: number, metadata: () => InstanceMetadata, userData: string): Promise<() => void> {
  const key = randomBytes(32);
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const answer = answerImds({ method, path: url, headers }, () => metadataFiles(metadata(), userData), key, Date.now());
    response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
    response.end(method === "HEAD" ? undefined : answer.body);
    request.resume();
  });
  server.listen(port, IMDS);
  await once(server, "listening");
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
