import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { ServiceAnswer } from "../../../lab/cloud/endpoint/service-answer";

export interface Served {
  settings: { endpoint: string; region: string; maxAttempts: number; credentials: { accessKeyId: string; secretAccessKey: string } };
  close: () => Promise<void>;
}

/** A service on a port of this machine, and what a real client of it needs. */
export async function serveAnswer(answer: ServiceAnswer): Promise<Served> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const given = await answer({ method, url, headers, body: await buffer(incoming) });
    const { status, headers: fields, body } = given ?? { status: 501, headers: {}, body: `no answer to ${method} ${url}` };
    outgoing.writeHead(status, fields).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: { endpoint, region: "us-east-1", maxAttempts: 1, credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" } },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
