import { z } from "zod";
import { tags } from "../../tags";
import { arn, booleanText, resourceId, setOf } from "../values";

const blockDevice = z.strictObject({
  deviceName: z.string().regex(/^(\/dev\/)?(sd|xvd)[a-z]{1,2}\d{0,2}$/, "must be a device's name like /dev/xvda"),
  ebs: z
    .strictObject({
      deleteOnTermination: booleanText.optional(),
      encrypted: booleanText.optional(),
      kmsKeyId: arn("kms").optional(),
      /** @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html (GiB, IOPS, MiB/s) */
      volumeSize: z.int().min(1).max(65_536).optional(),
      volumeType: z.enum(["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"]).optional(),
      iops: z.int().min(100).max(256_000).optional(),
      throughput: z.int().min(125).max(2_000).optional(),
      snapshotId: resourceId("snap").optional(),
    })
    .optional(),
});

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html */
const metadataOptions = z.strictObject({
  httpEndpoint: z.enum(["enabled", "disabled"]).optional(),
  httpTokens: z.enum(["optional", "required"]).optional(),
  httpPutResponseHopLimit: z.int().min(1).max(64).optional(),
  httpProtocolIpv6: z.enum(["enabled", "disabled"]).optional(),
  instanceMetadataTags: z.enum(["enabled", "disabled"]).optional(),
});

const networkInterface = z.strictObject({
  deviceIndex: z.int().min(0).optional(),
  associatePublicIpAddress: booleanText.optional(),
  deleteOnTermination: booleanText.optional(),
  securityGroups: setOf(resourceId("sg"), 16).optional(),
  subnetId: resourceId("subnet").optional(),
});

/** User data is base64 and at most 16 KiB before. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
const userData = z.base64().refine((text) => Buffer.from(text, "base64").length <= 16_384, "must be at most 16384 bytes before base64");

export const launchTemplateInputs = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9().\-/_]{3,128}$/, "must be 3-128 letters, digits or ().-/_")
    .optional(),
  description: z.string().max(255).optional(),
  imageId: z.union([resourceId("ami"), z.string().regex(/^resolve:ssm:.+/)]).optional(),
  instanceType: z
    .string()
    .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, "must be an instance type like t4g.small")
    .optional(),
  userData: userData.optional(),
  keyName: z.string().max(255).optional(),
  vpcSecurityGroupIds: setOf(resourceId("sg"), 16).optional(),
  iamInstanceProfile: z.strictObject({ arn: arn("iam").optional(), name: z.string().max(128).optional() }).optional(),
  blockDeviceMappings: z.array(blockDevice).optional(),
  metadataOptions: metadataOptions.optional(),
  monitoring: z.strictObject({ enabled: z.boolean().optional() }).optional(),
  networkInterfaces: z.array(networkInterface).optional(),
  creditSpecification: z.strictObject({ cpuCredits: z.enum(["standard", "unlimited"]).optional() }).optional(),
  maintenanceOptions: z.strictObject({ autoRecovery: z.enum(["default", "disabled"]).optional() }).optional(),
  ebsOptimized: booleanText.optional(),
  disableApiTermination: z.boolean().optional(),
  instanceInitiatedShutdownBehavior: z.enum(["stop", "terminate"]).optional(),
  tagSpecifications: z
    .array(z.strictObject({ resourceType: z.enum(["instance", "volume", "network-interface", "spot-instances-request"]), tags: tags.optional() }))
    .optional(),
  updateDefaultVersion: z.boolean().optional(),
  defaultVersion: z.int().min(1).optional(),
  tags: tags.optional(),
});

export type LaunchTemplateInputs = z.infer<typeof launchTemplateInputs>;
