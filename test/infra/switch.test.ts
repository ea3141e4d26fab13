import { Egress } from "../../infra/egress";
import { Switch } from "../../infra/switch";
import { only, record, resource } from "./record";

test("clients go to one fleet by the last rule, after all that it waits for", async () => {
  const made = await record(() => {
    const before = new Egress("before", { subnetId: "s", privateRouteTableId: "r", protect: false });
    return new Switch("switch", { listenerArn: "arn:listener", targetGroupArn: "arn:targets", after: [before] });
  });
  expect(only(made, "aws:lb/listenerRule:ListenerRule", "switch")).toEqual({
    listenerArn: "arn:listener",
    priority: 50_000,
    conditions: [{ pathPattern: { values: ["/*"] } }],
    actions: [{ type: "forward", targetGroupArn: "arn:targets" }],
  });
  const waitsFor = resource(made, "aws:lb/listenerRule:ListenerRule", "switch").dependsOn;
  for (const { urn, type } of made) if (type.startsWith("aws:ec2/")) expect(waitsFor).toContain(urn);
});
