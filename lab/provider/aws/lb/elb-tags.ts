import { AddTagsCommand, DescribeTagsCommand, RemoveTagsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../../resource";
import { type TagPair, type Tags, tagChanges, tagList, tagMap } from "../../tags";

/** Tags in a call that creates; none at all when there are none (AWS refuses an empty list). */
export const elbTags = (tagsAll: Tags): { Tags?: TagPair[] } => (Object.keys(tagsAll).length > 0 ? { Tags: tagList(tagsAll) } : {});

export async function readElbTags(arn: string, { aws }: Call): Promise<Tags> {
  const { TagDescriptions } = await aws.elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  return tagMap(TagDescriptions?.[0]?.Tags);
}

export async function updateElbTags(arn: string, change: { olds: { tagsAll: Tags }; news: { tagsAll: Tags } }, { aws }: Call): Promise<void> {
  const { set, remove } = tagChanges(change.olds.tagsAll, change.news.tagsAll);
  if (remove.length > 0) await aws.elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: remove }));
  if (Object.keys(set).length > 0) await aws.elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags: tagList(set) }));
}
