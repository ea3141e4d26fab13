import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
} from "@aws-sdk/client-ec2";
import { regionalResource } from "../../resource";
import { tagMap } from "../../tags";
import { found, given } from "../found";
import { accountId } from "./account";
import { ec2Arn } from "./ec2-arn";
import { taggedAs, updateTags } from "./ec2-tags";
import { templateData } from "./launch-template-data";
import { type LaunchTemplateInputs, launchTemplateInputs } from "./launch-template-inputs";

/** A change of what a version says is a new version. */
export const launchTemplate = regionalResource({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  inputs: launchTemplateInputs,
  onChange: {
    name: "replace",
    description: "update",
    imageId: "update",
    instanceType: "update",
    userData: "update",
    keyName: "update",
    vpcSecurityGroupIds: "update",
    iamInstanceProfile: "update",
    blockDeviceMappings: "update",
    metadataOptions: "update",
    monitoring: "update",
    networkInterfaces: "update",
    creditSpecification: "update",
    maintenanceOptions: "update",
    ebsOptimized: "update",
    disableApiTermination: "update",
    instanceInitiatedShutdownBehavior: "update",
    tagSpecifications: "update",
    updateDefaultVersion: "update",
    defaultVersion: "update",
    tags: "update",
  },
  autoname: { property: "name", maxLength: 128 },
  unordered: ["vpcSecurityGroupIds"],
  computed: { arn: "stable", latestVersion: "changes" },
  async create(inputs, { aws }) {
    const { LaunchTemplate } = await aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: inputs.name,
        VersionDescription: inputs.description,
        LaunchTemplateData: templateData(inputs),
        ...taggedAs("launch-template", inputs.tagsAll),
      }),
    );
    return given(LaunchTemplate?.LaunchTemplateId, "LaunchTemplateId");
  },
  async read(id, known, call) {
    const { LaunchTemplates } = await call.aws.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] }));
    const it = found(LaunchTemplates?.[0], id);
    const { LaunchTemplateVersions } = await call.aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ["$Latest"] }),
    );
    const data = LaunchTemplateVersions?.[0]?.LaunchTemplateData;
    return {
      name: it.LaunchTemplateName,
      imageId: data?.ImageId,
      instanceType: data?.InstanceType,
      userData: known.userData === undefined ? undefined : data?.UserData,
      vpcSecurityGroupIds: data?.SecurityGroupIds,
      defaultVersion: it.DefaultVersionNumber,
      tagsAll: tagMap(it.Tags),
      arn: ec2Arn(call.region, await accountId(call), `launch-template/${id}`),
      latestVersion: it.LatestVersionNumber,
    };
  },
  async update(id, change, call) {
    const { news } = change;
    if (change.has("tagsAll")) await updateTags(id, change, call);
    if (change.has(...VERSIONED)) {
      await call.aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: id,
          VersionDescription: news.description,
          LaunchTemplateData: templateData(news),
        }),
      );
    }
    const { LaunchTemplates } = await call.aws.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] }));
    const version = news.updateDefaultVersion
      ? LaunchTemplates?.[0]?.LatestVersionNumber
      : change.has("defaultVersion")
        ? news.defaultVersion
        : undefined;
    if (version !== undefined && version !== LaunchTemplates?.[0]?.DefaultVersionNumber) {
      await call.aws.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: String(version) }));
    }
  },
  async delete(id, _, { aws }) {
    await aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id }));
  },
});

/** Of the template, not of a version. */
const UNVERSIONED = ["name", "tags", "updateDefaultVersion", "defaultVersion"];
const VERSIONED = (Object.keys(launchTemplateInputs.shape) as (keyof LaunchTemplateInputs)[]).filter((key) => !UNVERSIONED.includes(key));
