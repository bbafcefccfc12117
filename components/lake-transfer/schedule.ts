import type * as pulumi from "@pulumi/pulumi";

import { createFailureQueue, type FailureQueueNodes } from "../shared/failure-queue";
import { type ClockNodes, createClock } from "../shared/schedule";
import { placeOf } from "../task/iam";
import type { Settled } from "./settle";
import type { LakeTransferNodes } from "./types";

/** The clock, and a queue for starts that failed. */
export function createSchedule(
  parent: pulumi.Resource,
  s: Settled,
  { stateMachine }: Pick<LakeTransferNodes, "stateMachine">,
): FailureQueueNodes & ClockNodes {
  const { name, schedule: when } = s;
  const { transform = {}, lake, alarmTopicArn } = s.args;
  const { keyArn } = lake;
  const description =
    `${name}: a run could not be started. The messages in the queue say why; start one by hand (output runCommand), ` +
    "then delete the messages.";
  const failures = createFailureQueue(name, { keyArn, alarmTopicArn, description, transform }, { parent });
  const clock = createClock(parent, {
    name,
    ...when,
    does: "starts the transfer by the clock",
    account: placeOf(lake.workGroupArn).account,
    statements: [{ Effect: "Allow", Action: "states:StartExecution", Resource: stateMachine.arn }],
    failures,
    keyArn,
    transform,
    target: {
      arn: stateMachine.arn,
      retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
    },
  });
  return { ...failures, ...clock };
}
