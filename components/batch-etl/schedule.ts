import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { createFailureQueue, failureQueueStatements } from "../shared/failure-queue";
import { override } from "../shared/override";
import { assumableBy, document } from "../task/iam";
import { plannedTime } from "./parameters";
import { placeOf } from "./rights";
import type { Settled } from "./settle";
import type { BatchEtlNodes } from "./types";

type ScheduleNodes = Pick<
  BatchEtlNodes,
  | "failureQueue"
  | "failureQueuePolicy"
  | "failuresAlarm"
  | "scheduleGroup"
  | "schedulerRole"
  | "schedulerPolicy"
  | "schedule"
>;

/** The clock: a group and a schedule, the role that starts a run, and a queue for starts that failed. */
export function createSchedule(parent: pulumi.Resource, s: Settled, machine: aws.sfn.StateMachine): ScheduleNodes {
  const { name, args, schedule: when } = s;
  if (when === undefined) {
    return { scheduleGroup: undefined, schedulerRole: undefined, schedulerPolicy: undefined, schedule: undefined };
  }
  const { transform = {}, keyArn, alarmTopicArn } = args;
  const opts = { parent };
  const failures = createFailureQueue(
    name,
    {
      keyArn,
      alarmTopicArn,
      description: `${name}: a run could not be started. The messages in the queue say why; start it by hand (output runCommand), then delete them.`,
      transform,
    },
    opts,
  );
  const scheduleGroup = new aws.scheduler.ScheduleGroup(
    `${name}-schedules`,
    override<aws.scheduler.ScheduleGroupArgs>({}, transform.scheduleGroup),
    opts,
  );
  const schedulerRole = new aws.iam.Role(
    `${name}-scheduler-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: starts the job by the clock`,
        // AWS: EventBridge Scheduler user guide, "Confused deputy prevention": the source is the group, never a schedule.
        assumeRolePolicy: assumableBy("scheduler.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": placeOf(s).account, "aws:SourceArn": scheduleGroup.arn },
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
          { Effect: "Allow", Action: "states:StartExecution", Resource: machine.arn },
          ...failureQueueStatements(failures.failureQueue.arn, keyArn),
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
        scheduleExpression: when.expression,
        scheduleExpressionTimezone: when.timezone,
        state: when.enabled ? "ENABLED" : "DISABLED",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: machine.arn,
          roleArn: schedulerRole.arn,
          // The time that the run was planned for: one that starts late is still of its day.
          input: JSON.stringify({ [plannedTime]: "<aws.scheduler.scheduled-time>" }),
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
