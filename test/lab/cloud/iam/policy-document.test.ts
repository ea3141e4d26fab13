import { allowsAction, letsService } from "../../../../lab/cloud/iam/policy-document";

const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

test.each([
  ["the action itself", ["ec2:CreateNetworkInterface"], true],
  ["a part of it", ["ec2:Create*"], true],
  ["all of a service", ["EC2:*"], true],
  ["everything", ["*"], true],
  ["another action", ["ec2:CreateNetworkInterfacePermission"], false],
  ["another service", ["s3:*"], false],
])("a policy that allows %s is understood", (_, Action, allows) => {
  const documents = [policy({ Effect: "Allow", Action, Resource: "*" }), policy()];
  expect(allowsAction(documents, "ec2:CreateNetworkInterface")).toBe(allows);
  expect(allowsAction(documents.map(encodeURIComponent), "ec2:CreateNetworkInterface")).toBe(allows);
});

test("what denies, or allows everything else, allows nothing", () => {
  expect(allowsAction([policy({ Effect: "Deny", Action: "*" }, { Effect: "Allow", NotAction: "s3:*" })], "ec2:RunInstances")).toBe(false);
});

test.each<[string, object, boolean]>([
  ["the service", { Principal: { Service: "lambda.amazonaws.com" } }, true],
  ["one of several services", { Principal: { Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] } }, true],
  ["everybody", { Principal: "*" }, true],
  ["every account", { Principal: { AWS: "*" } }, false],
  ["another service", { Principal: { Service: "ec2.amazonaws.com" } }, false],
])("a resource's policy that names %s lets the service %p", (_, who, lets) => {
  expect(letsService(policy({ Effect: "Allow", Action: ["sts:AssumeRole"], ...who }), "lambda.amazonaws.com", "sts:AssumeRole")).toBe(lets);
});
