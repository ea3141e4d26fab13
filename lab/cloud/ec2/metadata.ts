import type { InstanceMetadata } from "../../machine/instance-metadata";
import { macAddress } from "../../machine/names";
import { hostNameOf, type LaunchedInstance } from "./launched-instance";
import { roleCredentials } from "./role-credentials";

export interface MetadataSource {
  instance: LaunchedInstance;
  accountId: string;
  /** Of the instance profile; an instance without a profile has none. */
  roleName: string | undefined;
  now: () => Date;
  /** What the Auto Scaling group wants of the instance: InService, Terminated …; undefined outside a group. */
  targetLifecycleState: () => string | undefined;
}

/** What the metadata service says of an instance at this moment. */
export function instanceMetadata({ instance, accountId, roleName, now, targetLifecycleState }: MetadataSource): InstanceMetadata {
  return {
    instanceId: instance.instanceId,
    amiId: instance.imageId,
    instanceType: instance.instanceType,
    localIpv4: instance.privateIp,
    mac: macAddress(instance.eniId),
    hostName: hostNameOf(instance.privateIp),
    region: instance.zone.slice(0, -1),
    availabilityZone: instance.zone,
    accountId,
    architecture: instance.architecture,
    role: roleName === undefined ? undefined : roleCredentials(roleName, now()),
    tags: instance.instanceMetadataTags ? instance.tags : {},
    targetLifecycleState: targetLifecycleState(),
    launchedAt: instance.launchedAt,
  };
}
