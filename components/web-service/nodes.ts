import type * as aws from "@pulumi/aws";

import type { Override } from "../shared/override";
import type { TaskNodes, TaskTransform } from "../task/types";

/** The children that `migration` adds. The task's own network and roles are there when it has `uses` of its own. */
export interface MigrationNodes {
  readonly migrationSecurityGroup: aws.ec2.SecurityGroup | undefined;
  readonly migrationHttpsEgress: aws.vpc.SecurityGroupEgressRule | undefined;
  readonly migrationAccessIngress: readonly aws.vpc.SecurityGroupIngressRule[];
  readonly migrationAccessEgress: readonly aws.vpc.SecurityGroupEgressRule[];
  readonly migrationExecutionRole: aws.iam.Role | undefined;
  readonly migrationExecutionPolicy: aws.iam.RolePolicy | undefined;
  readonly migrationTaskRole: aws.iam.Role | undefined;
  readonly migrationTaskPolicy: aws.iam.RolePolicy | undefined;
  readonly migrationTaskDefinition: aws.ecs.TaskDefinition | undefined;
  readonly migrationLogGroup: aws.cloudwatch.LogGroup | undefined;
  readonly migrationFunctionRole: aws.iam.Role | undefined;
  readonly migrationFunctionPolicy: aws.iam.RolePolicy | undefined;
  readonly migrationFunction: aws.lambda.Function | undefined;
  readonly migrationFailures: aws.cloudwatch.LogMetricFilter | undefined;
  readonly migrationAlarm: aws.cloudwatch.MetricAlarm | undefined;
}

/** The raw children of a WebService. Those that a setting leaves out are undefined, lists are empty. */
export interface WebServiceNodes extends TaskNodes, MigrationNodes {
  readonly loadBalancerIngress: aws.vpc.SecurityGroupIngressRule | undefined;
  readonly loadBalancerEgress: aws.vpc.SecurityGroupEgressRule | undefined;
  readonly infrastructureRole: aws.iam.Role | undefined;
  readonly infrastructurePolicy: aws.iam.RolePolicyAttachment | undefined;
  readonly hookRole: aws.iam.Role | undefined;
  readonly hookPolicy: aws.iam.RolePolicy | undefined;
  readonly blueTargetGroup: aws.lb.TargetGroup | undefined;
  readonly greenTargetGroup: aws.lb.TargetGroup | undefined;
  readonly productionRule: aws.lb.ListenerRule | undefined;
  readonly testRule: aws.lb.ListenerRule | undefined;
  readonly service: aws.ecs.Service;
  readonly scalingTarget: aws.appautoscaling.Target | undefined;
  readonly cpuPolicy: aws.appautoscaling.Policy | undefined;
  readonly memoryPolicy: aws.appautoscaling.Policy | undefined;
  readonly requestsPolicy: aws.appautoscaling.Policy | undefined;
  readonly schedules: readonly aws.appautoscaling.ScheduledAction[];
  readonly serverErrorsAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly latencyAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly unhealthyAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly cpuAlarm: aws.cloudwatch.MetricAlarm;
  readonly memoryAlarm: aws.cloudwatch.MetricAlarm;
}

/** Last word on the arguments of the children that `migration` adds. */
export interface MigrationTransform {
  migrationSecurityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  migrationHttpsEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  migrationAccessIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  migrationAccessEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  migrationExecutionRole?: Override<aws.iam.RoleArgs>;
  migrationExecutionPolicy?: Override<aws.iam.RolePolicyArgs>;
  migrationTaskRole?: Override<aws.iam.RoleArgs>;
  migrationTaskPolicy?: Override<aws.iam.RolePolicyArgs>;
  migrationTaskDefinition?: Override<aws.ecs.TaskDefinitionArgs>;
  migrationLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  migrationFunctionRole?: Override<aws.iam.RoleArgs>;
  migrationFunctionPolicy?: Override<aws.iam.RolePolicyArgs>;
  migrationFunction?: Override<aws.lambda.FunctionArgs>;
  migrationFailures?: Override<aws.cloudwatch.LogMetricFilterArgs>;
  migrationAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** Last word on the arguments of each child; for a list, applied to each of its members. */
export interface WebServiceTransform extends TaskTransform, MigrationTransform {
  loadBalancerIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  loadBalancerEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  infrastructureRole?: Override<aws.iam.RoleArgs>;
  infrastructurePolicy?: Override<aws.iam.RolePolicyAttachmentArgs>;
  hookRole?: Override<aws.iam.RoleArgs>;
  hookPolicy?: Override<aws.iam.RolePolicyArgs>;
  blueTargetGroup?: Override<aws.lb.TargetGroupArgs>;
  greenTargetGroup?: Override<aws.lb.TargetGroupArgs>;
  productionRule?: Override<aws.lb.ListenerRuleArgs>;
  testRule?: Override<aws.lb.ListenerRuleArgs>;
  service?: Override<aws.ecs.ServiceArgs>;
  scalingTarget?: Override<aws.appautoscaling.TargetArgs>;
  cpuPolicy?: Override<aws.appautoscaling.PolicyArgs>;
  memoryPolicy?: Override<aws.appautoscaling.PolicyArgs>;
  requestsPolicy?: Override<aws.appautoscaling.PolicyArgs>;
  schedules?: Override<aws.appautoscaling.ScheduledActionArgs>;
  serverErrorsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  latencyAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  unhealthyAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  cpuAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  memoryAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}
