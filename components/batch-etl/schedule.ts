import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { createFailureQueue } from "../shared/failure-queue";
import { createClock, noClock } from "../shared/schedule";
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

/** The clock and a queue for starts that failed, if it runs by the clock. */
export function createSchedule(parent: pulumi.Resource, s: Settled, machine: aws.sfn.StateMachine): ScheduleNodes {
  const { name, args, schedule: when } = s;
  if (when === undefined) return noClock;
  const { transform = {}, keyArn, alarmTopicArn } = args;
  const description =
    `${name}: a run could not be started. The messages in the queue say why; start it by hand (output runCommand), ` +
    "then delete them.";
  const failures = createFailureQueue(name, { keyArn, alarmTopicArn, description, transform }, { parent });
  const clock = createClock(parent, {
    name,
    ...when,
    does: "starts the job by the clock",
    account: placeOf(s).account,
    statements: [{ Effect: "Allow", Action: "states:StartExecution", Resource: machine.arn }],
    failures,
    keyArn,
    transform,
    target: {
      arn: machine.arn,
      // The time that the run was planned for: one that starts late is still of its day.
      input: JSON.stringify({ [plannedTime]: "<aws.scheduler.scheduled-time>" }),
      retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
    },
  });
  return { ...failures, ...clock };
}
