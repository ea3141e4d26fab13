import { setTimeout as pause } from "node:timers/promises";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { SENTINEL_VARIABLE, sentinelConfigSchema } from "../../contract/sentinel";
import { askNode } from "./ask-node";
import { AWS_LIMITS } from "./aws-limits";
import { viewGroup } from "./group";
import { hands } from "./hands";
import { putMetrics } from "./metrics";
import { run } from "./run";
import { Store } from "./store";
import { teller } from "./tell";

const config = sentinelConfigSchema.parse(JSON.parse(process.env[SENTINEL_VARIABLE] ?? "null"));
const { primaryHost: host, port, authSecretArn } = config.sessionStore;

const autoScaling = new AutoScalingClient(AWS_LIMITS);
const elb = new ElasticLoadBalancingV2Client(AWS_LIMITS);
const ssm = new SSMClient(AWS_LIMITS);
const cloudwatch = new CloudWatchClient(AWS_LIMITS);
const bus = new EventBridgeClient(AWS_LIMITS);
const secrets = new SecretsManagerClient(AWS_LIMITS);

const log = (entry: object): void => void process.stdout.write(`${JSON.stringify(entry)}\n`);

/** Asked at each connection, since the token may be rotated. */
async function token(): Promise<string> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: authSecretArn }));
  if (!SecretString) throw new Error(`${authSecretArn}: must hold the session store's token, is empty`);
  return SecretString;
}

interface Context {
  getRemainingTimeInMillis(): number;
}

/** One run: about 50 s of looks, then the minute's metrics. Lambda calls it once a minute, never twice at a time. */
export async function handler(_: unknown, context: Context): Promise<void> {
  // A connection does not outlive the freeze between two runs.
  const store = new Store({ host, port, token, tls: true });
  try {
    const looks = await run({
      sources: {
        group: () => viewGroup(autoScaling, elb, config),
        entries: () => store.entries(),
        memory: (nodes) => store.memory(nodes),
        ask: (ip) => askNode(ip, config.gatePort),
      },
      hands: hands({ config, store, ssm, autoScaling, tell: teller(store, bus, config.stack, log) }),
      keepWatch: (watch) => store.keepWatch(watch),
      pause: (ms) => pause(ms),
      remaining: () => context.getRemainingTimeInMillis(),
      log,
    });
    await putMetrics(cloudwatch, config.stack, config.n, looks);
  } finally {
    store.close();
  }
}
