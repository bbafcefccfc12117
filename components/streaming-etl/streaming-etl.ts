import * as pulumi from "@pulumi/pulumi";

import type { LakePlacement, LakeTable } from "../data-lake/types";
import type { Access } from "../shared/access";
import type { LogRetentionDays } from "../shared/log-retention";
import type { LogDestination } from "../shared/placement";
import { createAlarms } from "./alarms";
import { createCopies } from "./copies";
import { createDelivery } from "./delivery";
import { createFailures } from "./failures";
import { createFunction } from "./function";
import { replayCommand } from "./replay";
import { settle } from "./settle";
import { createStream, readAccess, writeAccess } from "./stream";
import type {
  StreamAlarmThresholds,
  StreamBatches,
  StreamCode,
  StreamCopy,
  StreamFiles,
  StreamingEtlNodes,
  StreamingEtlTransform,
  StreamPartition,
} from "./types";

export type * from "./types";

/** What a StreamingEtl is made of. */
export interface StreamingEtlArgs {
  /** The lake. DataLake fits. */
  lake: Pick<LakePlacement, "zones" | "keyArn">;
  /** The table that the rows go to, in Parquet: `lake.tables["clicks"]`. Its schema is the only one. */
  table: LakeTable;
  /** ARN of the stack's KMS key, which encrypts the stream, the failures and the logs; its policy admits `logs`. */
  keyArn: pulumi.Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** The bucket that takes access logs. LogArchive fits. */
  logArchive: LogDestination;
  /** How long logs stay, in days. */
  logRetentionDays: LogRetentionDays;
  /** Whether the stream, the delivery, the failures and the logs are kept: protected in Pulumi and, where AWS can, there. */
  keep: boolean;
  /** Shards of the stream, 1 MB or 1000 records a second each. @default on demand */
  shards?: number;
  /** How long the stream holds records, in hours, 24 to 8760. @default 24 */
  retentionHours?: number;
  /** Code that turns records into rows. @default the record's own JSON is the row */
  code?: StreamCode;
  /** What the code uses: rights and variables, without a network path. @default none */
  uses?: Access[];
  /** Second consumers, by name: DynamoDB tables that have each record as an item, for what asks by key at once. @default none */
  copies?: Record<string, StreamCopy>;
  /** Where each partition column's value comes from. @default the day of arrival for date columns */
  partitions?: Record<string, StreamPartition>;
  /**
   * Whether a partition's value comes from the row (`query`). Firehose decides it at creation: turning it on or off later
   * replaces the delivery, which `keep` refuses. @default false
   */
  dynamicPartitioning?: boolean;
  /**
   * Most batches at one time, of all shards, for each consumer: a bound on the bill of a stream on demand, reserved from what
   * the account may run at once (1000, in a new account 10). @default the account's own bound
   */
  concurrency?: number;
  /** How Lambda takes the stream in. @default see StreamBatches */
  batches?: StreamBatches;
  /** How Firehose gathers rows into files. @default see StreamFiles */
  files?: StreamFiles;
  /** Whether every row is kept as JSON too, beside the failures and as long as they. @default false */
  keepRaw?: boolean;
  /** How long failures stay, in days, 1 to 3650. @default 90 */
  failureDays?: number;
  /** When the alarms go off. @default see StreamAlarmThresholds */
  alarms?: StreamAlarmThresholds;
  /** Last say on each child's arguments. @default none */
  transform?: StreamingEtlTransform;
}

/**
 * An event that is put on the stream is a row of the lake minutes later: Kinesis, a function that makes rows, and Firehose,
 * which writes Parquet. What cannot become a row is put aside with its content, and can be played again.
 */
export class StreamingEtl extends pulumi.ComponentResource {
  /** Put records on the stream. Sets `NAME`. */
  public readonly write: Access;
  /** Read the stream beside the lake. Sets `STREAM_ARN`. */
  public readonly read: Access;
  /** Name of the stream. */
  public readonly streamName: pulumi.Output<string>;
  /** ARN of the stream. */
  public readonly streamArn: pulumi.Output<string>;
  /** Name of the bucket of what was given up. */
  public readonly failureBucketName: pulumi.Output<string>;
  /** Plays what was given up once more: a command for bash, the AWS CLI and jq. */
  public readonly replayCommand: pulumi.Output<string>;
  /** The resources themselves. */
  public readonly nodes: StreamingEtlNodes;

  constructor(name: string, args: StreamingEtlArgs, opts?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("kiban:index:StreamingEtl", name, {}, opts);

    const stream = createStream(this, settled);
    const failures = createFailures(this, settled);
    const delivery = createDelivery(this, settled, { stream, ...failures });
    const func = createFunction(this, settled, { stream, ...failures, ...delivery });
    const copies = createCopies(this, settled, { stream, ...failures });
    const alarms = createAlarms(this, settled, { stream, ...delivery, ...func });

    this.nodes = { stream, ...failures, ...delivery, ...func, copies, ...alarms };
    this.write = writeAccess(settled, stream);
    this.read = readAccess(settled, stream);
    this.streamName = stream.name;
    this.streamArn = stream.arn;
    this.failureBucketName = failures.failures.bucket;
    this.replayCommand = replayCommand(this.nodes);
    this.registerOutputs({
      streamName: this.streamName,
      streamArn: this.streamArn,
      failureBucketName: this.failureBucketName,
      replayCommand: this.replayCommand,
    });
  }
}
