import {
  AddTagsToResourceCommand,
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from "@aws-sdk/client-ssm";
import { z } from "zod";
import { regionalResource } from "../../resource";
import { tagChanges, tagList, tagMap, tags } from "../../tags";
import { errorName } from "../../wait";
import { given } from "../found";

/** A document for Run Command. */
export const document = regionalResource({
  type: "aws:ssm/document:Document",
  inputs: z.strictObject({
    /** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html */
    name: z
      .string()
      .regex(/^(?!aws|amazon|amzn)[\w.-]{3,128}$/i, "must be 3-128 letters, digits or _.-, not beginning with aws, amazon or amzn")
      .optional(),
    content: z.string().min(1).max(65_536),
    documentFormat: z.enum(["JSON", "YAML"]),
    documentType: z.literal("Command", "must be Command, which the lab has"),
    targetType: z.string().max(200).optional(),
    versionName: z.string().max(128).optional(),
    tags: tags.optional(),
  }),
  onChange: {
    name: "replace",
    content: "update",
    documentFormat: "update",
    documentType: "replace",
    targetType: "update",
    versionName: "update",
    tags: "update",
  },
  defaults: { documentFormat: "JSON" },
  autoname: { property: "name", maxLength: 128 },
  computed: {
    arn: "stable",
    createdDate: "stable",
    owner: "stable",
    hashType: "stable",
    defaultVersion: "changes",
    documentVersion: "changes",
    latestVersion: "changes",
    description: "changes",
    hash: "changes",
    platformTypes: "changes",
    schemaVersion: "changes",
    status: "changes",
  },
  async create(inputs, { aws }) {
    await aws.ssm.send(
      new CreateDocumentCommand({
        Name: inputs.name,
        Content: inputs.content,
        DocumentFormat: inputs.documentFormat,
        DocumentType: inputs.documentType,
        TargetType: inputs.targetType,
        VersionName: inputs.versionName,
        ...(Object.keys(inputs.tagsAll).length > 0 ? { Tags: tagList(inputs.tagsAll) } : {}),
      }),
    );
    return given(inputs.name, "name");
  },
  async read(id, known, { aws, region }) {
    const it = (await unlessGone(aws.ssm.send(new DescribeDocumentCommand({ Name: id }))))?.Document;
    if (!it) return undefined;
    const { Content } = await aws.ssm.send(
      new GetDocumentCommand({ Name: id, DocumentVersion: "$LATEST", DocumentFormat: known.documentFormat ?? it.DocumentFormat }),
    );
    const { TagList } = await aws.ssm.send(new ListTagsForResourceCommand({ ResourceType: "Document", ResourceId: id }));
    return {
      name: it.Name,
      content: Content,
      documentFormat: it.DocumentFormat,
      documentType: it.DocumentType,
      targetType: it.TargetType,
      versionName: it.VersionName,
      tagsAll: tagMap(TagList),
      arn: `arn:aws:ssm:${region}:${it.Owner}:document/${id}`,
      createdDate: it.CreatedDate?.toISOString(),
      owner: it.Owner,
      hashType: it.HashType,
      defaultVersion: it.DefaultVersion,
      documentVersion: it.DocumentVersion,
      latestVersion: it.LatestVersion,
      description: it.Description,
      hash: it.Hash,
      platformTypes: it.PlatformTypes,
      schemaVersion: it.SchemaVersion,
      status: it.Status,
    };
  },
  // The new content becomes the default version, as in the real provider.
  async update(id, { olds, news, has }, { aws }) {
    if (has("content", "documentFormat", "targetType", "versionName")) {
      const { DocumentDescription } = await aws.ssm.send(
        new UpdateDocumentCommand({
          Name: id,
          Content: news.content,
          DocumentFormat: news.documentFormat,
          TargetType: news.targetType,
          VersionName: news.versionName,
          DocumentVersion: "$LATEST",
        }),
      );
      await aws.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: id, DocumentVersion: DocumentDescription?.DocumentVersion }));
    }
    const resource = { ResourceType: "Document", ResourceId: id } as const;
    const { set, remove } = tagChanges(olds.tagsAll, news.tagsAll);
    if (remove.length > 0) await aws.ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: remove }));
    if (Object.keys(set).length > 0) await aws.ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: tagList(set) }));
  },
  async delete(id, _, { aws }) {
    await unlessGone(aws.ssm.send(new DeleteDocumentCommand({ Name: id })));
  },
});

/** Systems Manager's way to say that a document does not exist. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (errorName(error) === "InvalidDocument") return undefined;
    throw error;
  }
}
