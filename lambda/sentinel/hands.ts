import { type AutoScalingClient, SetInstanceHealthCommand } from "@aws-sdk/client-auto-scaling";
import { SendCommandCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { SentinelConfig } from "../../contract/sentinel";
import type { Hands } from "./act";
import type { Store } from "./store";
import type { Tell } from "./tell";

/** Seconds for the command's delivery, the least that AWS takes: later the next step is due. */
const DELIVERY_SECONDS = 30;

export interface HandsParts {
  config: Pick<SentinelConfig, "restartDocument" | "n">;
  store: Pick<Store, "takeToken" | "keepRecord">;
  ssm: Pick<SSMClient, "send">;
  autoScaling: Pick<AutoScalingClient, "send">;
  tell: Tell;
}

export const hands = ({ config, store, ssm, autoScaling, tell }: HandsParts): Hands => ({
  async restartAgent(node) {
    const asked = { DocumentName: config.restartDocument, InstanceIds: [node], TimeoutSeconds: DELIVERY_SECONDS, Comment: "nplus1 sentinel" };
    const { Command } = await ssm.send(new SendCommandCommand(asked));
    return Command?.CommandId ?? "";
  },
  async replace(node) {
    await autoScaling.send(new SetInstanceHealthCommand({ InstanceId: node, HealthStatus: "Unhealthy", ShouldRespectGracePeriod: false }));
  },
  takeToken: (node) => store.takeToken(node, config.n),
  keepRecord: (node, record) => store.keepRecord(node, record),
  tell,
  now: () => Date.now(),
});
