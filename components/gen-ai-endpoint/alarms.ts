import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { modelArn } from "./access";
import type { AlarmNodes, ModelNodes } from "./nodes";
import type { Settled, SettledCommon } from "./settle";

type Role = "throttles" | "errors" | "latency";
type AlarmArgs = Partial<aws.cloudwatch.MetricAlarmArgs>;

/** Bedrock's metrics know a profile or a throughput by the last part of its ARN. */
export function modelDimension(made: ModelNodes): { ModelId: pulumi.Output<string> } {
  return { ModelId: modelArn(made).apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)) };
}

/** The three alarms of either engine, on its own metrics. */
export function createAlarms(
  parent: pulumi.Resource,
  { name, args }: SettledCommon,
  common: AlarmArgs,
  own: Readonly<Record<Role, AlarmArgs>>,
): AlarmNodes {
  const alarm = (role: Role): aws.cloudwatch.MetricAlarm =>
    new aws.cloudwatch.MetricAlarm(
      `${name}-${role}-alarm`,
      override<aws.cloudwatch.MetricAlarmArgs>(
        {
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          period: 300,
          evaluationPeriods: 1,
          // Nothing is reported while nobody asks.
          treatMissingData: "notBreaching",
          alarmActions: [args.alarmTopicArn],
          okActions: [args.alarmTopicArn],
          ...common,
          ...own[role],
        },
        args.transform?.[`${role}Alarm`],
      ),
      { parent },
    );
  return { throttlesAlarm: alarm("throttles"), errorsAlarm: alarm("errors"), latencyAlarm: alarm("latency") };
}

export function createBedrockAlarms(parent: pulumi.Resource, s: Settled, made: ModelNodes): AlarmNodes {
  const { name, alarms } = s;
  return createAlarms(
    parent,
    s,
    { namespace: "AWS/Bedrock", dimensions: modelDimension(made) },
    {
      throttles: {
        alarmDescription:
          `${name}: ${alarms.throttles} or more requests in 5 minutes were throttled. Ask for a higher quota of tokens or ` +
          "requests a minute (Service Quotas, Amazon Bedrock), or take a cross-region profile.",
        metricName: "InvocationThrottles",
        statistic: "Sum",
        threshold: alarms.throttles,
      },
      errors: {
        alarmDescription:
          `${name}: Bedrock failed on ${alarms.errors} or more requests in 5 minutes. ` +
          "Look at the AWS Health Dashboard; callers should retry.",
        metricName: "InvocationServerErrors",
        statistic: "Sum",
        threshold: alarms.errors,
      },
      latency: {
        alarmDescription:
          `${name}: one answer in ten took ${alarms.latencySeconds} s or longer, for 15 minutes. ` +
          "See whether answers grew longer (metric OutputTokenCount); stream them, or bound their length.",
        metricName: "InvocationLatency",
        extendedStatistic: "p90",
        evaluationPeriods: 3,
        // In milliseconds.
        threshold: alarms.latencySeconds * 1000,
      },
    },
  );
}
