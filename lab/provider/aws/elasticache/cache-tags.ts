import { AddTagsToResourceCommand, ListTagsForResourceCommand, RemoveTagsFromResourceCommand } from "@aws-sdk/client-elasticache";
import type { Call } from "../../resource";
import { type TagPair, type Tags, tagChanges, tagList, tagMap } from "../../tags";

export const cacheTags = (tagsAll: Tags): { Tags?: TagPair[] } => (Object.keys(tagsAll).length > 0 ? { Tags: tagList(tagsAll) } : {});

export async function readCacheTags(arn: string, { aws }: Call): Promise<Tags> {
  const { TagList } = await aws.elasticache.send(new ListTagsForResourceCommand({ ResourceName: arn }));
  return tagMap(TagList);
}

export async function updateCacheTags(arn: string, change: { olds: { tagsAll: Tags }; news: { tagsAll: Tags } }, { aws }: Call): Promise<void> {
  const { set, remove } = tagChanges(change.olds.tagsAll, change.news.tagsAll);
  if (remove.length > 0) await aws.elasticache.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: remove }));
  if (Object.keys(set).length > 0) await aws.elasticache.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: tagList(set) }));
}
