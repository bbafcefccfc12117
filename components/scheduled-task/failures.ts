import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { createFailureQueue } from "../shared/failure-queue";
import { override } from "../shared/override";
import type { Settled } from "./settle";
import type { ScheduledTaskNodes } from "./types";

type Failures = Pick<
  ScheduledTaskNodes,
  "failureQueue" | "failureQueuePolicy" | "failuresAlarm" | "failedRuns" | "failedRunsTarget"
>;

/**
 * One queue for both ways to fail: Scheduler puts in what it could not start, a rule what started and did not end well,
 * by the clock or by hand.
 */
export function createFailures(
  parent: pulumi.Resource,
  s: Settled,
  { taskDefinition }: Pick<ScheduledTaskNodes, "taskDefinition">,
): Failures {
  const { name, args } = s;
  const { transform = {}, keyArn, alarmTopicArn } = args;
  const opts = { parent };
  const failedRuns = new aws.cloudwatch.EventRule(
    `${name}-failed-runs`,
    override<aws.cloudwatch.EventRuleArgs>(
      {
        description: `Runs of ${name} that did not end well`,
        eventPattern: pulumi.jsonStringify({
          source: ["aws.ecs"],
          "detail-type": ["ECS Task State Change"],
          detail: {
            clusterArn: [args.cluster.arn],
            taskDefinitionArn: [{ prefix: pulumi.interpolate`${taskDefinition.arnWithoutRevision}:` }],
            lastStatus: ["STOPPED"],
            $or: [
              { containers: { exitCode: [{ "anything-but": 0 }] } },
              // A task that never started has no exit code, and one that Spot took back may have ended with 0.
              { stopCode: [{ "anything-but": ["EssentialContainerExited", "UserInitiated"] }] },
            ],
          },
        }),
      },
      transform.failedRuns,
    ),
    opts,
  );
  const queue = createFailureQueue(
    name,
    {
      keyArn,
      alarmTopicArn,
      description:
        `${name}: a run failed or could not be started. The messages in the queue say why; the run's log is in its log ` +
        "group. Run it again by hand (output runCommand), then delete the messages.",
      admit: (queueArn) => [
        {
          Sid: "FailedRuns",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queueArn,
          Condition: { ArnEquals: { "aws:SourceArn": failedRuns.arn } },
        },
      ],
      transform,
    },
    opts,
  );
  const failedRunsTarget = new aws.cloudwatch.EventTarget(
    `${name}-failed-runs-target`,
    override<aws.cloudwatch.EventTargetArgs>(
      { rule: failedRuns.name, arn: queue.failureQueue.arn },
      transform.failedRunsTarget,
    ),
    { ...opts, dependsOn: [queue.failureQueuePolicy] },
  );
  return { ...queue, failedRuns, failedRunsTarget };
}

/** Watches the watchers: a failure that did not even reach the queue, because its policy or the key's refuses it. */
export function createUnreportedAlarm(
  parent: pulumi.Resource,
  s: Settled,
  { failedRuns, scheduleGroup }: Pick<ScheduledTaskNodes, "failedRuns" | "scheduleGroup">,
): aws.cloudwatch.MetricAlarm {
  const metric = (
    id: string,
    namespace: string,
    metricName: string,
    dimensions: Record<string, pulumi.Input<string>>,
  ) => ({
    id,
    returnData: false,
    metric: { namespace, metricName, stat: "Sum", period: 60, dimensions },
  });
  const sources = [
    metric("events", "AWS/Events", "FailedInvocations", { RuleName: failedRuns.name }),
    ...(scheduleGroup === undefined
      ? []
      : [
          metric("starts", "AWS/Scheduler", "InvocationsFailedToBeSentToDeadLetterCount", {
            ScheduleGroup: scheduleGroup.name,
          }),
        ]),
  ];
  return new aws.cloudwatch.MetricAlarm(
    `${s.name}-unreported-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${s.name}: a failure could not be put in the queue, so nobody was told what it was. ` +
          "See that the key's policy admits EventBridge (service events of Key), and look at the logs of the last runs.",
        metricQueries: [
          ...sources,
          {
            id: "unreported",
            label: "Unreported failures",
            expression: sources.map(({ id }) => `FILL(${id}, 0)`).join(" + "),
            returnData: true,
          },
        ],
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        // Both metrics are reported in minutes with such failures alone.
        treatMissingData: "notBreaching",
        alarmActions: [s.args.alarmTopicArn],
        okActions: [s.args.alarmTopicArn],
      },
      s.args.transform?.unreportedAlarm,
    ),
    { parent },
  );
}
