import * as aws from "@pulumi/aws";
import type { Input, Resource } from "@pulumi/pulumi";

import { assumableBy, policyDocument } from "./policy-document";
import { type FailureQueueNodes, failureQueueStatements } from "./failure-queue";
import { override, type Override } from "./override";

/** What runs by the clock, and how. */
export interface ClockArgs {
  /** Name of the component: `<name>-schedule`, `<name>-scheduler-role` and so on. */
  readonly name: string;
  /** What the role does, for its description: `starts the task by the clock`. */
  readonly does: string;
  /** The account that the schedule is in. */
  readonly account: Input<string>;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  /** Minutes that a start may be late by. @default on time */
  readonly flexibleMinutes?: number | undefined;
  /** Rights that a start takes. */
  readonly statements: readonly aws.iam.PolicyStatement[];
  /** What is started, with how often and how long a start is tried; role and queue are added. */
  readonly target: Omit<aws.types.input.scheduler.ScheduleTarget, "roleArn" | "deadLetterConfig">;
  /** Takes the starts that failed. */
  readonly failures: Pick<FailureQueueNodes, "failureQueue">;
  /** Key of the queue. */
  readonly keyArn: Input<string>;
  /** What a run needs but the target does not name. @default [] */
  readonly dependsOn?: readonly Resource[];
  readonly transform: ClockTransform;
}

/** Last say on the arguments of each resource. */
export interface ClockTransform {
  readonly scheduleGroup?: Override<aws.scheduler.ScheduleGroupArgs>;
  readonly schedulerRole?: Override<aws.iam.RoleArgs>;
  readonly schedulerPolicy?: Override<aws.iam.RolePolicyArgs>;
  readonly schedule?: Override<aws.scheduler.ScheduleArgs>;
}

/** The resources of a clock. */
export interface ClockNodes {
  readonly scheduleGroup: aws.scheduler.ScheduleGroup;
  readonly schedulerRole: aws.iam.Role;
  readonly schedulerPolicy: aws.iam.RolePolicy;
  readonly schedule: aws.scheduler.Schedule;
}

/** The nodes of what runs by hand alone. */
export const noClock = {
  scheduleGroup: undefined,
  schedulerRole: undefined,
  schedulerPolicy: undefined,
  schedule: undefined,
} as const;

/** A schedule of EventBridge Scheduler in a group of its own, and the role that it starts runs with. */
export function createClock(parent: Resource, args: ClockArgs): ClockNodes {
  const { name, transform, failures, keyArn, target } = args;
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
        description: `${name}: ${args.does}`,
        // AWS: EventBridge Scheduler user guide, "Confused deputy prevention": the source is the group, never a schedule.
        assumeRolePolicy: assumableBy("scheduler.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": args.account, "aws:SourceArn": scheduleGroup.arn },
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
        policy: policyDocument([...args.statements, ...failureQueueStatements(failures.failureQueue.arn, keyArn)]),
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
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: args.timezone,
        state: args.enabled ? "ENABLED" : "DISABLED",
        flexibleTimeWindow:
          args.flexibleMinutes === undefined
            ? { mode: "OFF" }
            : { mode: "FLEXIBLE", maximumWindowInMinutes: args.flexibleMinutes },
        target: { ...target, roleArn: schedulerRole.arn, deadLetterConfig: { arn: failures.failureQueue.arn } },
      },
      transform.schedule,
    ),
    { ...opts, dependsOn: [schedulerPolicy, ...(args.dependsOn ?? [])] },
  );
  return { scheduleGroup, schedulerRole, schedulerPolicy, schedule };
}
