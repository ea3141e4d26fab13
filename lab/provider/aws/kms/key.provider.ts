import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { type Tags, tagChanges, tagMap, tags } from "../../tags";
import { found, given } from "../found";
import { jsonDocument } from "../values";

const kmsTags = (all: Tags) => Object.entries(all).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

/** Symmetric keys for encryption only. */
export const key = regionalResource({
  type: "aws:kms/key:Key",
  inputs: z.strictObject({
    description: z.string().max(8_192),
    policy: jsonDocument(32_768).optional(),
    keyUsage: z.literal("ENCRYPT_DECRYPT"),
    customerMasterKeySpec: z.literal("SYMMETRIC_DEFAULT"),
    multiRegion: z.boolean(),
    isEnabled: z.boolean(),
    enableKeyRotation: z.boolean(),
    /** Days. @see https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
    rotationPeriodInDays: z.int().min(90).max(2_560).optional(),
    /** Days. */
    deletionWindowInDays: z.int().min(7).max(30),
    tags: tags.optional(),
  }),
  onChange: {
    description: "update",
    policy: "update",
    keyUsage: "replace",
    customerMasterKeySpec: "replace",
    multiRegion: "replace",
    isEnabled: "update",
    enableKeyRotation: "update",
    rotationPeriodInDays: "update",
    deletionWindowInDays: "update",
    tags: "update",
  },
  defaults: {
    description: "Managed by Pulumi",
    keyUsage: "ENCRYPT_DECRYPT",
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    multiRegion: false,
    isEnabled: true,
    enableKeyRotation: false,
    deletionWindowInDays: 30,
  },
  computed: { arn: "stable", keyId: "stable" },
  async create(inputs, { aws }) {
    const { KeyMetadata } = await aws.kms.send(
      new CreateKeyCommand({
        Description: inputs.description,
        Policy: inputs.policy,
        KeyUsage: inputs.keyUsage,
        KeySpec: inputs.customerMasterKeySpec,
        MultiRegion: inputs.multiRegion,
        Tags: kmsTags(inputs.tagsAll),
      }),
    );
    return given(KeyMetadata?.KeyId, "KeyId");
  },
  async settle(id, inputs, { aws }) {
    await aws.kms.send(inputs.isEnabled ? new EnableKeyCommand({ KeyId: id }) : new DisableKeyCommand({ KeyId: id }));
    if (inputs.enableKeyRotation) await aws.kms.send(new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: inputs.rotationPeriodInDays }));
    else await aws.kms.send(new DisableKeyRotationCommand({ KeyId: id }));
  },
  async read(id, known, { aws }) {
    const it = found((await aws.kms.send(new DescribeKeyCommand({ KeyId: id }))).KeyMetadata, `key ${id}`);
    if (it.KeyState === "PendingDeletion") return undefined;
    const rotation = await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId: id }));
    const { Tags } = await aws.kms.send(new ListResourceTagsCommand({ KeyId: id }));
    const policy =
      known.policy === undefined ? undefined : (await aws.kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }))).Policy;
    return {
      description: it.Description,
      policy,
      keyUsage: it.KeyUsage,
      customerMasterKeySpec: it.KeySpec,
      multiRegion: it.MultiRegion,
      isEnabled: it.Enabled,
      enableKeyRotation: rotation.KeyRotationEnabled,
      rotationPeriodInDays: rotation.RotationPeriodInDays,
      tagsAll: tagMap(Tags?.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }))),
      arn: it.Arn,
      keyId: id,
    };
  },
  async update(id, { olds, news, has }, { aws }) {
    if (has("description")) await aws.kms.send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: news.description }));
    if (has("policy") && news.policy) await aws.kms.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: "default", Policy: news.policy }));
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.kms.send(new UntagResourceCommand({ KeyId: id, TagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.kms.send(new TagResourceCommand({ KeyId: id, Tags: kmsTags(set) }));
  },
  async delete(id, state, { aws }) {
    await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: state.deletionWindowInDays }));
  },
});
