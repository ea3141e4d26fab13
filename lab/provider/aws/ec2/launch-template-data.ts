import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { tagList } from "../../tags";
import type { LaunchTemplateInputs } from "./launch-template-inputs";

type Devices = NonNullable<LaunchTemplateInputs["blockDeviceMappings"]>;

const flag = (text: "true" | "false" | undefined): boolean | undefined => (text === undefined ? undefined : text === "true");

/** What a version of the template says, in EC2's words. */
export function templateData(inputs: LaunchTemplateInputs): RequestLaunchTemplateData {
  const { iamInstanceProfile: profile, metadataOptions: metadata } = inputs;
  return {
    ImageId: inputs.imageId,
    InstanceType: inputs.instanceType as RequestLaunchTemplateData["InstanceType"],
    UserData: inputs.userData,
    KeyName: inputs.keyName,
    SecurityGroupIds: inputs.vpcSecurityGroupIds,
    IamInstanceProfile: profile && { Arn: profile.arn, Name: profile.name },
    BlockDeviceMappings: inputs.blockDeviceMappings?.map(device),
    MetadataOptions: metadata && {
      HttpEndpoint: metadata.httpEndpoint,
      HttpTokens: metadata.httpTokens,
      HttpPutResponseHopLimit: metadata.httpPutResponseHopLimit,
      HttpProtocolIpv6: metadata.httpProtocolIpv6,
      InstanceMetadataTags: metadata.instanceMetadataTags,
    },
    Monitoring: inputs.monitoring && { Enabled: inputs.monitoring.enabled },
    NetworkInterfaces: inputs.networkInterfaces?.map((one) => ({
      DeviceIndex: one.deviceIndex ?? 0,
      AssociatePublicIpAddress: flag(one.associatePublicIpAddress),
      DeleteOnTermination: flag(one.deleteOnTermination),
      Groups: one.securityGroups,
      SubnetId: one.subnetId,
    })),
    CreditSpecification: inputs.creditSpecification?.cpuCredits ? { CpuCredits: inputs.creditSpecification.cpuCredits } : undefined,
    MaintenanceOptions: inputs.maintenanceOptions && { AutoRecovery: inputs.maintenanceOptions.autoRecovery },
    EbsOptimized: flag(inputs.ebsOptimized),
    DisableApiTermination: inputs.disableApiTermination,
    InstanceInitiatedShutdownBehavior: inputs.instanceInitiatedShutdownBehavior,
    TagSpecifications: inputs.tagSpecifications?.map((one) => ({ ResourceType: one.resourceType, Tags: tagList(one.tags ?? {}) })),
  };
}

function device({ deviceName, ebs }: Devices[number]) {
  return {
    DeviceName: deviceName,
    Ebs: ebs && {
      DeleteOnTermination: flag(ebs.deleteOnTermination),
      Encrypted: flag(ebs.encrypted),
      KmsKeyId: ebs.kmsKeyId,
      VolumeSize: ebs.volumeSize,
      VolumeType: ebs.volumeType,
      Iops: ebs.iops,
      Throughput: ebs.throughput,
      SnapshotId: ebs.snapshotId,
    },
  };
}
