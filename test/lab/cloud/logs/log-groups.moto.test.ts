import { CloudWatchLogsClient, DeleteLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { LogGroups } from "../../../../lab/cloud/logs/log-groups";
import { Moto } from "../../provider/moto";

jest.setTimeout(60_000);

let moto: Moto;
let client: CloudWatchLogsClient;
let failures: unknown[];
let logs: LogGroups;

beforeAll(async () => {
  moto = await Moto.start();
  client = new CloudWatchLogsClient({ region: "us-east-1", endpoint: moto.url });
  failures = [];
  logs = new LogGroups(client, (error) => void failures.push(error));
}, 60_000);

afterAll(async () => {
  client.destroy();
  await moto.stop();
});

async function messages(logGroupName: string, count: number): Promise<string[]> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName })).catch(() => ({ events: [] }));
    if (events.length >= count) return events.map(({ message }) => message ?? "");
    if (performance.now() > deadline) throw new Error(`waited 20 s for ${count} events of ${logGroupName}, got ${events.length}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("lines are written in their order, into groups and streams that need not be there", async () => {
  logs.put("/aws/lambda/a", "one", "first");
  logs.put("/aws/lambda/b", "one", "other");
  logs.put("/aws/lambda/a", "one", "");
  logs.put("/aws/lambda/a", "one", "last\nof two");
  expect(await messages("/aws/lambda/a", 3)).toEqual(["first", " ", "last\nof two"]);
  expect(await messages("/aws/lambda/b", 1)).toEqual(["other"]);
});

test("a group that was deleted is made again for what comes later", async () => {
  await client.send(new DeleteLogGroupCommand({ logGroupName: "/aws/lambda/a" }));
  logs.put("/aws/lambda/a", "one", "again");
  expect(await messages("/aws/lambda/a", 1)).toEqual(["again"]);
  expect(failures).toEqual([]);
});
