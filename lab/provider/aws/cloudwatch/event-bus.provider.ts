import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";

/** A bus of one's own. Its id is its name, as the real provider has it. */
export const eventBus = regionalResource({
  type: "aws:cloudwatch/eventBus:EventBus",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
    name: z.string().regex(/^(?!default$)[\w.-]{1,256}$/, "must be 1-256 letters, digits or _.-, and not default"),
    tags: tags.optional(),
  }),
  onChange: { name: "replace", tags: "update" },
  computed: { arn: "stable" },
  async create({ name, tagsAll }, { aws }) {
    await aws.events.send(new CreateEventBusCommand({ Name: name, Tags: tagList(tagsAll) }));
    return name;
  },
  async read(id, _, { aws }) {
    const it = await aws.events.send(new DescribeEventBusCommand({ Name: id }));
    const { Tags } = await aws.events.send(new ListTagsForResourceCommand({ ResourceARN: it.Arn }));
    return { name: it.Name, tagsAll: tagMap(Tags), arn: it.Arn };
  },
  async update(id, { olds, news }, { aws }) {
    const { Arn: ResourceARN } = await aws.events.send(new DescribeEventBusCommand({ Name: id }));
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.events.send(new TagResourceCommand({ ResourceARN, Tags: tagList(set) }));
  },
  async delete(id, _, { aws }) {
    await aws.events.send(new DeleteEventBusCommand({ Name: id }));
  },
});
