import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { LakeTable } from "../data-lake/types";
import type { FailureQueueNodes } from "../shared/failure-queue";
import type { Override } from "../shared/override";

/** The database whose snapshots are exported. AuroraCluster fits. */
export interface SnapshotSource {
  readonly clusterIdentifier: Input<string>;
  readonly arn: Input<string>;
  /** Name of the database in the cluster. */
  readonly databaseName: string;
}

/** The DynamoDB table that is exported; it keeps point-in-time recovery. Table fits. */
export interface ExportSource {
  readonly tableName: Input<string>;
  readonly arn: Input<string>;
}

/** What is transferred, and into which tables of the lake. */
export type TransferSource =
  | {
      kind: "aurora";
      /** AuroraCluster fits. */
      cluster: SnapshotSource;
      /** The lake's tables by the database's: `public.orders` of PostgreSQL, `orders` of MySQL. */
      tables: Record<string, LakeTable>;
    }
  | {
      kind: "table";
      /** Table fits. */
      table: ExportSource;
      /** The lake's table, made with tableExport. */
      into: LakeTable;
    };

/** When a transfer runs. */
export interface TransferSchedule {
  /** `cron(30 20 * * ? *)` or `rate(6 hours)`. */
  expression: string;
  /** IANA time zone of the expression, such as `Asia/Tokyo`. @default "Etc/UTC" */
  timezone?: string;
  /** Whether it runs by the clock, and is watched to; by hand it always can. @default true */
  enabled?: boolean;
}

/** The raw children of a LakeTransfer; those of the export role are undefined with a DynamoDB table. */
export interface LakeTransferNodes extends FailureQueueNodes {
  readonly progress: aws.ssm.Parameter;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly exportRole: aws.iam.Role | undefined;
  readonly exportPolicy: aws.iam.RolePolicy | undefined;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
  readonly stateMachine: aws.sfn.StateMachine;
  readonly scheduleGroup: aws.scheduler.ScheduleGroup;
  readonly schedulerRole: aws.iam.Role;
  readonly schedulerPolicy: aws.iam.RolePolicy;
  readonly schedule: aws.scheduler.Schedule;
  readonly failedAlarm: aws.cloudwatch.MetricAlarm;
  /** Undefined while the schedule is off. */
  readonly freshnessAlarm: aws.cloudwatch.MetricAlarm | undefined;
}

/** Last word on the arguments of each child. */
export interface LakeTransferTransform {
  progress?: Override<aws.ssm.ParameterArgs>;
  logGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  exportRole?: Override<aws.iam.RoleArgs>;
  exportPolicy?: Override<aws.iam.RolePolicyArgs>;
  role?: Override<aws.iam.RoleArgs>;
  policy?: Override<aws.iam.RolePolicyArgs>;
  stateMachine?: Override<aws.sfn.StateMachineArgs>;
  scheduleGroup?: Override<aws.scheduler.ScheduleGroupArgs>;
  schedulerRole?: Override<aws.iam.RoleArgs>;
  schedulerPolicy?: Override<aws.iam.RolePolicyArgs>;
  schedule?: Override<aws.scheduler.ScheduleArgs>;
  failureQueue?: Override<aws.sqs.QueueArgs>;
  failureQueuePolicy?: Override<aws.sqs.QueuePolicyArgs>;
  failuresAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  failedAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  freshnessAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}
