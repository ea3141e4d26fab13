import { CreateTagsCommand, DeleteTagsCommand, type ResourceType, type TagSpecification } from "@aws-sdk/client-ec2";
import type { Call } from "../../resource";
import { type Tags, tagChanges, tagList } from "../../tags";

/** Tags in a call that creates; none at all when there are none (AWS refuses an empty list). */
export function taggedAs(resourceType: ResourceType, tagsAll: Tags): { TagSpecifications?: TagSpecification[] } {
  return Object.keys(tagsAll).length > 0 ? { TagSpecifications: [{ ResourceType: resourceType, Tags: tagList(tagsAll) }] } : {};
}

export async function updateTags(id: string, change: { olds: { tagsAll: Tags }; news: { tagsAll: Tags } }, { aws }: Call): Promise<void> {
  const { set, remove } = tagChanges(change.olds.tagsAll, change.news.tagsAll);
  if (remove.length > 0) await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: remove.map((Key) => ({ Key })) }));
  if (Object.keys(set).length > 0) await aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tagList(set) }));
}
