import * as aws from "@pulumi/aws";
import type { Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { Settled } from "./settle";
import type { BatchEtlNodes } from "./types";

/** An alarm on runs that did not end well, and one on data that is too old, whatever the reason. */
export function createAlarms(
  parent: Resource,
  s: Settled,
  machine: aws.sfn.StateMachine,
): Pick<BatchEtlNodes, "failedAlarm" | "freshnessAlarm"> {
  const { name, args, freshnessHours } = s;
  const dimensions = { StateMachineArn: machine.arn };
  const told = { alarmActions: [args.alarmTopicArn], okActions: [args.alarmTopicArn] };
  const metric = (id: string, metricName: string) => ({
    id,
    returnData: false,
    metric: { namespace: "AWS/States", metricName, stat: "Sum", period: 60, dimensions },
  });
  const failedAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-failed-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name}: a run failed, timed out or was stopped. Look at it in Step Functions, correct the cause, and run it again ` +
          "(outputs runCommand and backfillCommand); what it wrote before it failed may be there.",
        metricQueries: [
          metric("failed", "ExecutionsFailed"),
          metric("late", "ExecutionsTimedOut"),
          metric("stopped", "ExecutionsAborted"),
          {
            id: "bad",
            label: "Runs that did not end well",
            expression: "FILL(failed, 0) + FILL(late, 0) + FILL(stopped, 0)",
            returnData: true,
          },
        ],
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        ...told,
      },
      args.transform?.failedAlarm,
    ),
    { parent },
  );
  const freshnessAlarm =
    freshnessHours === undefined
      ? undefined
      : new aws.cloudwatch.MetricAlarm(
          `${name}-freshness-alarm`,
          override<aws.cloudwatch.MetricAlarmArgs>(
            {
              alarmDescription:
                `${name}: no run succeeded for ${freshnessHours} hours. See whether the schedule is on and what became of the ` +
                "last run; then run it by hand (output runCommand).",
              namespace: "AWS/States",
              metricName: "ExecutionsSucceeded",
              dimensions,
              statistic: "Sum",
              period: 3600,
              evaluationPeriods: freshnessHours,
              datapointsToAlarm: freshnessHours,
              comparisonOperator: "LessThanThreshold",
              threshold: 1,
              // Hours without a run report nothing.
              treatMissingData: "breaching",
              ...told,
            },
            args.transform?.freshnessAlarm,
          ),
          { parent },
        );
  return { failedAlarm, freshnessAlarm };
}
