import { commandsPerRequest, countsBetween, parseCommandStats, parseMonitorLine } from "../../../bench/sessions/command-counts";

const info = `# Commandstats\r
cmdstat_get:calls=120,usec=300,usec_per_call=2.50,rejected_calls=0,failed_calls=0\r
cmdstat_client|list:calls=2,usec=9,usec_per_call=4.50,rejected_calls=0,failed_calls=0\r
cmdstat_client|setinfo:calls=3,usec=9,usec_per_call=4.50,rejected_calls=0,failed_calls=0\r
cmdstat_evalsha:calls=7,usec=100,usec_per_call=14.29,rejected_calls=0,failed_calls=0\r
`;

test("calls are read from the server's own counters, subcommands with their command", () => {
  expect(parseCommandStats(info)).toEqual({ get: 120, client: 5, evalsha: 7 });
});

test("what grew between two readings counts, and what the benchmark asked does not", () => {
  expect(countsBetween({ get: 100, info: 1 }, { get: 120, info: 2, set: 3, expire: 0 })).toEqual({ get: 20, set: 3 });
});

test("beats of idle programs are no commands of a request", () => {
  const idle = { counts: { get: 40 }, ms: 2000 };
  expect(commandsPerRequest({ get: 20, evalsha: 500 }, 1000, 1000, idle)).toEqual({ get: 0, evalsha: 0.5 });
});

test("a beat that fell out makes the count negative, and is not hidden", () => {
  expect(commandsPerRequest({}, 100, 1000, { counts: { get: 1 }, ms: 1000 })).toEqual({ get: -0.01 });
});

test.each([
  ['1700000000.123456 [0 127.0.0.1:40000] "EVALSHA" "abc" "1"', { command: "evalsha", inScript: false }],
  ['1700000000.123456 [0 lua] "HGET" "key" "v"', { command: "hget", inScript: true }],
  ["OK", undefined],
])("MONITOR's line %s is understood", (line, parsed) => {
  expect(parseMonitorLine(line)).toEqual(parsed);
});
