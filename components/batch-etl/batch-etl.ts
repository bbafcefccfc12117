import * as pulumi from "@pulumi/pulumi";

import type { LakePlacement, LakeTable } from "../data-lake/types";
import type { Access } from "../shared/access";
import type { LogRetentionDays } from "../shared/log-retention";
import { createAlarms } from "./alarms";
import { costCeilingUsd } from "./cost";
import { createJob } from "./glue";
import { createMachine } from "./machine";
import { backfillCommand, runAccess, runCommand } from "./run";
import { createSchedule } from "./schedule";
import { settle } from "./settle";
import type {
  AthenaJob,
  BatchEtlNodes,
  BatchEtlTransform,
  EtlAlarmThresholds,
  EtlOutput,
  EtlParameter,
  EtlSchedule,
  GlueJob,
} from "./types";

export type * from "./types";

/** What a BatchEtl is made of. */
export interface BatchEtlArgs {
  /** The lake. DataLake fits. */
  lake: LakePlacement;
  /** Tables that the job reads, by the name that the SQL or the script has for them. @default none */
  inputs?: Record<string, LakeTable>;
  /** Tables that the job writes, by the name that the SQL or the script has for them. Its role is made from both. */
  outputs: Record<string, EtlOutput>;
  /** Work in SQL, run by Athena; either this or `glue`. @default off */
  athena?: AthenaJob;
  /** Work in Spark, run by Glue; either this or `athena`. @default off */
  glue?: GlueJob;
  /**
   * Files of SQL that each answer with one number, the rows that are wrong; any other than 0 fails the run, when the data
   * is already written: let readers wait for the run, or write to a table of its own first. @default none
   */
  checks?: string[];
  /** What may differ from run to run, by name. @default none */
  parameters?: Record<string, EtlParameter>;
  /** When it runs. @default never by the clock: by hand, with `runCommand` */
  schedule?: EtlSchedule;
  /** ARN of the stack's KMS key, which encrypts logs and failures; its policy admits `logs`. */
  keyArn: pulumi.Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** How long logs stay, in days. */
  logRetentionDays: LogRetentionDays;
  /** Whether logs are kept: protected in Pulumi and in AWS. @default false */
  keep?: boolean;
  /** Most that one statement may read, in GB; holds for a job that makes tables, others have the lake's. @default 100 */
  scanLimitGb?: number;
  /** When the alarms go off. @default see EtlAlarmThresholds */
  alarms?: EtlAlarmThresholds;
  /** Last say on each child's arguments. @default none */
  transform?: BatchEtlTransform;
}

/**
 * A job that makes tables of the lake from others, in SQL or Spark, by the clock or by hand. Its rights are made from its
 * inputs and outputs; a run that fails and data that is too old raise an alarm; every day can be run again.
 */
export class BatchEtl extends pulumi.ComponentResource {
  /** Start a run from a program. Sets `STATE_MACHINE_ARN`. */
  public readonly run: Access;
  /** Starts one run now: a command for the AWS CLI. */
  public readonly runCommand: pulumi.Output<string>;
  /**
   * Runs every day from `$from` to `$to`, one after the other: a command for bash and the AWS CLI. Undefined without a
   * parameter of type `date`.
   */
  public readonly backfillCommand: pulumi.Output<string> | undefined;
  /** ARN of the state machine that does the work. */
  public readonly stateMachineArn: pulumi.Output<string>;
  /** Name of the Glue job; undefined without `glue`. */
  public readonly jobName: pulumi.Output<string> | undefined;
  /** Most that one run can cost in Glue, in USD: all workers for the whole of every try. Undefined without `glue`. */
  public readonly costCeilingUsd: number | undefined;
  /** The resources themselves. */
  public readonly nodes: BatchEtlNodes;

  constructor(name: string, args: BatchEtlArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:BatchEtl", name, {}, opts);

    const job = createJob(this, settled);
    const machine = createMachine(this, settled, job.job);
    const schedule = createSchedule(this, settled, machine.stateMachine);
    const alarms = createAlarms(this, settled, machine.stateMachine);

    this.nodes = { ...job, ...machine, ...schedule, ...alarms };
    this.run = runAccess(settled, machine.stateMachine);
    this.runCommand = runCommand(settled, machine.stateMachine);
    this.backfillCommand = backfillCommand(settled, machine.stateMachine);
    this.stateMachineArn = machine.stateMachine.arn;
    this.jobName = job.job?.name;
    this.costCeilingUsd = settled.glue === undefined ? undefined : costCeilingUsd(settled.glue);
    this.registerOutputs({
      runCommand: this.runCommand,
      ...(this.backfillCommand !== undefined && { backfillCommand: this.backfillCommand }),
      stateMachineArn: this.stateMachineArn,
      ...(this.jobName !== undefined && { jobName: this.jobName }),
      ...(this.costCeilingUsd !== undefined && { costCeilingUsd: this.costCeilingUsd }),
    });
  }
}
