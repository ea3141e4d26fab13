import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";
import { type Call, globalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { found, given } from "../found";
import { iamName, iamPath, iamTags } from "./iam-names";

export const instanceProfile = globalResource({
  type: "aws:iam/instanceProfile:InstanceProfile",
  inputs: z.strictObject({ name: iamName(128).optional(), path: iamPath, role: iamName(64).optional(), tags: tags.optional() }),
  onChange: { name: "replace", path: "replace", role: "update", tags: "update" },
  defaults: { path: "/" },
  autoname: { property: "name", maxLength: 128 },
  computed: { arn: "stable", createDate: "stable", uniqueId: "stable" },
  async create(inputs, { aws }) {
    const name = given(inputs.name, "name");
    await aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name, Path: inputs.path, ...iamTags(inputs.tagsAll) }));
    return name;
  },
  async settle(id, { role }, call) {
    const present = (await describe(id, call)).Roles?.[0]?.RoleName;
    if (present === role) return;
    if (present) await call.aws.iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: id, RoleName: present }));
    if (role) await call.aws.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: id, RoleName: role }));
  },
  async read(id, _, call) {
    const it = await describe(id, call);
    return {
      name: it.InstanceProfileName,
      path: it.Path,
      role: it.Roles?.[0]?.RoleName,
      tagsAll: tagMap(it.Tags),
      arn: it.Arn,
      createDate: it.CreateDate?.toISOString(),
      uniqueId: it.InstanceProfileId,
    };
  },
  async update(id, { olds, news }, { aws }) {
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.iam.send(new UntagInstanceProfileCommand({ InstanceProfileName: id, TagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.iam.send(new TagInstanceProfileCommand({ InstanceProfileName: id, Tags: tagList(set) }));
  },
  async delete(id, _, call) {
    for (const { RoleName } of (await describe(id, call)).Roles ?? []) {
      await call.aws.iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: id, RoleName }));
    }
    await call.aws.iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: id }));
  },
});

async function describe(id: string, { aws }: Call) {
  const { InstanceProfile } = await aws.iam.send(new GetInstanceProfileCommand({ InstanceProfileName: id }));
  return found(InstanceProfile, `instance profile ${id}`);
}
