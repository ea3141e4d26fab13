import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { once } from "node:events";
import { Client } from "../../../bench/sessions/client";
import { Connection } from "../../../bench/sessions/connection";

type Answer = (req: IncomingMessage, res: ServerResponse) => void;

let server: Server;
let connection: Connection;
let asked: string[];

async function serve(answer: Answer): Promise<void> {
  asked = [];
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url} ${req.headers.cookie ?? "-"}`);
    answer(req, res);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  connection = await Connection.open((server.address() as AddressInfo).port);
}

afterEach(async () => {
  connection.close();
  server.close();
  await once(server, "close");
});

const json = (res: ServerResponse, body: object): void => {
  const text = JSON.stringify(body);
  res.writeHead(200, { "Content-Length": text.length }).end(text);
};

test("a client keeps its cookies and takes over what responses set", async () => {
  await serve((_, res) => {
    if (asked.length === 1) res.setHeader("Set-Cookie", ["sid=s%3Aone; Path=/; HttpOnly", "sid.v=1.w-1.sig; Path=/"]);
    if (asked.length === 2) res.setHeader("Set-Cookie", "sid.v=2.w-2.sig; Path=/");
    json(res, { bytes: 10, visits: 1 });
  });
  const client = new Client(0, "/page");
  await client.logIn(connection, 10);
  await client.modify(connection);
  await client.visits(connection);
  expect(asked).toEqual(["POST /login/10 -", "POST /visits sid=s%3Aone; sid.v=1.w-1.sig", "GET /page sid=s%3Aone; sid.v=2.w-2.sig"]);
  expect(client.acknowledged).toBe(1);
});

test.each([
  [0, 0],
  [0.05, 2],
  [1, 40],
])("of 40 requests the share %d modifies %d", async (modifying, modifications) => {
  await serve((_, res) => json(res, {}));
  const client = new Client(7, "/page");
  for (let n = 0; n < 40; n += 1) await client.next(connection, modifying);
  expect(client.acknowledged).toBe(modifications);
  expect(asked.filter((line) => line.startsWith("POST"))).toHaveLength(modifications);
});

test("fails when an answer is not 200, with its words", async () => {
  await serve((_, res) => res.writeHead(503, { "Content-Length": 4 }).end("away"));
  await expect(new Client(3, "/page").modify(connection)).rejects.toThrow("client 3: POST /visits was answered 503 away");
});

test("an answer that comes in pieces is one answer", async () => {
  await serve((_, res) => {
    res.writeHead(200, { "Content-Length": 12 });
    res.write('{"visi');
    setTimeout(() => res.end('ts":9}'), 20);
  });
  expect(await new Client(0, "/page").visits(connection)).toBe(9);
});

test("fails when the program closes the connection", async () => {
  await serve((req) => req.socket.destroy());
  await expect(new Client(0, "/page").visits(connection)).rejects.toThrow(/closed the connection|ECONNRESET/);
});
