import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import type { Settled } from "./settle";

/** The alarms of one table. */
export interface TableAlarms {
  readonly throttlesAlarm: aws.cloudwatch.MetricAlarm;
  /** By the global index's name. */
  readonly indexThrottlesAlarms: Readonly<Record<string, aws.cloudwatch.MetricAlarm>>;
  readonly systemErrorsAlarm: aws.cloudwatch.MetricAlarm;
}

/** An alarm for each thing that can be throttled, so that it names the one that is, and one for DynamoDB's own errors. */
export function createAlarms(parent: pulumi.Resource, s: Settled, table: aws.dynamodb.Table): TableAlarms {
  const { name, alarms, args } = s;
  const { throttlesAlarm, indexThrottlesAlarms, systemErrorsAlarm } = args.transform ?? {};
  const throttled = (what: string): string =>
    `${name}: ${alarms.throttles} or more requests a minute to ${what} were throttled. Look for a ceiling that is too ` +
    "low (metrics Read/WriteMaxOnDemandThroughputThrottleEvents) or a partition key that most requests share.";
  const global = s.indexes.filter((index) => index.kind === "global");
  return {
    throttlesAlarm: alarm(parent, s, "throttles", throttlesAlarm, {
      alarmDescription: throttled("the table"),
      threshold: alarms.throttles,
      metricQueries: throttles({ TableName: table.name }),
    }),
    indexThrottlesAlarms: Object.fromEntries(
      global.map((index) => [
        index.name,
        alarm(parent, s, `${index.name}-throttles`, indexThrottlesAlarms, {
          alarmDescription: throttled(`index ${index.name}`),
          threshold: alarms.throttles,
          metricQueries: throttles({ TableName: table.name, GlobalSecondaryIndexName: index.name }),
        }),
      ]),
    ),
    systemErrorsAlarm: alarm(parent, s, "system-errors", systemErrorsAlarm, {
      alarmDescription:
        `${name}: DynamoDB failed on ${alarms.systemErrors} or more requests a minute. ` +
        "Look at the AWS Health Dashboard; clients retry by themselves.",
      threshold: alarms.systemErrors,
      metricQueries: [
        {
          id: "errors",
          label: "System errors",
          // DynamoDB reports them for each operation apart: the query takes all, and is billed for those that had any.
          expression: pulumi.interpolate`SELECT SUM(SystemErrors) FROM SCHEMA("AWS/DynamoDB", Operation, TableName) WHERE TableName = '${table.name}'`,
          period: 60,
          returnData: true,
        },
      ],
    }),
  };
}

function throttles(
  dimensions: Record<string, pulumi.Input<string>>,
): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const metric = (id: string, metricName: string) => ({
    id,
    returnData: false,
    metric: { namespace: "AWS/DynamoDB", metricName, stat: "Sum", period: 60, dimensions },
  });
  return [
    metric("reads", "ReadThrottleEvents"),
    metric("writes", "WriteThrottleEvents"),
    // Each is reported in minutes with throttling alone.
    { id: "throttles", label: "Throttled requests", expression: "FILL(reads, 0) + FILL(writes, 0)", returnData: true },
  ];
}

function alarm(
  parent: pulumi.Resource,
  s: Settled,
  role: string,
  transform: Override<aws.cloudwatch.MetricAlarmArgs> | undefined,
  args: Pick<aws.cloudwatch.MetricAlarmArgs, "alarmDescription" | "threshold" | "metricQueries">,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${s.name}-${role}-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // A single minute is no news: clients retry, and on-demand capacity grows meanwhile.
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        treatMissingData: "notBreaching",
        alarmActions: [s.args.alarmTopicArn],
        okActions: [s.args.alarmTopicArn],
        ...args,
      },
      transform,
    ),
    { parent },
  );
}
