import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { createFailureQueue, type FailureQueueNodes, failureQueueStatements } from "../shared/failure-queue";
import { override } from "../shared/override";
import { assumableBy, document, placeOf } from "../task/iam";
import type { Settled } from "./settle";
import type { LakeTransferNodes } from "./types";

type ScheduleNodes = FailureQueueNodes &
  Pick<LakeTransferNodes, "scheduleGroup" | "schedulerRole" | "schedulerPolicy" | "schedule">;

/** The schedule, in a group of its own, the role that it starts runs with, and a queue for starts that failed. */
export function createSchedule(
  parent: pulumi.Resource,
  s: Settled,
  { stateMachine }: Pick<LakeTransferNodes, "stateMachine">,
): ScheduleNodes {
  const { name, args } = s;
  const { transform = {}, lake, alarmTopicArn } = args;
  const opts = { parent };
  const failures = createFailureQueue(
    name,
    {
      keyArn: lake.keyArn,
      alarmTopicArn,
      description:
        `${name}: a run could not be started. The messages in the queue say why; start one by hand (output runCommand), ` +
        "then delete the messages.",
      transform,
    },
    opts,
  );
  // Metrics and the role's trust know a group, not a schedule; and a group has tags.
  const scheduleGroup = new aws.scheduler.ScheduleGroup(
    `${name}-schedules`,
    override<aws.scheduler.ScheduleGroupArgs>({}, transform.scheduleGroup),
    opts,
  );
  const schedulerRole = new aws.iam.Role(
    `${name}-scheduler-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: starts the transfer by the clock`,
        // AWS: EventBridge Scheduler user guide, "Confused deputy prevention": the source is the group, never a schedule.
        assumeRolePolicy: assumableBy("scheduler.amazonaws.com", {
          StringEquals: {
            "aws:SourceAccount": placeOf(lake.workGroupArn).account,
            "aws:SourceArn": scheduleGroup.arn,
          },
        }),
      },
      transform.schedulerRole,
    ),
    opts,
  );
  const schedulerPolicy = new aws.iam.RolePolicy(
    `${name}-scheduler-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: schedulerRole.name,
        policy: document([
          { Effect: "Allow", Action: "states:StartExecution", Resource: stateMachine.arn },
          ...failureQueueStatements(failures.failureQueue.arn, lake.keyArn),
        ]),
      },
      transform.schedulerPolicy,
    ),
    opts,
  );
  const schedule = new aws.scheduler.Schedule(
    `${name}-schedule`,
    override<aws.scheduler.ScheduleArgs>(
      {
        groupName: scheduleGroup.name,
        description: `Runs ${name}`,
        scheduleExpression: s.schedule.expression,
        scheduleExpressionTimezone: s.schedule.timezone,
        state: s.schedule.enabled ? "ENABLED" : "DISABLED",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: stateMachine.arn,
          roleArn: schedulerRole.arn,
          retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
          deadLetterConfig: { arn: failures.failureQueue.arn },
        },
      },
      transform.schedule,
    ),
    { ...opts, dependsOn: [schedulerPolicy] },
  );
  return { ...failures, scheduleGroup, schedulerRole, schedulerPolicy, schedule };
}
