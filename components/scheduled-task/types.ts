import type * as aws from "@pulumi/aws";

import type { FailureQueueNodes } from "../shared/failure-queue";
import type { Override } from "../shared/override";
import type { TaskNodes, TaskTransform } from "../task/types";

/** When the task runs, and what happens when it cannot be started. */
export interface TaskSchedule {
  /** `cron(30 2 * * ? *)`, `rate(6 hours)` or, for one run, `at(2026-04-01T09:00:00)`. */
  expression: string;
  /** IANA time zone of the expression, such as `Asia/Tokyo`; follows its summer time. @default "Etc/UTC" */
  timezone?: string;
  /** Minutes after its time within which a run may start, 1 to 1440: spreads many schedules. @default at its time */
  flexibleMinutes?: number;
  /** How often a start that fails is tried again, 0 to 185. @default 10 */
  retries?: number;
  /** For how long it is tried again, in minutes, 1 to 1440. @default 60 */
  retryMinutes?: number;
  /** Whether it runs by the clock; by hand it always can. @default true */
  enabled?: boolean;
}

/** The raw children of a ScheduledTask. Those of the schedule are undefined without one. */
export interface ScheduledTaskNodes extends TaskNodes, FailureQueueNodes {
  readonly failedRuns: aws.cloudwatch.EventRule;
  readonly failedRunsTarget: aws.cloudwatch.EventTarget;
  readonly unreportedAlarm: aws.cloudwatch.MetricAlarm;
  readonly scheduleGroup: aws.scheduler.ScheduleGroup | undefined;
  readonly schedulerRole: aws.iam.Role | undefined;
  readonly schedulerPolicy: aws.iam.RolePolicy | undefined;
  readonly schedule: aws.scheduler.Schedule | undefined;
}

/** Last word on the arguments of each child; for a list, applied to each of its members. */
export interface ScheduledTaskTransform extends TaskTransform {
  failureQueue?: Override<aws.sqs.QueueArgs>;
  failureQueuePolicy?: Override<aws.sqs.QueuePolicyArgs>;
  failuresAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  failedRuns?: Override<aws.cloudwatch.EventRuleArgs>;
  failedRunsTarget?: Override<aws.cloudwatch.EventTargetArgs>;
  unreportedAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  scheduleGroup?: Override<aws.scheduler.ScheduleGroupArgs>;
  schedulerRole?: Override<aws.iam.RoleArgs>;
  schedulerPolicy?: Override<aws.iam.RolePolicyArgs>;
  schedule?: Override<aws.scheduler.ScheduleArgs>;
}
