import { parsePattern } from "../../../../lab/cloud/events/event-pattern";

const event = {
  source: "nplus1.health",
  "detail-type": "Node Quarantined",
  resources: ["arn:a", "arn:b"],
  detail: { node: "i-1", zone: "us-east-1a", failures: 3, forced: false, reason: null, probes: [{ name: "x" }], peers: ["i-2", "i-3"] },
};

test.each<[string, object, boolean]>([
  ["a value", { source: ["nplus1.health"] }, true],
  ["one of several values", { source: ["other", "nplus1.health"] }, true],
  ["another value", { source: ["nplus1.release"] }, false],
  ["all of its fields", { source: ["nplus1.health"], detail: { node: ["i-2"] } }, false],
  ["a nested value", { detail: { node: ["i-1"], forced: [false], failures: [3], reason: [null] } }, true],
  ["a number, not its text", { detail: { failures: ["3"] } }, false],
  ["one value of a list", { resources: ["arn:b"], detail: { peers: ["i-3"] } }, true],
  ["no value of a list", { resources: ["arn:c"] }, false],
  ["a prefix", { source: [{ prefix: "nplus1." }] }, true],
  ["another prefix", { source: [{ prefix: "aws." }] }, false],
  ["a suffix", { detail: { zone: [{ suffix: "1a" }] } }, true],
  ["a value in any case", { "detail-type": [{ "equals-ignore-case": "node quarantined" }] }, true],
  ["a field that is there", { detail: { node: [{ exists: true }], reason: [{ exists: true }] } }, true],
  ["a field that is not there", { detail: { token: [{ exists: false }], node: ["i-1"] } }, true],
  ["a field that should not be there", { detail: { node: [{ exists: false }] } }, false],
  ["anything but a value", { detail: { node: [{ "anything-but": "i-2" }] } }, true],
  ["anything but its value", { detail: { node: [{ "anything-but": ["i-0", "i-1"] }] } }, false],
  ["anything but a prefix", { source: [{ "anything-but": { prefix: "aws." } }] }, true],
  ["anything but what is not there", { detail: { token: [{ "anything-but": "x" }] } }, false],
  ["a range", { detail: { failures: [{ numeric: [">=", 1, "<", 4] }] } }, true],
  ["another range", { detail: { failures: [{ numeric: [">", 3] }] } }, false],
  ["one of two alternatives", { $or: [{ source: ["x"] }, { detail: { node: ["i-1"] } }] }, true],
  ["none of two alternatives", { source: ["nplus1.health"], $or: [{ source: ["x"] }, { detail: { node: ["i-9"] } }] }, false],
])("an event is matched by %s as EventBridge does", (_, pattern, matches) => {
  expect(parsePattern(JSON.stringify(pattern))(event)).toBe(matches);
});

test.each<[string, string, string]>([
  ["is no JSON", "{", "must be JSON"],
  ["has no fields", "{}", "must be an object with fields"],
  ["has a bare value", '{"source":"x"}', "source must be an object with fields"],
  ["has an empty list", '{"source":[]}', "source must have a value"],
  ["has a comparison that the lab has not", '{"detail":{"ip":[{"cidr":"10.0.0.0/8"}]}}', "detail.ip: the lab has no comparison cidr"],
  ["has half a range", '{"detail":{"n":[{"numeric":[">"]}]}}', "detail.n.numeric must be comparisons and numbers in turn"],
])("fails when a pattern %s", (_, text, message) => {
  expect(() => parsePattern(text)).toThrow(message);
});
