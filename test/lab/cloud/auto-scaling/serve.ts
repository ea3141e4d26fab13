import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AutoScalingClient, type CreateAutoScalingGroupCommandInput } from "@aws-sdk/client-auto-scaling";
import type { AutoScaling } from "../../../../lab/cloud/auto-scaling/auto-scaling";

/** The service on a port of this machine, and the real client of it. */
export async function serve(service: AutoScaling): Promise<{ client: AutoScalingClient; close: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const params = Object.fromEntries(new URLSearchParams(await text(incoming)));
    const answer = service.answers[params.Action ?? ""];
    const { status, body } = answer ? await answer(params) : { status: 500, body: `no answer to ${params.Action}` };
    outgoing.writeHead(status, { "content-type": "text/xml" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new AutoScalingClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
  });
  const close = async (): Promise<void> => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, close };
}

export const input: CreateAutoScalingGroupCommandInput = {
  AutoScalingGroupName: "shop",
  MinSize: 3,
  MaxSize: 6,
  VPCZoneIdentifier: "subnet-a,subnet-b",
  LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
  TargetGroupARNs: ["arn:target-group"],
  InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
  LifecycleHookSpecificationList: [
    { LifecycleHookName: "ready", LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", DefaultResult: "ABANDON", HeartbeatTimeout: 600 },
    { LifecycleHookName: "drain", LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING", DefaultResult: "CONTINUE", HeartbeatTimeout: 300 },
  ],
  Tags: [{ Key: "Name", Value: "node", PropagateAtLaunch: true }],
};
