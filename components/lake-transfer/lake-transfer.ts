import * as pulumi from "@pulumi/pulumi";

import type { LakePlacement, LakeTable } from "../data-lake/types";
import type { LogRetentionDays } from "../shared/log-retention";
import { createAlarms } from "./alarms";
import { transferredTable } from "./files";
import { createMachine } from "./machine";
import { createSchedule } from "./schedule";
import { settle } from "./settle";
import type { LakeTransferNodes, LakeTransferTransform, TransferSchedule, TransferSource } from "./types";

export * from "./tables";
export type * from "./types";

/** What a LakeTransfer is made of. */
export interface LakeTransferArgs {
  /** The database or the table, and the lake's tables that take its data. */
  source: TransferSource;
  /** The lake. DataLake fits; its key encrypts the files, its policy admits `logs`. */
  lake: LakePlacement;
  /** When it runs. Of a database after its daily backup. */
  schedule: TransferSchedule;
  /** Hours without new data until the freshness alarm goes off, 1 to 168; an older snapshot fails the run. @default 30 */
  staleAfterHours?: number;
  /** Hours until a run is given up, 1 to 168. @default 12 */
  timeoutHours?: number;
  /** How long the log of the runs stays, in days. */
  logRetentionDays: LogRetentionDays;
  /** Protects the log from deletion. */
  keep: boolean;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** Last say on each child's arguments. */
  transform?: LakeTransferTransform;
}

/**
 * Takes a database or a DynamoDB table to the lake by the clock: of a database the newest snapshot as Parquet, of a table
 * everything once and then its changes. AWS exports, a state machine watches, and nothing runs in between.
 */
export class LakeTransfer extends pulumi.ComponentResource {
  /** ARN of the state machine. */
  public readonly stateMachineArn: pulumi.Output<string>;
  /** Command that starts a run at once. */
  public readonly runCommand: pulumi.Output<string>;
  /** Command that makes the next run begin anew: the whole table, or the newest snapshot once more. */
  public readonly restartCommand: pulumi.Output<string>;
  /**
   * Gives the lake's table, with the place of its files, for the inputs of a job: of a database by the name that the
   * table has there, such as `public.orders`; of DynamoDB there is one, without a name.
   */
  public readonly table: (source?: string) => LakeTable;
  /** The resources themselves. */
  public readonly nodes: LakeTransferNodes;

  constructor(name: string, args: LakeTransferArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:LakeTransfer", name, {}, opts);

    const machine = createMachine(this, settled);
    const schedule = createSchedule(this, settled, machine);
    const alarms = createAlarms(this, settled, machine);

    this.nodes = { ...machine, ...schedule, ...alarms };
    this.table = (source) => transferredTable(settled, source);
    this.stateMachineArn = machine.stateMachine.arn;
    // `arn:partition:states:region:...`: whoever runs the commands may have another region set.
    const region = this.stateMachineArn.apply((arn) => arn.split(":")[3] ?? "");
    this.runCommand = pulumi.interpolate`aws stepfunctions start-execution --region ${region} --state-machine-arn ${this.stateMachineArn}`;
    this.restartCommand = pulumi.interpolate`aws ssm put-parameter --region ${region} --overwrite --name ${machine.progress.name} --value none`;
    this.registerOutputs({
      stateMachineArn: this.stateMachineArn,
      runCommand: this.runCommand,
      restartCommand: this.restartCommand,
    });
  }
}
