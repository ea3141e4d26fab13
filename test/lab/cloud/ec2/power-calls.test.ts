import type { Call } from "../../../../lab/cloud/endpoint/recognise";
import { followPowerCall } from "../../../../lab/cloud/ec2/power-calls";

const call = (action: string, more: Record<string, string> = {}): Call => ({
  service: "ec2",
  action,
  params: { "InstanceId.1": "i-1", "InstanceId.2": "i-2", "Filter.1.Name": "x", ...more },
});

test.each<[string, Call, string[]]>([
  ["TerminateInstances", call("TerminateInstances"), ["terminate i-1", "terminate i-2"]],
  ["StopInstances", call("StopInstances"), ["stop i-1", "stop i-2"]],
  ["a dry run", call("TerminateInstances", { DryRun: "true" }), []],
  ["another call", call("DescribeInstances"), []],
  ["another service's call", { ...call("TerminateInstances"), service: "autoscaling" }, []],
])("%s ends what it names", async (_, made, ended) => {
  const done: string[] = [];
  await followPowerCall(made, async (id, how) => void done.push(`${how} ${id}`));
  expect(done).toEqual(ended);
});
