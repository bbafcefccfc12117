import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { failureQueueStatements } from "../shared/failure-queue";
import { override } from "../shared/override";
import { capacityProviders } from "../task/capacity";
import { assumableBy, document, placeOf } from "../task/iam";
import { runStatements } from "../task/run";
import type { Settled, SettledSchedule } from "./settle";
import type { ScheduledTaskNodes } from "./types";

type ScheduleNodes = Pick<ScheduledTaskNodes, "scheduleGroup" | "schedulerRole" | "schedulerPolicy" | "schedule">;
type Made = Omit<ScheduledTaskNodes, keyof ScheduleNodes | "unreportedAlarm">;

/** The schedule, in a group of its own, and the role that Scheduler starts the task with. */
export function createSchedule(parent: pulumi.Resource, s: Settled, made: Made): ScheduleNodes {
  const { name, args } = s;
  if (s.schedule === undefined) {
    return { scheduleGroup: undefined, schedulerRole: undefined, schedulerPolicy: undefined, schedule: undefined };
  }
  const transform = args.transform ?? {};
  const opts = { parent };
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
        description: `${name}: starts the task by the clock`,
        // AWS: EventBridge Scheduler user guide, "Confused deputy prevention": the source is the group, never a schedule.
        assumeRolePolicy: assumableBy("scheduler.amazonaws.com", {
          StringEquals: {
            "aws:SourceAccount": placeOf(args.cluster.arn).account,
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
          ...runStatements(args.cluster.arn, made),
          ...failureQueueStatements(made.failureQueue.arn, args.keyArn),
        ]),
      },
      transform.schedulerPolicy,
    ),
    opts,
  );
  const schedule = new aws.scheduler.Schedule(
    `${name}-schedule`,
    override<aws.scheduler.ScheduleArgs>(
      scheduleArgs(s, s.schedule, scheduleGroup, schedulerRole, made),
      transform.schedule,
    ),
    {
      ...opts,
      // What a run needs but the arguments do not name.
      dependsOn: [
        schedulerPolicy,
        made.executionPolicy,
        made.taskPolicy,
        made.httpsEgress,
        made.failedRunsTarget,
        ...made.accessIngress,
        ...made.accessEgress,
      ].filter((child) => child !== undefined),
    },
  );
  return { scheduleGroup, schedulerRole, schedulerPolicy, schedule };
}

function scheduleArgs(
  s: Settled,
  { expression, timezone, flexibleMinutes, retries, retryMinutes, enabled }: SettledSchedule,
  group: aws.scheduler.ScheduleGroup,
  role: aws.iam.Role,
  made: Made,
): aws.scheduler.ScheduleArgs {
  return {
    groupName: group.name,
    description: `Runs ${s.name}`,
    scheduleExpression: expression,
    scheduleExpressionTimezone: timezone,
    state: enabled ? "ENABLED" : "DISABLED",
    flexibleTimeWindow:
      flexibleMinutes === undefined ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: flexibleMinutes },
    target: {
      arn: s.args.cluster.arn,
      roleArn: role.arn,
      ecsParameters: {
        taskDefinitionArn: made.taskDefinition.arn,
        taskCount: 1,
        capacityProviderStrategies: capacityProviders(s.capacity),
        networkConfiguration: {
          subnets: s.args.network.privateSubnetIds,
          securityGroups: [made.securityGroup.id],
          assignPublicIp: false,
        },
        // Default tags stop at the task definition: a run gets its tags from there.
        propagateTags: "TASK_DEFINITION",
        enableEcsManagedTags: true,
        enableExecuteCommand: s.exec,
      },
      retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: retryMinutes * 60 },
      deadLetterConfig: { arn: made.failureQueue.arn },
    },
  };
}
