import type * as aws from "@pulumi/aws";
import type * as random from "@pulumi/random";

import type { Override } from "../shared/override";

/** The raw children of an AuroraCluster. Those that a setting leaves out are undefined, lists are empty. */
export interface AuroraClusterNodes {
  readonly suffix: random.RandomId;
  readonly subnetGroup: aws.rds.SubnetGroup;
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly parameterGroup: aws.rds.ClusterParameterGroup;
  readonly logGroups: readonly aws.cloudwatch.LogGroup[];
  readonly monitoringRole: aws.iam.Role | undefined;
  readonly monitoringPolicy: aws.iam.RolePolicyAttachment | undefined;
  readonly cluster: aws.rds.Cluster;
  readonly writer: aws.rds.ClusterInstance;
  readonly readers: readonly aws.rds.ClusterInstance[];
  readonly masterRotation: aws.secretsmanager.SecretRotation;
  readonly scalingTarget: aws.appautoscaling.Target | undefined;
  readonly scalingPolicy: aws.appautoscaling.Policy | undefined;
  readonly proxyLogGroup: aws.cloudwatch.LogGroup | undefined;
  readonly proxyRole: aws.iam.Role | undefined;
  readonly proxyPolicy: aws.iam.RolePolicy | undefined;
  readonly proxySecurityGroup: aws.ec2.SecurityGroup | undefined;
  readonly proxyEgress: aws.vpc.SecurityGroupEgressRule | undefined;
  readonly proxyIngress: aws.vpc.SecurityGroupIngressRule | undefined;
  readonly proxy: aws.rds.Proxy | undefined;
  readonly proxyTargetGroup: aws.rds.ProxyDefaultTargetGroup | undefined;
  readonly proxyTarget: aws.rds.ProxyTarget | undefined;
  readonly proxyReadEndpoint: aws.rds.ProxyEndpoint | undefined;
  readonly passwordSecrets: readonly aws.secretsmanager.Secret[];
  readonly usersLogGroup: aws.cloudwatch.LogGroup;
  readonly usersRole: aws.iam.Role;
  readonly usersPolicy: aws.iam.RolePolicy;
  readonly usersFunction: aws.lambda.Function;
  readonly usersInvocation: aws.lambda.Invocation;
  readonly rotationPermissions: readonly aws.lambda.Permission[];
  readonly passwordRotations: readonly aws.secretsmanager.SecretRotation[];
  readonly capacityAlarm: aws.cloudwatch.MetricAlarm;
  readonly cpuAlarm: aws.cloudwatch.MetricAlarm;
  readonly connectionsAlarm: aws.cloudwatch.MetricAlarm;
  readonly replicaLagAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly storageAlarm: aws.cloudwatch.MetricAlarm;
}

/** Last word on the arguments of each child; for a list, applied to each of its members. */
export interface AuroraClusterTransform {
  suffix?: Override<random.RandomIdArgs>;
  subnetGroup?: Override<aws.rds.SubnetGroupArgs>;
  securityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  parameterGroup?: Override<aws.rds.ClusterParameterGroupArgs>;
  logGroups?: Override<aws.cloudwatch.LogGroupArgs>;
  monitoringRole?: Override<aws.iam.RoleArgs>;
  monitoringPolicy?: Override<aws.iam.RolePolicyAttachmentArgs>;
  cluster?: Override<aws.rds.ClusterArgs>;
  writer?: Override<aws.rds.ClusterInstanceArgs>;
  readers?: Override<aws.rds.ClusterInstanceArgs>;
  masterRotation?: Override<aws.secretsmanager.SecretRotationArgs>;
  scalingTarget?: Override<aws.appautoscaling.TargetArgs>;
  scalingPolicy?: Override<aws.appautoscaling.PolicyArgs>;
  proxyLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  proxyRole?: Override<aws.iam.RoleArgs>;
  proxyPolicy?: Override<aws.iam.RolePolicyArgs>;
  proxySecurityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  proxyEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  proxyIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  proxy?: Override<aws.rds.ProxyArgs>;
  proxyTargetGroup?: Override<aws.rds.ProxyDefaultTargetGroupArgs>;
  proxyTarget?: Override<aws.rds.ProxyTargetArgs>;
  proxyReadEndpoint?: Override<aws.rds.ProxyEndpointArgs>;
  passwordSecrets?: Override<aws.secretsmanager.SecretArgs>;
  usersLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  usersRole?: Override<aws.iam.RoleArgs>;
  usersPolicy?: Override<aws.iam.RolePolicyArgs>;
  usersFunction?: Override<aws.lambda.FunctionArgs>;
  usersInvocation?: Override<aws.lambda.InvocationArgs>;
  rotationPermissions?: Override<aws.lambda.PermissionArgs>;
  passwordRotations?: Override<aws.secretsmanager.SecretRotationArgs>;
  capacityAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  cpuAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  connectionsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  replicaLagAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  storageAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}
