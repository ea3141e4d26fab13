import { AuthorizeSecurityGroupIngressCommand, RevokeSecurityGroupIngressCommand } from "@aws-sdk/client-ec2";
import { securityGroupRule } from "./security-group-rule";

export const securityGroupIngressRule = securityGroupRule("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
  authorize: (rule, ec2) => ec2.send(new AuthorizeSecurityGroupIngressCommand(rule)),
  revoke: (rule, ec2) => ec2.send(new RevokeSecurityGroupIngressCommand(rule)),
});
