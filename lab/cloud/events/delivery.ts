import type { PermissionSource } from "./target-permissions";

export interface Order {
  /** ARN. */
  target: string;
  /** JSON. */
  payload: string;
  /** A service on behalf of a resource, which the target must let; undefined where a role of the sender's lets it. */
  by: { service: string; sourceArn: string } | undefined;
}

/** @throws with why the target did not get it. */
export type Deliver = (order: Order) => Promise<void>;

export interface DeliveryParts {
  lambda: {
    invokeFor(service: string, sourceArn: string, functionArn: string, payload: Buffer): void;
    invokeWithRole(functionArn: string, payload: Buffer): void;
  };
  publish: (topicArn: string, message: string) => Promise<void>;
  putLog: (group: string, stream: string, line: string) => void;
  putEvent: (bus: string, event: { source: string; detailType: string; resources: string[]; detail: Record<string, unknown> }) => void;
  permissions: PermissionSource;
}

/** Hands what a service has to say to what it says it to: functions, topics, log groups, event buses. */
export function delivery({ lambda, publish, putLog, putEvent, permissions }: DeliveryParts): Deliver {
  return async ({ target, payload, by }) => {
    const [, , service, , , ...rest] = target.split(":");
    switch (service) {
      case "lambda":
        if (by) lambda.invokeFor(by.service, by.sourceArn, target, Buffer.from(payload));
        else lambda.invokeWithRole(target, Buffer.from(payload));
        return;
      case "sns":
        if (by && !(await permissions.topicLets(target, by.service))) {
          throw new Error(`${target}: must let ${by.service} publish (its policy), does not`);
        }
        return publish(target, payload);
      case "logs": {
        const group = rest[1] ?? "";
        if (by && !(await permissions.logsLet(by.service)))
          throw new Error(`${target}: must let ${by.service} write (a resource policy of CloudWatch Logs), none does`);
        return putLog(group, new Date().toISOString().slice(0, 10), payload);
      }
      case "events": {
        const detail = JSON.parse(payload) as { requestContext?: { condition?: string; functionArn?: string } };
        const { condition, functionArn = "" } = detail.requestContext ?? {};
        const detailType = `Lambda Function Invocation Result - ${condition === "Success" ? "Success" : "Failure"}`;
        return putEvent(target, { source: "lambda", detailType, resources: [target, functionArn], detail });
      }
      default:
        throw new Error(`${target}: must be a function, a topic, a log group or an event bus, which the lab delivers to`);
    }
  };
}
