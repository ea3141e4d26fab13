import { judge } from "../../../../lab/drills/history/judge";
import { violationLine } from "../../../../lab/drills/history/words";
import { Client } from "./client";
import { Cluster } from "./cluster";
import type { Node } from "./node";

const MODIFICATIONS = 10_000;
/** Sessions that are modified beside each other. */
const SESSIONS = 8;

let cluster: Cluster;
const nodeOf = (index: number): Node => cluster.nodes[index % cluster.nodes.length] as Node;

beforeAll(async () => {
  cluster = await Cluster.start({ nodes: 3, options: { storeTimeoutMs: 10_000 } });
}, 30_000);
afterAll(() => cluster.stop());

async function begun(session: string, writers: number): Promise<Client[]> {
  const clients = Array.from({ length: writers }, (_, index) => new Client(`w${index}`, session));
  await clients[0]?.create(nodeOf(0));
  return clients;
}

/** All write at the same time, each its own key, on nodes next to each other; then whatever one of them sees is all of it. */
async function inRounds(session: string, writers: number, rounds: number): Promise<string[]> {
  const clients = await begun(session, writers);
  const keys = clients.map(({ name }) => name);
  const wrong: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const done = await Promise.all(clients.map((client, index) => client.write(nodeOf(index + round), client.name)));
    const { values } = await nodeOf(round).ask("read", session, "");
    const lost = keys.filter((key, index) => values?.[key] !== clients[index]?.lastValue);
    if (done.includes(false) || lost.length > 0) wrong.push(`${session} round ${round}: lost ${lost.join(", ")}`);
  }
  return [...wrong, ...clients.flatMap(({ faults }) => faults)];
}

test.each([2, 4, 8])(
  "different keys that %d writers on 3 nodes modify at the same time all survive",
  async (writers) => {
    const rounds = Math.ceil(MODIFICATIONS / SESSIONS / writers);
    const sessions = Array.from({ length: SESSIONS }, (_, index) => `writers-${writers}-${index}`);
    const wrong = await Promise.all(sessions.map((session) => inRounds(session, writers, rounds)));
    expect(wrong.flat()).toEqual([]);
  },
  60_000,
);

test("increments of one key by 8 writers on 3 nodes lose none", async () => {
  const each = Math.ceil(MODIFICATIONS / SESSIONS / 8);
  const all = await Promise.all(Array.from({ length: SESSIONS }, (_, index) => begun(`counter-${index}`, 8)));
  const adds = all.flatMap((clients) =>
    clients.map(async (client, index) => {
      for (let time = 0; time < each; time += 1) expect(await client.add(nodeOf(index + time), "count")).toBe(true);
    }),
  );
  await Promise.all(adds);
  for (const [index, clients] of all.entries()) {
    const { values } = await nodeOf(index).ask("read", `counter-${index}`, "");
    expect(values?.["count"]).toBe(8 * each);
    const history = clients.flatMap((client) => client.history).filter(({ key }) => key === "count");
    expect(judge(history).map((violation) => violationLine(violation))).toEqual([]);
  }
}, 60_000);
