import * as pulumi from "@pulumi/pulumi";
import * as iam from "@pulumi/aws/iam";
import * as scheduler from "@pulumi/aws/scheduler";

export interface EveryMinuteArgs {
  accountId: string;
  functionArn: pulumi.Input<string>;
}

/** Calls a function once a minute. A call that was missed is not made up for: the next one is near. */
export function everyMinute(name: string, { accountId, functionArn }: EveryMinuteArgs, opts: pulumi.CustomResourceOptions): scheduler.Schedule {
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
  const role = new iam.Role(`${name}-schedule`, { description: `calls ${name} once a minute`, assumeRolePolicy }, opts);
  const policy = pulumi.output(functionArn).apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "Call", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: arn }],
    }),
  );
  const rights = new iam.RolePolicy(`${name}-schedule`, { role: role.id, policy }, opts);
  return new scheduler.Schedule(
    name,
    {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: functionArn, roleArn: role.arn, retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 } },
    },
    { ...opts, dependsOn: rights },
  );
}
