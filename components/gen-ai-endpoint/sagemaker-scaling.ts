import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { SageMakerNodes } from "./nodes";
import type { SettledSageMaker } from "./sagemaker-rules";

type Scaling = Pick<SageMakerNodes, "scalingTarget" | "scalingPolicy" | "wakePolicy" | "wakeAlarm">;

/** There is one variant; metrics and scaling name it. */
export const variantName = "main";

/** Instances by requests, or by what waits in S3; none at all where nothing waits. */
export function createScaling(parent: pulumi.Resource, s: SettledSageMaker, endpoint: aws.sagemaker.Endpoint): Scaling {
  const { name, args, sagemaker } = s;
  const { transform = {} } = args;
  const { instances, realTime } = sagemaker;
  if (instances === undefined || instances.min === instances.max) {
    return { scalingTarget: undefined, scalingPolicy: undefined, wakePolicy: undefined, wakeAlarm: undefined };
  }
  const scalingTarget = new aws.appautoscaling.Target(
    `${name}-scaling`,
    override<aws.appautoscaling.TargetArgs>(
      {
        serviceNamespace: "sagemaker",
        scalableDimension: "sagemaker:variant:DesiredInstanceCount",
        resourceId: pulumi.interpolate`endpoint/${endpoint.name}/variant/${variantName}`,
        minCapacity: instances.min,
        maxCapacity: instances.max,
      },
      transform.scalingTarget,
    ),
    { parent },
  );
  const scalingPolicy = new aws.appautoscaling.Policy(
    `${name}-scale`,
    override<aws.appautoscaling.PolicyArgs>(
      {
        ...of(scalingTarget),
        policyType: "TargetTrackingScaling",
        targetTrackingScalingPolicyConfiguration: {
          ...(realTime === undefined ? backlog(endpoint) : requests(realTime.requestsPerInstance)),
          // An instance takes minutes to start: out at once, in slowly.
          scaleOutCooldown: 60,
          scaleInCooldown: 600,
        },
      },
      transform.scalingPolicy,
    ),
    { parent },
  );
  const wake = realTime === undefined ? createWake(parent, s, endpoint, scalingTarget) : undefined;
  return { scalingTarget, scalingPolicy, wakePolicy: wake?.wakePolicy, wakeAlarm: wake?.wakeAlarm };
}

function of(
  target: aws.appautoscaling.Target,
): Pick<aws.appautoscaling.PolicyArgs, "serviceNamespace" | "scalableDimension" | "resourceId"> {
  const { serviceNamespace, scalableDimension, resourceId } = target;
  return { serviceNamespace, scalableDimension, resourceId };
}

type Tracking = aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration;

function requests(targetValue: number): Tracking {
  const predefinedMetricType = "SageMakerVariantInvocationsPerInstance";
  return { predefinedMetricSpecification: { predefinedMetricType }, targetValue };
}

/** AWS: SageMaker developer guide, "Autoscale an asynchronous endpoint". */
function backlog(endpoint: aws.sagemaker.Endpoint): Tracking {
  return {
    customizedMetricSpecification: {
      namespace: "AWS/SageMaker",
      metricName: "ApproximateBacklogSizePerInstance",
      dimensions: [{ name: "EndpointName", value: endpoint.name }],
      statistic: "Average",
    },
    targetValue: 5,
  };
}

/** With no instance there is no backlog per instance: the first one comes for any request that waits. */
function createWake(
  parent: pulumi.Resource,
  { name, args }: SettledSageMaker,
  endpoint: aws.sagemaker.Endpoint,
  target: aws.appautoscaling.Target,
): { wakePolicy: aws.appautoscaling.Policy; wakeAlarm: aws.cloudwatch.MetricAlarm } {
  const wakePolicy = new aws.appautoscaling.Policy(
    `${name}-wake`,
    override<aws.appautoscaling.PolicyArgs>(
      {
        ...of(target),
        policyType: "StepScaling",
        stepScalingPolicyConfiguration: {
          adjustmentType: "ChangeInCapacity",
          metricAggregationType: "Average",
          cooldown: 300,
          stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
        },
      },
      args.transform?.wakePolicy,
    ),
    { parent },
  );
  const wakeAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-wake-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription: `${name}: requests wait and there is no instance; the first one is started. Nothing to do.`,
        namespace: "AWS/SageMaker",
        metricName: "HasBacklogWithoutCapacity",
        dimensions: { EndpointName: endpoint.name },
        statistic: "Average",
        period: 60,
        evaluationPeriods: 2,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        treatMissingData: "missing",
        // No people: it goes off with the first request of each day.
        alarmActions: [wakePolicy.arn],
      },
      args.transform?.wakeAlarm,
    ),
    { parent },
  );
  return { wakePolicy, wakeAlarm };
}
