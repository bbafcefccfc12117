import type * as pulumi from "@pulumi/pulumi";

import { createClock, noClock } from "../shared/schedule";
import { capacityProviders } from "../task/capacity";
import { placeOf } from "../task/iam";
import { runStatements } from "../task/run";
import type { Settled } from "./settle";
import type { ScheduledTaskNodes } from "./types";

type ScheduleNodes = Pick<ScheduledTaskNodes, "scheduleGroup" | "schedulerRole" | "schedulerPolicy" | "schedule">;
type Made = Omit<ScheduledTaskNodes, keyof ScheduleNodes | "unreportedAlarm">;

/** The clock that starts the task, if it has one. */
export function createSchedule(parent: pulumi.Resource, s: Settled, made: Made): ScheduleNodes {
  const { name, args, schedule } = s;
  if (schedule === undefined) return noClock;
  const { retries, retryMinutes, ...when } = schedule;
  return createClock(parent, {
    name,
    ...when,
    does: "starts the task by the clock",
    account: placeOf(args.cluster.arn).account,
    statements: runStatements(args.cluster.arn, made),
    failures: made,
    keyArn: args.keyArn,
    transform: args.transform ?? {},
    target: {
      arn: args.cluster.arn,
      ecsParameters: {
        taskDefinitionArn: made.taskDefinition.arn,
        taskCount: 1,
        capacityProviderStrategies: capacityProviders(s.capacity),
        networkConfiguration: {
          subnets: args.network.privateSubnetIds,
          securityGroups: [made.securityGroup.id],
          assignPublicIp: false,
        },
        // Default tags stop at the task definition: a run gets its tags from there.
        propagateTags: "TASK_DEFINITION",
        enableEcsManagedTags: true,
        enableExecuteCommand: s.exec,
      },
      retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: retryMinutes * 60 },
    },
    // What a run needs but the arguments do not name.
    dependsOn: [
      made.executionPolicy,
      made.taskPolicy,
      made.httpsEgress,
      made.failedRunsTarget,
      ...made.accessIngress,
      ...made.accessEgress,
    ].filter((child) => child !== undefined),
  });
}
