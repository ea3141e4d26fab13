import { randomBytes } from "node:crypto";
import { type EventBridgeClient, ListTargetsByRuleCommand, PutTargetsCommand, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { type Call, regionalResource } from "../../resource";
import { found } from "../found";
import { arn } from "../values";

const inputs = z
  .strictObject({
    rule: z.string().min(1).max(64),
    eventBusName: z.string().min(1).max(256),
    targetId: z
      .string()
      .regex(/^[\w.-]{1,64}$/, "must be 1-64 letters, digits or _.-")
      .optional(),
    arn: arn("(lambda|sns|logs|events)"),
    input: z.string().max(8_192).optional(),
    inputPath: z.string().max(256).optional(),
    inputTransformer: z
      .strictObject({ inputPaths: z.record(z.string(), z.string()).optional(), inputTemplate: z.string().min(1).max(8_192) })
      .optional(),
    roleArn: arn("iam").optional(),
    retryPolicy: z
      .strictObject({ maximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(), maximumRetryAttempts: z.int().min(0).max(185).optional() })
      .optional(),
    forceDestroy: z.boolean(),
  })
  .refine(
    (one) => [one.input, one.inputPath, one.inputTransformer].filter((way) => way !== undefined).length <= 1,
    "must have at most one of input, inputPath and inputTransformer",
  );

type TargetInputs = z.infer<typeof inputs>;

async function put(id: string, target: TargetInputs, { aws }: Call): Promise<void> {
  const { inputTransformer, retryPolicy } = target;
  const { FailedEntries } = await aws.events.send(
    new PutTargetsCommand({
      Rule: target.rule,
      EventBusName: target.eventBusName,
      Targets: [
        {
          Id: id,
          Arn: target.arn,
          Input: target.input,
          InputPath: target.inputPath,
          InputTransformer: inputTransformer && { InputPathsMap: inputTransformer.inputPaths, InputTemplate: inputTransformer.inputTemplate },
          RoleArn: target.roleArn,
          RetryPolicy: retryPolicy && {
            MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
            MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
          },
        },
      ],
    }),
  );
  const [failed] = FailedEntries ?? [];
  if (failed) throw new Error(`target ${id} of rule ${target.rule}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
}

async function targetOf(
  id: string,
  { rule, eventBusName }: { rule?: string | undefined; eventBusName?: string | undefined },
  events: EventBridgeClient,
) {
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: rule, EventBusName: eventBusName, Limit: 100 }));
  return found(
    Targets?.find((target) => target.Id === id),
    `target ${id} of rule ${rule}`,
  );
}

/** Functions, topics, log groups and event buses. The id is `<rule>-<target's id>`, as the real provider has it. */
export const eventTarget = regionalResource({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  inputs,
  onChange: {
    rule: "replace",
    eventBusName: "replace",
    targetId: "replace",
    arn: "update",
    input: "update",
    inputPath: "update",
    inputTransformer: "update",
    roleArn: "update",
    retryPolicy: "update",
    forceDestroy: "update",
  },
  defaults: { eventBusName: "default", forceDestroy: false },
  computed: {},
  async create(target, call) {
    const id = target.targetId ?? `terraform-${randomBytes(13).toString("hex")}`;
    await put(id, target, call);
    return `${target.rule}-${id}`;
  },
  async read(id, known, { aws }) {
    const it = await targetOf(id.slice(`${known.rule}-`.length), known, aws.events);
    return {
      rule: known.rule,
      eventBusName: known.eventBusName,
      targetId: it.Id,
      arn: it.Arn,
      input: it.Input,
      inputPath: it.InputPath,
      inputTransformer: it.InputTransformer && { inputPaths: it.InputTransformer.InputPathsMap, inputTemplate: it.InputTransformer.InputTemplate },
      roleArn: it.RoleArn,
      retryPolicy: it.RetryPolicy && {
        maximumEventAgeInSeconds: it.RetryPolicy.MaximumEventAgeInSeconds,
        maximumRetryAttempts: it.RetryPolicy.MaximumRetryAttempts,
      },
    };
  },
  async update(id, { news }, call) {
    await put(id.slice(`${news.rule}-`.length), news, call);
  },
  async delete(id, { rule, eventBusName }, { aws }) {
    await aws.events.send(new RemoveTargetsCommand({ Rule: rule, EventBusName: eventBusName, Ids: [id.slice(`${rule}-`.length)] }));
  },
});
