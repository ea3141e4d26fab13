import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { type Call, type Checked, regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { given } from "../found";
import { arn, jsonDocument } from "../values";

const inputs = z
  .strictObject({
    /** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
    name: z
      .string()
      .regex(/^[\w.-]{1,64}$/, "must be 1-64 letters, digits or _.-")
      .optional(),
    eventBusName: z.string().min(1).max(256),
    description: z.string().max(512).optional(),
    eventPattern: jsonDocument(4_096).optional(),
    scheduleExpression: z.string().max(256).optional(),
    state: z.enum(["ENABLED", "DISABLED"]),
    roleArn: arn("iam").optional(),
    /** Deleting it deletes targets that someone else added. */
    forceDestroy: z.boolean(),
    tags: tags.optional(),
  })
  .refine((one) => one.eventPattern !== undefined || one.scheduleExpression !== undefined, "must have eventPattern or scheduleExpression");

/** `<bus>/<name>`, or the name alone on the default bus, as the real provider has it. */
const place = (id: string): { Name: string; EventBusName: string } => {
  const at = id.lastIndexOf("/");
  return at === -1 ? { Name: id, EventBusName: "default" } : { Name: id.slice(at + 1), EventBusName: id.slice(0, at) };
};

async function put(rule: Checked<z.infer<typeof inputs>>, { aws }: Call, withTags: boolean): Promise<string> {
  const name = given(rule.name, "name");
  await aws.events.send(
    new PutRuleCommand({
      Name: name,
      EventBusName: rule.eventBusName,
      Description: rule.description,
      EventPattern: rule.eventPattern,
      ScheduleExpression: rule.scheduleExpression,
      State: rule.state,
      RoleArn: rule.roleArn,
      ...(withTags ? { Tags: tagList(rule.tagsAll) } : {}),
    }),
  );
  return rule.eventBusName === "default" ? name : `${rule.eventBusName}/${name}`;
}

export const eventRule = regionalResource({
  type: "aws:cloudwatch/eventRule:EventRule",
  inputs,
  onChange: {
    name: "replace",
    eventBusName: "replace",
    description: "update",
    eventPattern: "update",
    scheduleExpression: "update",
    state: "update",
    roleArn: "update",
    forceDestroy: "update",
    tags: "update",
  },
  defaults: { eventBusName: "default", state: "ENABLED", forceDestroy: false },
  autoname: { property: "name", maxLength: 64 },
  computed: { arn: "stable" },
  create: (rule, call) => put(rule, call, true),
  async read(id, _, { aws }) {
    const it = await aws.events.send(new DescribeRuleCommand(place(id)));
    const { Tags } = await aws.events.send(new ListTagsForResourceCommand({ ResourceARN: it.Arn }));
    return {
      name: it.Name,
      eventBusName: it.EventBusName,
      description: it.Description,
      eventPattern: it.EventPattern,
      scheduleExpression: it.ScheduleExpression,
      state: it.State,
      roleArn: it.RoleArn,
      tagsAll: tagMap(Tags),
      arn: it.Arn,
    };
  },
  async update(id, { olds, news, has }, call) {
    await put(news, call, false);
    if (!has("tagsAll")) return;
    const { Arn: ResourceARN } = await call.aws.events.send(new DescribeRuleCommand(place(id)));
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await call.aws.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: remove }));
    if (Object.keys(set).length > 0) await call.aws.events.send(new TagResourceCommand({ ResourceARN, Tags: tagList(set) }));
  },
  async delete(id, { forceDestroy }, { aws }) {
    const { Name, EventBusName } = place(id);
    if (forceDestroy) {
      const { Targets } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
      const Ids = (Targets ?? []).flatMap((target) => (target.Id ? [target.Id] : []));
      if (Ids.length > 0) await aws.events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids }));
    }
    await aws.events.send(new DeleteRuleCommand({ Name, EventBusName }));
  },
});
