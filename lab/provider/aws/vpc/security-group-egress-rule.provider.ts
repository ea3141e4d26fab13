import { AuthorizeSecurityGroupEgressCommand, RevokeSecurityGroupEgressCommand } from "@aws-sdk/client-ec2";
import { securityGroupRule } from "./security-group-rule";

export const securityGroupEgressRule = securityGroupRule("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
  authorize: (rule, ec2) => ec2.send(new AuthorizeSecurityGroupEgressCommand(rule)),
  revoke: (rule, ec2) => ec2.send(new RevokeSecurityGroupEgressCommand(rule)),
});
