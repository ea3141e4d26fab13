import type { Resource } from "../resource";
import { certificate } from "./acm/certificate.provider";
import { certificateValidation } from "./acm/certificate-validation.provider";
import { group } from "./autoscaling/group.provider";
import { policy } from "./autoscaling/policy.provider";
import { dashboard } from "./cloudwatch/dashboard.provider";
import { eventBus } from "./cloudwatch/event-bus.provider";
import { eventRule } from "./cloudwatch/event-rule.provider";
import { eventTarget } from "./cloudwatch/event-target.provider";
import { logGroup } from "./cloudwatch/log-group.provider";
import { logResourcePolicy } from "./cloudwatch/log-resource-policy.provider";
import { metricAlarm } from "./cloudwatch/metric-alarm.provider";
import { defaultSecurityGroup } from "./ec2/default-security-group.provider";
import { eip } from "./ec2/eip.provider";
import { flowLog } from "./ec2/flow-log.provider";
import { internetGateway } from "./ec2/internet-gateway.provider";
import { launchTemplate } from "./ec2/launch-template.provider";
import { natGateway } from "./ec2/nat-gateway.provider";
import { route } from "./ec2/route.provider";
import { routeTable } from "./ec2/route-table.provider";
import { routeTableAssociation } from "./ec2/route-table-association.provider";
import { securityGroup } from "./ec2/security-group.provider";
import { subnet } from "./ec2/subnet.provider";
import { vpc } from "./ec2/vpc.provider";
import { vpcEndpoint } from "./ec2/vpc-endpoint.provider";
import { parameterGroup } from "./elasticache/parameter-group.provider";
import { replicationGroup } from "./elasticache/replication-group.provider";
import { subnetGroup } from "./elasticache/subnet-group.provider";
import { instanceProfile } from "./iam/instance-profile.provider";
import { role } from "./iam/role.provider";
import { rolePolicy } from "./iam/role-policy.provider";
import { rolePolicyAttachment } from "./iam/role-policy-attachment.provider";
import { alias } from "./kms/alias.provider";
import { key } from "./kms/key.provider";
import { eventInvokeConfig } from "./lambda/event-invoke-config.provider";
import { lambdaFunction } from "./lambda/function.provider";
import { permission } from "./lambda/permission.provider";
import { listener } from "./lb/listener.provider";
import { listenerRule } from "./lb/listener-rule.provider";
import { loadBalancer } from "./lb/load-balancer.provider";
import { targetGroup } from "./lb/target-group.provider";
import { record } from "./route53/record.provider";
import { bucket } from "./s3/bucket.provider";
import { bucketEncryption } from "./s3/bucket-encryption.provider";
import { bucketLifecycle } from "./s3/bucket-lifecycle.provider";
import { bucketObject } from "./s3/bucket-object.provider";
import { bucketOwnershipControls } from "./s3/bucket-ownership-controls.provider";
import { bucketPolicy } from "./s3/bucket-policy.provider";
import { bucketPublicAccessBlock } from "./s3/bucket-public-access-block.provider";
import { bucketVersioning } from "./s3/bucket-versioning.provider";
import { schedule } from "./scheduler/schedule.provider";
import { secret } from "./secretsmanager/secret.provider";
import { secretVersion } from "./secretsmanager/secret-version.provider";
import { topic } from "./sns/topic.provider";
import { topicPolicy } from "./sns/topic-policy.provider";
import { topicSubscription } from "./sns/topic-subscription.provider";
import { document } from "./ssm/document.provider";
import { securityGroupEgressRule } from "./vpc/security-group-egress-rule.provider";
import { securityGroupIngressRule } from "./vpc/security-group-ingress-rule.provider";

/** Every type of AWS that the lab has. */
export const awsResources: readonly Resource[] = [
  ...[vpc, subnet, internetGateway, routeTable, route, routeTableAssociation, vpcEndpoint, flowLog, eip, natGateway],
  ...[defaultSecurityGroup, securityGroup, securityGroupIngressRule, securityGroupEgressRule, launchTemplate],
  ...[loadBalancer, targetGroup, listener, listenerRule, group, policy],
  ...[role, rolePolicy, rolePolicyAttachment, instanceProfile],
  ...[subnetGroup, parameterGroup, replicationGroup, secret, secretVersion, key, alias],
  ...[certificate, certificateValidation, record],
  ...[metricAlarm, topic, topicPolicy, topicSubscription],
  ...[lambdaFunction, permission, eventInvokeConfig, eventBus, eventRule, eventTarget, schedule, logGroup, logResourcePolicy, document, dashboard],
  ...[bucket, bucketVersioning, bucketEncryption, bucketPublicAccessBlock, bucketPolicy, bucketLifecycle, bucketOwnershipControls, bucketObject],
];
