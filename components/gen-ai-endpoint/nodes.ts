import type * as aws from "@pulumi/aws";

import type { FailureQueueNodes, FailureQueueTransform } from "../shared/failure-queue";
import type { Override } from "../shared/override";

/** The model that is invoked, and its guardrail. */
export interface ModelNodes {
  readonly profile: aws.bedrock.InferenceProfile | undefined;
  readonly throughput: aws.bedrock.ProvisionedModelThroughput | undefined;
  readonly guardrail: aws.bedrock.Guardrail | undefined;
  readonly guardrailVersion: aws.bedrock.GuardrailVersion | undefined;
  readonly spendersQuery: aws.cloudwatch.QueryDefinition | undefined;
}

/** Documents as vectors, and what finds them. */
export interface KnowledgeNodes {
  readonly vectorBucket: aws.s3.VectorsVectorBucket;
  readonly vectorIndex: aws.s3.VectorsIndex;
  readonly knowledgeRole: aws.iam.Role;
  readonly knowledgeRights: aws.iam.RolePolicy;
  readonly knowledgeBase: aws.bedrock.AgentKnowledgeBase;
  readonly dataSource: aws.bedrock.AgentDataSource;
}

/** What looks at the spending: `spendAlarm` and `liftRights`, or `calls` and `callsTarget`. */
export interface WatchNodes {
  readonly stopPermission: aws.lambda.Permission;
  readonly spendAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly liftRights: aws.iam.RolePolicy | undefined;
  readonly calls: aws.cloudwatch.EventRule | undefined;
  readonly callsTarget: aws.cloudwatch.EventTarget | undefined;
}

/** What stops invoking at the ceiling. */
export interface StopNodes extends WatchNodes, Omit<FailureQueueNodes, "failuresAlarm"> {
  /** Absent where calls are watched: the function tells the topic itself. */
  readonly failuresAlarm?: aws.cloudwatch.MetricAlarm;
  readonly stopPolicy: aws.iam.Policy;
  readonly stopLogGroup: aws.cloudwatch.LogGroup;
  readonly stopRole: aws.iam.Role;
  readonly stopRights: aws.iam.RolePolicy;
  readonly stopFunction: aws.lambda.Function;
}

/** The alarms on the model itself. */
export interface AlarmNodes {
  readonly throttlesAlarm: aws.cloudwatch.MetricAlarm;
  readonly errorsAlarm: aws.cloudwatch.MetricAlarm;
  readonly latencyAlarm: aws.cloudwatch.MetricAlarm;
}

/** What deletes the endpoint at the end of its hours, and makes it again. */
export interface HoursNodes extends Partial<FailureQueueNodes> {
  readonly scheduleGroup: aws.scheduler.ScheduleGroup | undefined;
  readonly schedulerRole: aws.iam.Role | undefined;
  readonly schedulerRights: aws.iam.RolePolicy | undefined;
  readonly startSchedule: aws.scheduler.Schedule | undefined;
  readonly stopSchedule: aws.scheduler.Schedule | undefined;
}

/** A model of one's own, and what answers with it. */
export interface SageMakerNodes extends HoursNodes {
  readonly modelRole: aws.iam.Role;
  readonly modelRights: aws.iam.RolePolicy;
  readonly modelLogGroup: aws.cloudwatch.LogGroup;
  readonly model: aws.sagemaker.Model;
  readonly configuration: aws.sagemaker.EndpointConfiguration;
  readonly endpoint: aws.sagemaker.Endpoint;
  readonly scalingTarget: aws.appautoscaling.Target | undefined;
  readonly scalingPolicy: aws.appautoscaling.Policy | undefined;
  readonly wakePolicy: aws.appautoscaling.Policy | undefined;
  readonly wakeAlarm: aws.cloudwatch.MetricAlarm | undefined;
}

/** The raw children of a GenAiEndpoint; those that the engine or a setting leaves out are undefined. */
export interface GenAiEndpointNodes
  extends
    Partial<ModelNodes>,
    Partial<KnowledgeNodes>,
    Partial<AlarmNodes>,
    Partial<StopNodes>,
    Partial<SageMakerNodes> {}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface GenAiEndpointTransform extends FailureQueueTransform {
  profile?: Override<aws.bedrock.InferenceProfileArgs>;
  throughput?: Override<aws.bedrock.ProvisionedModelThroughputArgs>;
  guardrail?: Override<aws.bedrock.GuardrailArgs>;
  guardrailVersion?: Override<aws.bedrock.GuardrailVersionArgs>;
  stopPolicy?: Override<aws.iam.PolicyArgs>;
  stopLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  stopRole?: Override<aws.iam.RoleArgs>;
  stopRights?: Override<aws.iam.RolePolicyArgs>;
  stopFunction?: Override<aws.lambda.FunctionArgs>;
  spendAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  stopPermission?: Override<aws.lambda.PermissionArgs>;
  liftRights?: Override<aws.iam.RolePolicyArgs>;
  calls?: Override<aws.cloudwatch.EventRuleArgs>;
  callsTarget?: Override<aws.cloudwatch.EventTargetArgs>;
  modelRole?: Override<aws.iam.RoleArgs>;
  modelRights?: Override<aws.iam.RolePolicyArgs>;
  modelLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  model?: Override<aws.sagemaker.ModelArgs>;
  configuration?: Override<aws.sagemaker.EndpointConfigurationArgs>;
  endpoint?: Override<aws.sagemaker.EndpointArgs>;
  scalingTarget?: Override<aws.appautoscaling.TargetArgs>;
  scalingPolicy?: Override<aws.appautoscaling.PolicyArgs>;
  wakePolicy?: Override<aws.appautoscaling.PolicyArgs>;
  wakeAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  scheduleGroup?: Override<aws.scheduler.ScheduleGroupArgs>;
  schedulerRole?: Override<aws.iam.RoleArgs>;
  schedulerRights?: Override<aws.iam.RolePolicyArgs>;
  startSchedule?: Override<aws.scheduler.ScheduleArgs>;
  stopSchedule?: Override<aws.scheduler.ScheduleArgs>;
  vectorBucket?: Override<aws.s3.VectorsVectorBucketArgs>;
  vectorIndex?: Override<aws.s3.VectorsIndexArgs>;
  knowledgeRole?: Override<aws.iam.RoleArgs>;
  knowledgeRights?: Override<aws.iam.RolePolicyArgs>;
  knowledgeBase?: Override<aws.bedrock.AgentKnowledgeBaseArgs>;
  dataSource?: Override<aws.bedrock.AgentDataSourceArgs>;
  spendersQuery?: Override<aws.cloudwatch.QueryDefinitionArgs>;
  throttlesAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  errorsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  latencyAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}
