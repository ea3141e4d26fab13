import { hostNameOf, type LaunchedInstance } from "../../../../lab/cloud/ec2/launched-instance";
import { instanceMetadata } from "../../../../lab/cloud/ec2/metadata";
import { roleAccessKeyId } from "../../../../lab/cloud/ec2/role-credentials";

const instance: LaunchedInstance = {
  instanceId: "i-1",
  imageId: "ami-1",
  instanceType: "t4g.small",
  architecture: "arm64",
  eniId: "eni-1",
  subnetId: "subnet-1",
  zone: "us-east-1b",
  privateIp: "10.1.3.7",
  securityGroupIds: ["sg-1"],
  instanceProfile: { name: "nodes" },
  userData: "#!/bin/sh\n",
  tags: { Name: "node" },
  instanceMetadataTags: false,
  launchedAt: "2026-11-24T10:00:00.000Z",
};
const source = {
  instance,
  accountId: "123456789012",
  roleName: "node",
  now: () => new Date("2026-11-24T12:00:00Z"),
  targetLifecycleState: () => "InService",
};

test("an instance learns what it is from its metadata", () => {
  expect(instanceMetadata(source)).toEqual({
    instanceId: "i-1",
    amiId: "ami-1",
    instanceType: "t4g.small",
    localIpv4: "10.1.3.7",
    mac: expect.stringMatching(/^02(:[0-9a-f]{2}){5}$/) as string,
    hostName: "ip-10-1-3-7.ec2.internal",
    region: "us-east-1",
    availabilityZone: "us-east-1b",
    accountId: "123456789012",
    architecture: "arm64",
    role: {
      name: "node",
      accessKeyId: roleAccessKeyId("node"),
      secretAccessKey: expect.stringMatching(/^.{40}$/) as string,
      token: expect.stringMatching(/^.{44}$/) as string,
      lastUpdated: new Date("2026-11-24T12:00:00Z"),
      expiration: new Date("2026-11-24T13:00:00Z"),
    },
    tags: {},
    targetLifecycleState: "InService",
    launchedAt: "2026-11-24T10:00:00.000Z",
  });
});

test("each role has an access key of its own, which stays", () => {
  expect(roleAccessKeyId("node")).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(roleAccessKeyId("node")).toBe(roleAccessKeyId("node"));
  expect(roleAccessKeyId("backup")).not.toBe(roleAccessKeyId("node"));
});

test("an instance without a profile has no role, and outside a group no lifecycle state", () => {
  const said = instanceMetadata({ ...source, roleName: undefined, targetLifecycleState: () => undefined });
  expect([said.role, said.targetLifecycleState]).toEqual([undefined, undefined]);
});

test("tags are in the metadata where the launch template enables them", () => {
  expect(instanceMetadata({ ...source, instance: { ...instance, instanceMetadataTags: true } }).tags).toEqual({ Name: "node" });
});

test("an instance's host name follows from its address", () => {
  expect(hostNameOf("10.0.12.3")).toBe("ip-10-0-12-3.ec2.internal");
});
