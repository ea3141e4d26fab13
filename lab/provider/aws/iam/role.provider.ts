import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { z } from "zod";
import { type Call, globalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { whileRefused } from "../../wait";
import { found, given } from "../found";
import { arn, jsonDocument } from "../values";
import { iamName, iamPath, iamTags } from "./iam-names";

export const role = globalResource({
  type: "aws:iam/role:Role",
  inputs: z.strictObject({
    name: iamName(64).optional(),
    path: iamPath,
    assumeRolePolicy: jsonDocument(4_096),
    description: z.string().max(1_000).optional(),
    /** Seconds. */
    maxSessionDuration: z.int().min(3_600).max(43_200),
    permissionsBoundary: arn("iam").optional(),
    forceDetachPolicies: z.boolean(),
    tags: tags.optional(),
  }),
  onChange: {
    name: "replace",
    path: "replace",
    assumeRolePolicy: "update",
    description: "update",
    maxSessionDuration: "update",
    permissionsBoundary: "update",
    forceDetachPolicies: "update",
    tags: "update",
  },
  defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
  autoname: { property: "name", maxLength: 64 },
  computed: { arn: "stable", createDate: "stable", uniqueId: "stable" },
  async create(inputs, { aws }) {
    const name = given(inputs.name, "name");
    await aws.iam.send(
      new CreateRoleCommand({
        RoleName: name,
        Path: inputs.path,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        Description: inputs.description,
        MaxSessionDuration: inputs.maxSessionDuration,
        PermissionsBoundary: inputs.permissionsBoundary,
        ...iamTags(inputs.tagsAll),
      }),
    );
    return name;
  },
  async read(id, _, { aws }) {
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: id }));
    const it = found(Role, `role ${id}`);
    return {
      name: it.RoleName,
      path: it.Path,
      assumeRolePolicy: it.AssumeRolePolicyDocument && decodeURIComponent(it.AssumeRolePolicyDocument),
      description: it.Description || undefined,
      maxSessionDuration: it.MaxSessionDuration,
      permissionsBoundary: it.PermissionsBoundary?.PermissionsBoundaryArn,
      tagsAll: tagMap(it.Tags),
      arn: it.Arn,
      createDate: it.CreateDate?.toISOString(),
      uniqueId: it.RoleId,
    };
  },
  async update(id, { olds, news, has }, { aws }) {
    if (has("assumeRolePolicy")) await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: id, PolicyDocument: news.assumeRolePolicy }));
    if (has("description", "maxSessionDuration")) {
      await aws.iam.send(new UpdateRoleCommand({ RoleName: id, Description: news.description ?? "", MaxSessionDuration: news.maxSessionDuration }));
    }
    if (has("permissionsBoundary")) {
      const boundary = news.permissionsBoundary;
      if (boundary) await aws.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: id, PermissionsBoundary: boundary }));
      else await aws.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: id }));
    }
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.iam.send(new UntagRoleCommand({ RoleName: id, TagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.iam.send(new TagRoleCommand({ RoleName: id, Tags: tagList(set) }));
  },
  async delete(id, state, call) {
    if (state.forceDetachPolicies) await detachAll(id, call);
    const remove = () => call.aws.iam.send(new DeleteRoleCommand({ RoleName: id }));
    await call.waitFor(`role ${id} to be unused`, 120, whileRefused(["DeleteConflictException", "DeleteConflict"], remove));
  },
});

async function detachAll(id: string, { aws }: Call): Promise<void> {
  const { AttachedPolicies } = await aws.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: id }));
  for (const { PolicyArn } of AttachedPolicies ?? []) await aws.iam.send(new DetachRolePolicyCommand({ RoleName: id, PolicyArn }));
}
