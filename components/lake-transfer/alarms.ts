import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { Settled } from "./settle";
import type { LakeTransferNodes } from "./types";

type Alarms = Pick<LakeTransferNodes, "failedAlarm" | "freshnessAlarm">;

/** One alarm for a run that failed, one for data that grew old, for whatever reason but a clock that was turned off. */
export function createAlarms(
  parent: pulumi.Resource,
  s: Settled,
  { stateMachine }: Pick<LakeTransferNodes, "stateMachine">,
): Alarms {
  const { name } = s;
  const { transform = {}, alarmTopicArn } = s.args;
  const opts = { parent };
  const dimensions = { StateMachineArn: stateMachine.arn };
  const told = { alarmActions: [alarmTopicArn], okActions: [alarmTopicArn] };
  const bad = { failed: "ExecutionsFailed", timedOut: "ExecutionsTimedOut", aborted: "ExecutionsAborted" };
  const failedAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-failed-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name}: a run failed. The state machine's last execution says in which state and why; cure it, then start a ` +
          "run by hand (output runCommand).",
        metricQueries: [
          ...Object.entries(bad).map(([id, metricName]) => ({
            id,
            returnData: false,
            metric: { namespace: "AWS/States", metricName, dimensions, stat: "Sum", period: 300 },
          })),
          {
            id: "bad",
            label: "Runs that did not end well",
            expression: Object.keys(bad)
              .map((id) => `FILL(${id}, 0)`)
              .join(" + "),
            returnData: true,
          },
        ],
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        // Nothing is reported while nothing runs.
        treatMissingData: "notBreaching",
        ...told,
      },
      transform.failedAlarm,
    ),
    opts,
  );
  return {
    failedAlarm,
    freshnessAlarm: s.schedule.enabled ? createFreshnessAlarm(parent, s, stateMachine) : undefined,
  };
}

function createFreshnessAlarm(
  parent: pulumi.Resource,
  { name, staleAfterHours, args }: Settled,
  stateMachine: aws.sfn.StateMachine,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-freshness-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name}: no run has ended well for ${staleAfterHours} hours, so the lake's data are older than that. See whether ` +
          "the schedule is on and what the last runs say. After a first deployment: start a run by hand (output runCommand).",
        namespace: "AWS/States",
        metricName: "ExecutionsSucceeded",
        dimensions: { StateMachineArn: stateMachine.arn },
        statistic: "Sum",
        period: 3600,
        evaluationPeriods: staleAfterHours,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        // An hour without a run reports nothing: only all of the hours together are too long.
        treatMissingData: "breaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
      },
      args.transform?.freshnessAlarm,
    ),
    { parent },
  );
}
