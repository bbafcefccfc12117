import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import type { TopicNodes } from "./topic";

/** What may be written to logs before somebody is told. */
export interface LogsCeiling {
  /** Gigabytes that all log groups of the account in a region may be given within an hour, before compression. */
  gbPerHour: number;
}

/** An alarm for each topic's region. */
export interface LogsAlarmNodes {
  readonly logsAlarm: aws.cloudwatch.MetricAlarm | undefined;
  readonly edgeLogsAlarm: aws.cloudwatch.MetricAlarm | undefined;
}

/** Last say on each of them. */
export interface LogsAlarmTransform {
  logsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  edgeLogsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** Alarms on what is written to all log groups of a region together: the stack's, and the edge's where it is another. */
export function createLogsAlarms(
  parent: CustomResourceOptions,
  name: string,
  args: {
    readonly ceiling: LogsCeiling | undefined;
    readonly topic: TopicNodes;
    /** The edge's topic and its region; absent: there is none, or it is the same. */
    readonly edge: { readonly topic: TopicNodes; readonly region: string } | undefined;
    readonly transform: LogsAlarmTransform;
  },
): LogsAlarmNodes {
  const { ceiling, topic, edge, transform } = args;
  if (ceiling === undefined) return { logsAlarm: undefined, edgeLogsAlarm: undefined };
  const alarm = (prefix: string, ours: aws.cloudwatch.MetricAlarmArgs, by: LogsAlarmTransform["logsAlarm"]) =>
    new aws.cloudwatch.MetricAlarm(`${prefix}-logs-alarm`, override(ours, by), parent);
  return {
    logsAlarm: alarm(name, alarmArgs(name, ceiling, topic.policy.arn), transform.logsAlarm),
    edgeLogsAlarm:
      edge &&
      alarm(
        `${name}-edge`,
        { ...alarmArgs(name, ceiling, edge.topic.policy.arn), region: edge.region },
        transform.edgeLogsAlarm,
      ),
  };
}

function alarmArgs(name: string, { gbPerHour }: LogsCeiling, topicArn: Input<string>): aws.cloudwatch.MetricAlarmArgs {
  return {
    alarmDescription:
      `${name}: ${gbPerHour} GB or more were written to logs within an hour. Nothing stops it: find the log group ` +
      "(metric IncomingBytes by LogGroupName), then the program that logs in a loop; or raise gbPerHour.",
    // AWS: CloudWatch Logs user guide, "CloudWatch Logs metrics and dimensions": without a dimension it is all groups.
    namespace: "AWS/Logs",
    metricName: "IncomingBytes",
    statistic: "Sum",
    period: 3600,
    evaluationPeriods: 1,
    threshold: gbPerHour * 1_000_000_000,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    // Nothing is reported while nothing is written.
    treatMissingData: "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
  };
}
