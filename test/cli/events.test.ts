import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { printEvents, readEvents } from "../../cli/events";
import type { ClusterEvent } from "../../contract/events";
import type { LabFile } from "../../contract/lab-file";

const event = (at: string, more: Partial<ClusterEvent> = {}): ClusterEvent => ({
  id: at,
  at,
  source: "nplus1.node",
  event: "quarantined",
  node: "i-1",
  reason: "it does not answer",
  cause: "no-answer",
  dependency: null,
  details: {},
  ...more,
});
const [first, second] = [
  event("2026-11-24T13:00:00.000Z"),
  event("2026-11-24T13:00:01.000Z", { source: "nplus1.sentinel", node: null, cause: null }),
];

let endpoint: Server;
let answer: { code: number; body: unknown };
let lab: LabFile;

beforeAll(async () => {
  endpoint = createServer((_, response) => response.writeHead(answer.code).end(JSON.stringify(answer.body))).listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  const port = (endpoint.address() as AddressInfo).port;
  lab = { labId: "abcdef", pid: process.pid, rootless: false, ports: { http: 1, https: 1, endpoint: port, aws: 1, random: 1 } };
});

afterAll(() => endpoint.close());

test("the cluster's own events are read in the order in which they happened, those of AWS's services are not", async () => {
  const buses = [{ source: "aws.autoscaling", detail: {} }, ...[second, first].map((detail) => ({ source: detail.source, detail }))];
  answer = { code: 200, body: { events: buses } };
  expect(await readEvents(lab)).toEqual([first, second]);
});

test("fails when the lab does not answer as it should", async () => {
  answer = { code: 500, body: { error: "no" } };
  await expect(readEvents(lab)).rejects.toThrow('the lab does not say its events: 500 {"error":"no"}');
});

test("people see when, where, what and why", () => {
  const lines = printEvents([first, event("2026-11-24T13:00:02.000Z", { cause: "dependency", dependency: "payments" })]).split("\n");
  expect(lines[1]).toMatch(/^2026-11-24 13:00:00 +i-1 +quarantined +no-answer +it does not answer$/);
  expect(lines[2]).toMatch(/dependency payments/);
  expect(printEvents([])).toBe("nothing has been told yet");
});
