import type { Target } from "@aws-sdk/client-eventbridge";
import { busEvent } from "../../../../lab/cloud/events/event";
import { targetInput } from "../../../../lab/cloud/events/target-input";

const rule = { name: "ladder", arn: "arn:aws:events:us-east-1:123456789012:rule/ladder" };
const detail = { node: 'i-"1"', failures: 2, peers: [{ id: "i-2" }] };
const event = busEvent({ source: "nplus1.health", detailType: "Node Quarantined", detail }, "id-1", new Date("2026-11-24T10:00:00.123Z"));

test("an event has the fields of EventBridge's envelope", () => {
  expect(event).toEqual({
    version: "0",
    id: "id-1",
    "detail-type": "Node Quarantined",
    source: "nplus1.health",
    account: "123456789012",
    time: "2026-11-24T10:00:00Z",
    region: "us-east-1",
    resources: [],
    detail,
  });
});

test.each<[string, Omit<Target, "Id" | "Arn">, unknown]>([
  ["the whole event", {}, event],
  ["constant input", { Input: '{"full":true}' }, { full: true }],
  ["a part of it", { InputPath: "$.detail.peers[0]" }, { id: "i-2" }],
  ["nothing of a part that is not there", { InputPath: "$.detail.other" }, null],
  [
    "a template filled with it",
    {
      InputTransformer: {
        InputPathsMap: { node: "$.detail.node", count: "$.detail.failures", gone: "$.detail.gone" },
        InputTemplate: '{"text":"node <node> failed <count> times","node":<node>,"n":<count>,"gone":"<gone>","rule":<aws.events.rule-name>}',
      },
    },
    { text: 'node i-"1" failed 2 times', node: 'i-"1"', n: 2, gone: "", rule: "ladder" },
  ],
])("a target gets %s", (_, target, input) => {
  expect(JSON.parse(targetInput({ Id: "1", Arn: "arn", ...target }, event, rule))).toEqual(input);
});
