import { dashboard } from "../../infra/dashboard";
import { only, record } from "./record";

test("one page shows nodes, what was done to them, requests, the store and the sentinel, as this stack's metrics name them", async () => {
  const made = await record(() => {
    dashboard("dashboard", {
      stack: "prod.eu",
      region: "eu-central-1",
      loadBalancer: "app/door/1",
      functionName: "sentinel-1",
      storeMemberIds: ["store-001", "store-002"],
      eventsLogGroup: "/nplus1/prod.eu/events",
    });
  });
  const { dashboardName, dashboardBody } = only(made, "aws:cloudwatch/dashboard:Dashboard", "dashboard");
  expect(dashboardName).toBe("nplus1-prod-eu");
  const { widgets } = JSON.parse(dashboardBody as string) as { widgets: { x: number; y: number; properties: Record<string, unknown> }[] };
  expect(widgets.map(({ properties }) => properties.title)).toEqual([
    "Nodes that serve, and how many must",
    "Nodes taken out; a common cause",
    "Requests answered with 5xx",
    "Seconds to an answer",
    "Session store",
    "Sentinel",
    "Events",
  ]);
  expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(widgets.length);
  expect(widgets[0]?.properties.metrics).toEqual([
    ["nplus1/prod.eu", "NodesServing", { stat: "Minimum" }],
    ["nplus1/prod.eu", "NodesWanted", { stat: "Maximum" }],
  ]);
  expect(widgets.at(-1)?.properties.query).toContain("SOURCE '/nplus1/prod.eu/events'");
  for (const { properties } of widgets) expect(properties.region).toBe("eu-central-1");
});
