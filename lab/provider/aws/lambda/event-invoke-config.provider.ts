import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { arn } from "../values";

const destination = z.strictObject({ destination: arn("[a-z]+") });

const inputs = z.strictObject({
  /** Name or ARN. */
  functionName: z.string().min(1).max(256),
  maximumEventAgeInSeconds: z.int().min(60).max(21_600).optional(),
  maximumRetryAttempts: z.int().min(0).max(2),
  destinationConfig: z.strictObject({ onFailure: destination.optional(), onSuccess: destination.optional() }).optional(),
});

async function put(config: z.infer<typeof inputs>, { aws }: Call): Promise<string> {
  const { onFailure, onSuccess } = config.destinationConfig ?? {};
  await aws.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: config.functionName,
      MaximumEventAgeInSeconds: config.maximumEventAgeInSeconds,
      MaximumRetryAttempts: config.maximumRetryAttempts,
      DestinationConfig: {
        ...(onFailure ? { OnFailure: { Destination: onFailure.destination } } : {}),
        ...(onSuccess ? { OnSuccess: { Destination: onSuccess.destination } } : {}),
      },
    }),
  );
  return config.functionName;
}

/** What becomes of a function's asynchronous events. */
export const eventInvokeConfig = regionalResource({
  type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  inputs,
  onChange: { functionName: "replace", maximumEventAgeInSeconds: "update", maximumRetryAttempts: "update", destinationConfig: "update" },
  defaults: { maximumRetryAttempts: 2 },
  computed: {},
  create: put,
  async read(id, _, { aws }) {
    const it = await aws.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: id }));
    const { OnFailure, OnSuccess } = it.DestinationConfig ?? {};
    const hasDestination = OnFailure?.Destination ?? OnSuccess?.Destination;
    return {
      functionName: id,
      maximumEventAgeInSeconds: it.MaximumEventAgeInSeconds,
      maximumRetryAttempts: it.MaximumRetryAttempts,
      destinationConfig: hasDestination
        ? {
            onFailure: OnFailure?.Destination ? { destination: OnFailure.Destination } : undefined,
            onSuccess: OnSuccess?.Destination ? { destination: OnSuccess.Destination } : undefined,
          }
        : undefined,
    };
  },
  async update(_, { news }, call) {
    await put(news, call);
  },
  async delete(id, _, { aws }) {
    await aws.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: id }));
  },
});
