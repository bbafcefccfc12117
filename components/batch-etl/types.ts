import type * as aws from "@pulumi/aws";

import type { LakeTable, LakeZone } from "../data-lake/types";
import type { FailureQueueNodes } from "../shared/failure-queue";
import type { Override } from "../shared/override";

/** A table that the job makes itself, by `CREATE TABLE ... AS`; its files are under `etl/<name>/` in the zone's bucket. */
export interface EtlNewTable {
  zone: LakeZone;
  /** Lower-case letters, digits and `_`. */
  tableName: string;
}

/** Where rows go: a table of the lake, or one that the job makes. */
export type EtlOutput = LakeTable | EtlNewTable;

/** What may differ from run to run. In SQL it is `${name}`, in a Glue script the argument `--name`. */
export type EtlParameter =
  | {
      /** A day, `2026-01-31`; by default one counted back from the day of the run, in the schedule's time zone. */
      type: "date";
      /** Days before the run's, 0 or more. @default 1 */
      daysBefore?: number;
    }
  | {
      /** A whole number. */
      type: "integer";
      default: number;
    }
  | {
      /** Letters, digits, spaces and `._:/-`: nothing that could end a literal. */
      type: "text";
      default: string;
    };

/** SQL, run by Athena: no servers, paid by what is scanned. */
export interface AthenaJob {
  /**
   * Files that run in order, each with one statement or several: `INSERT`, `MERGE`, `UPDATE`, `DELETE`, `CREATE TABLE ... AS`,
   * `DROP TABLE`, `OPTIMIZE`, `VACUUM`. `${name}` stands for an input, an output or a parameter.
   */
  files: string[];
  /** Longest time of one statement, in minutes, 1 to 240. @default 30 */
  timeoutMinutes?: number;
}

/** A Spark script, run by Glue: for what SQL cannot say. */
export interface GlueJob {
  /** The Python script. It finds each input and output as `--name`, with `database.table`. */
  script: string;
  /** Kind of worker; 1, 2, 4 or 8 DPU each. @default "G.1X" */
  workerType?: "G.1X" | "G.2X" | "G.4X" | "G.8X";
  /** Most workers; Glue takes as many as there is work for, 2 to 299. @default 2 */
  maxWorkers?: number;
  /** Spare capacity, cheaper, that may start late and be taken back. @default false */
  flex?: boolean;
  /** Whether a run goes on where the last one ended. @default true */
  bookmarks?: boolean;
  /** Longest time of one try, in minutes, 1 to 2880. @default 60 */
  timeoutMinutes?: number;
  /** How often a run that fails is tried again, 0 to 10. @default 1 */
  retries?: number;
  /** Most that one run may cost, in USD: a job whose workers and timeout allow more is refused. @default no limit */
  maxCostUsd?: number;
}

/** When it runs. */
export interface EtlSchedule {
  /** `cron(0 3 * * ? *)` or `rate(6 hours)`. */
  expression: string;
  /** IANA time zone, such as `Asia/Tokyo`; follows its summer time. @default "Etc/UTC" */
  timezone?: string;
  /** Whether it runs by the clock; by hand it always can. @default true */
  enabled?: boolean;
}

/** When the alarms go off. */
export interface EtlAlarmThresholds {
  /** Hours without a run that succeeded, 1 to 168. @default 26 with a schedule that is on, otherwise off */
  freshnessHours?: number;
}

/** The raw children of a BatchEtl. */
export interface BatchEtlNodes extends Partial<FailureQueueNodes> {
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.RolePolicy;
  readonly stateMachine: aws.sfn.StateMachine;
  readonly failedAlarm: aws.cloudwatch.MetricAlarm;
  /** Undefined without a schedule or hours. */
  readonly freshnessAlarm: aws.cloudwatch.MetricAlarm | undefined;
  /** Undefined without tables of the job's own. */
  readonly workGroup: aws.athena.Workgroup | undefined;
  /** Undefined without a schedule, like the next three. */
  readonly scheduleGroup: aws.scheduler.ScheduleGroup | undefined;
  readonly schedulerRole: aws.iam.Role | undefined;
  readonly schedulerPolicy: aws.iam.RolePolicy | undefined;
  readonly schedule: aws.scheduler.Schedule | undefined;
  /** Undefined without `glue`, like the next four. */
  readonly script: aws.s3.BucketObjectv2 | undefined;
  readonly securityConfiguration: aws.glue.SecurityConfiguration | undefined;
  readonly jobRole: aws.iam.Role | undefined;
  readonly jobPolicy: aws.iam.RolePolicy | undefined;
  readonly job: aws.glue.Job | undefined;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface BatchEtlTransform {
  logGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  role?: Override<aws.iam.RoleArgs>;
  policy?: Override<aws.iam.RolePolicyArgs>;
  stateMachine?: Override<aws.sfn.StateMachineArgs>;
  failedAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  freshnessAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  workGroup?: Override<aws.athena.WorkgroupArgs>;
  failureQueue?: Override<aws.sqs.QueueArgs>;
  failureQueuePolicy?: Override<aws.sqs.QueuePolicyArgs>;
  failuresAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  scheduleGroup?: Override<aws.scheduler.ScheduleGroupArgs>;
  schedulerRole?: Override<aws.iam.RoleArgs>;
  schedulerPolicy?: Override<aws.iam.RolePolicyArgs>;
  schedule?: Override<aws.scheduler.ScheduleArgs>;
  script?: Override<aws.s3.BucketObjectv2Args>;
  securityConfiguration?: Override<aws.glue.SecurityConfigurationArgs>;
  jobRole?: Override<aws.iam.RoleArgs>;
  jobPolicy?: Override<aws.iam.RolePolicyArgs>;
  job?: Override<aws.glue.JobArgs>;
}
