import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { given } from "../found";

/** Standard topics only. */
export const topic = regionalResource({
  type: "aws:sns/topic:Topic",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,256}$/, "must be 1-256 letters, digits, underscores or hyphens")
      .optional(),
    displayName: z.string().max(100).optional(),
    kmsMasterKeyId: z.string().min(1).max(2_048).optional(),
    tags: tags.optional(),
  }),
  onChange: { name: "replace", displayName: "update", kmsMasterKeyId: "update", tags: "update" },
  autoname: { property: "name", maxLength: 256 },
  computed: { arn: "stable", owner: "stable" },
  async create({ name, displayName, kmsMasterKeyId, tagsAll }, { aws }) {
    const Attributes = {
      ...(displayName === undefined ? {} : { DisplayName: displayName }),
      ...(kmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: kmsMasterKeyId }),
    };
    const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name: name, Attributes, Tags: tagList(tagsAll) }));
    return given(TopicArn, "TopicArn");
  },
  async read(id, _, { aws }) {
    const { Attributes } = await aws.sns.send(new GetTopicAttributesCommand({ TopicArn: id }));
    const { Tags } = await aws.sns.send(new ListTagsForResourceCommand({ ResourceArn: id }));
    return {
      name: id.split(":").at(-1),
      displayName: Attributes?.DisplayName || undefined,
      kmsMasterKeyId: Attributes?.KmsMasterKeyId || undefined,
      tagsAll: tagMap(Tags),
      arn: id,
      owner: Attributes?.Owner,
    };
  },
  async update(id, { olds, news, has }, { aws }) {
    const set = (AttributeName: string, AttributeValue = "") =>
      aws.sns.send(new SetTopicAttributesCommand({ TopicArn: id, AttributeName, AttributeValue }));
    if (has("displayName")) await set("DisplayName", news.displayName);
    if (has("kmsMasterKeyId")) await set("KmsMasterKeyId", news.kmsMasterKeyId);
    const changes = tagChanges(olds.tagsAll, news.tagsAll);
    if (changes.remove.length > 0) await aws.sns.send(new UntagResourceCommand({ ResourceArn: id, TagKeys: changes.remove }));
    if (Object.keys(changes.set).length > 0) await aws.sns.send(new TagResourceCommand({ ResourceArn: id, Tags: tagList(changes.set) }));
  },
  async delete(id, _, { aws }) {
    await aws.sns.send(new DeleteTopicCommand({ TopicArn: id }));
  },
});
