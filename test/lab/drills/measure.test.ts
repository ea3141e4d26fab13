import type { CartRequest } from "../../../lab/drills/load/cart-request";
import { clientsOn, figures, mostUsedNode, steeredMs, writesBackMs } from "../../../lab/drills/measure";

type Times = [begin: number, end: number];

const look = (client: string, [invokedAt, returnedAt]: Times, failure?: string): CartRequest => ({
  client,
  session: client,
  invokedAt,
  returnedAt,
  ...(failure === undefined ? { quantities: new Map() } : { failure: { what: failure, isRefusal: false } }),
});
const add = (client: string, times: Times, failure?: string): CartRequest => ({ ...look(client, times, failure), added: "rope" });

test("figures count requests and failures by kind, and tell times and silence", () => {
  const requests = [look("a", [0, 10]), add("a", [10, 30]), look("a", [40, 70.04], "502"), add("b", [50, 60], "ECONNRESET"), look("b", [100, 130])];
  expect(figures(requests)).toEqual({
    requests: 5,
    failed: 2,
    failedSafe: 1,
    repeated: 0,
    failures: { "GET 502": 1, "POST ECONNRESET": 1 },
    silentMs: 100,
    medianMs: 20,
    p99Ms: 30,
    longestRequestMs: 30,
  });
});

test("figures of nothing are zeros", () => {
  expect(figures([])).toMatchObject({ requests: 0, failed: 0, silentMs: 0, medianMs: 0, p99Ms: 0, longestRequestMs: 0 });
});

describe("steered", () => {
  const both = new Set(["a", "b"]);

  test("is when the last request of a client that was touched had failed", () => {
    const requests = [
      look("a", [100, 130], "502"),
      look("b", [120, 135], "502"),
      look("c", [300, 400], "502"),
      look("a", [140, 150]),
      look("b", [140, 150]),
    ];
    expect(steeredMs(requests, both, 100)).toBe(35);
  });

  test("is when a request that was under way at the fault, or began after it, came late", () => {
    expect(steeredMs([look("a", [90, 700]), look("b", [1500, 2100]), look("a", [2100, 2105])], both, 100)).toBe(2000);
  });

  test("is when a request that was repeated was served, however long the first one took", () => {
    const repeated = { ...look("a", [9000, 9010]), repeats: 1, firstInvokedAt: 90 };
    expect(steeredMs([repeated, look("b", [110, 115])], both, 100)).toBe(8910);
  });

  test("is at once when nothing failed or came late", () => {
    expect(steeredMs([look("a", [0, 90], "502"), look("a", [100, 600])], both, 100)).toBe(0);
    expect(steeredMs([], new Set(), 100)).toBe(0);
  });

  test("does not count modifications, which may wait for the store", () => {
    expect(steeredMs([add("a", [100, 900], "503"), look("a", [900, 905])], both, 100)).toBe(0);
  });

  test("does not count what comes long after all was calm", () => {
    expect(steeredMs([look("a", [100, 130], "502"), look("a", [2200, 2900])], both, 100)).toBe(30);
  });

  test("is never when a client was not served again", () => {
    expect(steeredMs([look("a", [100, 105]), look("b", [100, 105], "502")], both, 100)).toBeNull();
  });
});

describe("modifications are back", () => {
  test("with the first that succeeds after the last that failed", () => {
    const requests = [add("a", [90, 110], "503"), add("b", [105, 108]), add("a", [110, 150], "503"), add("b", [140, 151]), look("a", [0, 101])];
    expect(writesBackMs(requests, 100)).toBe(51);
  });

  test("with the first that began after the fault when none failed", () => {
    expect(writesBackMs([add("a", [90, 101]), add("a", [102, 3100])], 100)).toBe(3000);
  });

  test("never when all fail", () => {
    expect(writesBackMs([add("a", [90, 101]), add("a", [102, 110], "503")], 100)).toBeNull();
  });
});

test("the node of some that most clients were on at last is the most used", () => {
  const on = (node: string, client: string): CartRequest => ({ ...look(client, [0, 1]), node });
  const requests = [on("i-1", "a"), on("i-1", "b"), on("i-2", "a"), on("i-2", "c"), on("i-3", "d"), look("c", [2, 3], "502")];
  expect(mostUsedNode(requests, ["i-1", "i-2", "i-3"])).toEqual({ node: "i-2", clients: new Set(["a", "c"]) });
  expect(mostUsedNode(requests, ["i-3", "i-4"])).toEqual({ node: "i-3", clients: new Set(["d"]) });
  expect(mostUsedNode(requests, ["i-4"])).toEqual({ node: "i-4", clients: new Set() });
  expect(mostUsedNode(requests, [])).toBeUndefined();
  expect(clientsOn(requests, ["i-1", "i-2"])).toEqual(new Set(["a", "b", "c"]));
});
