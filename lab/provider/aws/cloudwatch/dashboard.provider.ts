import { DeleteDashboardsCommand, GetDashboardCommand, PutDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { jsonDocument } from "../values";

const inputs = z.strictObject({
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
  dashboardName: z.string().regex(/^[\w-]{1,255}$/, "must be 1-255 letters, digits, - or _"),
  dashboardBody: jsonDocument(1_048_576),
});

async function put({ dashboardName, dashboardBody }: z.infer<typeof inputs>, { aws }: Call): Promise<string> {
  await aws.cloudwatch.send(new PutDashboardCommand({ DashboardName: dashboardName, DashboardBody: dashboardBody }));
  return dashboardName;
}

export const dashboard = regionalResource({
  type: "aws:cloudwatch/dashboard:Dashboard",
  inputs,
  onChange: { dashboardName: "replace", dashboardBody: "update" },
  computed: { dashboardArn: "stable" },
  create: put,
  async read(id, _, { aws }) {
    const it = await aws.cloudwatch.send(new GetDashboardCommand({ DashboardName: id }));
    return { dashboardName: it.DashboardName, dashboardBody: it.DashboardBody, dashboardArn: it.DashboardArn };
  },
  async update(_, { news }, call) {
    await put(news, call);
  },
  async delete(id, _, { aws }) {
    await aws.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [id] }));
  },
});
