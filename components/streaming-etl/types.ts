import type * as aws from "@pulumi/aws";

import type { Access } from "../shared/access";
import type { Override } from "../shared/override";

/**
 * How Firehose finds a record's value of one partition column: the time when it took the record, as a Java date
 * pattern, or a jq expression on the row, which is dynamic partitioning.
 */
export type StreamPartition = { arrival: string } | { query: string };

/** The user's transform. */
export interface StreamCode {
  /**
   * A JavaScript file, or a folder with an `index.js` and what it requires. It exports `transform(value, context)`, which
   * answers with a row, several, or nothing, and throws for a record that is no good.
   */
  path: string;
  /** Environment variables. @default none */
  environment?: Record<string, string>;
  /** Memory, in MB, 128 to 10240. @default 256 */
  memoryMb?: number;
  /** Longest time for one batch, in seconds, 1 to 900. @default 60 */
  timeoutSeconds?: number;
}

/** A second consumer: a DynamoDB table that has each record as an item. */
export interface StreamCopy {
  /** The table: `write` of a Table. The item is put whole, and replaces one with the same keys. */
  into: Access;
  /** Code that makes items of records, without a network path or rights of its own. @default the record's own JSON is the item */
  code?: StreamCode;
}

/** How Lambda takes the stream in. */
export interface StreamBatches {
  /** Most records in one call, 1 to 10000. @default 500 */
  size?: number;
  /** How long to wait for a full batch, in seconds, 0 to 300. @default 5 */
  windowSeconds?: number;
  /** Batches of one shard at a time, 1 to 10; records of one partition key stay in order. @default 1 */
  parallel?: number;
  /** How often a failed batch is tried again, 0 to 10000; halving it to find the bad record does not count. @default 10 */
  retries?: number;
  /** Age after which a record is given up, in hours, 1 to 168. @default four hours before the stream forgets it */
  maxAgeHours?: number;
}

/** How Firehose gathers rows into files. */
export interface StreamFiles {
  /** Longest wait, in seconds, 0 to 900; with `query` partitions 60 or more. @default 300 */
  seconds?: number;
  /** Size before compression, in MiB, 64 to 128: what conversion takes. @default 128 */
  mebibytes?: number;
  /** IANA time zone of `arrival` partitions, such as `Asia/Tokyo`. @default "UTC" */
  timeZone?: string;
}

/** When the alarms go off. */
export interface StreamAlarmThresholds {
  /** Age of the records that consumers get, in minutes, 1 to 1440. @default 15 */
  lagMinutes?: number;
  /** Throttled reads and writes a minute. @default 10 */
  throttles?: number;
  /** Age of the oldest row that is not in the lake, in minutes, 1 to 1440. @default 15 */
  freshnessMinutes?: number;
}

/** The bucket of what was given up. */
export interface FailuresBucket {
  readonly failures: aws.s3.Bucket;
  readonly failuresOwnership: aws.s3.BucketOwnershipControls;
  readonly failuresPublicAccess: aws.s3.BucketPublicAccessBlock;
  readonly failuresEncryption: aws.s3.BucketServerSideEncryptionConfiguration;
  readonly failuresVersioning: aws.s3.BucketVersioning;
  readonly failuresLifecycle: aws.s3.BucketLifecycleConfiguration;
  readonly failuresLogging: aws.s3.BucketLogging;
  readonly failuresPolicy: aws.s3.BucketPolicy;
}

/** Firehose and what it needs. */
export interface DeliveryNodes {
  readonly deliveryLogGroup: aws.cloudwatch.LogGroup;
  readonly deliveryLogStream: aws.cloudwatch.LogStream;
  readonly deliveryRole: aws.iam.Role;
  readonly deliveryPolicy: aws.iam.RolePolicy;
  readonly delivery: aws.kinesis.FirehoseDeliveryStream;
}

/** The function between the stream and Firehose. */
export interface FunctionNodes {
  readonly functionLogGroup: aws.cloudwatch.LogGroup;
  readonly functionRole: aws.iam.Role;
  readonly functionPolicy: aws.iam.RolePolicy;
  readonly function: aws.lambda.Function;
  readonly mapping: aws.lambda.EventSourceMapping;
}

/** The alarms. */
export interface StreamAlarms {
  readonly lagAlarm: aws.cloudwatch.MetricAlarm;
  readonly throttlesAlarm: aws.cloudwatch.MetricAlarm;
  readonly failuresAlarm: aws.cloudwatch.MetricAlarm;
  readonly freshnessAlarm: aws.cloudwatch.MetricAlarm;
  readonly conversionAlarm: aws.cloudwatch.MetricAlarm;
  /** Undefined without `query` partitions. */
  readonly partitionsAlarm: aws.cloudwatch.MetricAlarm | undefined;
}

/** The function of one copy, and its alarms. */
export interface CopyNodes extends FunctionNodes {
  readonly lagAlarm: aws.cloudwatch.MetricAlarm;
  readonly failuresAlarm: aws.cloudwatch.MetricAlarm;
}

/** The raw children of a StreamingEtl. */
export interface StreamingEtlNodes extends FailuresBucket, DeliveryNodes, FunctionNodes, StreamAlarms {
  readonly stream: aws.kinesis.Stream;
  /** By the names of `copies`. */
  readonly copies: Readonly<Record<string, CopyNodes>>;
}

/** Last say on a function that reads the stream. */
export interface ConsumerTransform {
  functionLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  functionRole?: Override<aws.iam.RoleArgs>;
  functionPolicy?: Override<aws.iam.RolePolicyArgs>;
  function?: Override<aws.lambda.FunctionArgs>;
  mapping?: Override<aws.lambda.EventSourceMappingArgs>;
  lagAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  failuresAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface StreamingEtlTransform extends ConsumerTransform {
  stream?: Override<aws.kinesis.StreamArgs>;
  failures?: Override<aws.s3.BucketArgs>;
  failuresOwnership?: Override<aws.s3.BucketOwnershipControlsArgs>;
  failuresPublicAccess?: Override<aws.s3.BucketPublicAccessBlockArgs>;
  failuresEncryption?: Override<aws.s3.BucketServerSideEncryptionConfigurationArgs>;
  failuresVersioning?: Override<aws.s3.BucketVersioningArgs>;
  failuresLifecycle?: Override<aws.s3.BucketLifecycleConfigurationArgs>;
  failuresLogging?: Override<aws.s3.BucketLoggingArgs>;
  failuresPolicy?: Override<aws.s3.BucketPolicyArgs>;
  deliveryLogGroup?: Override<aws.cloudwatch.LogGroupArgs>;
  deliveryLogStream?: Override<aws.cloudwatch.LogStreamArgs>;
  deliveryRole?: Override<aws.iam.RoleArgs>;
  deliveryPolicy?: Override<aws.iam.RolePolicyArgs>;
  delivery?: Override<aws.kinesis.FirehoseDeliveryStreamArgs>;
  throttlesAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  freshnessAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  conversionAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  partitionsAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  /** Applied to each copy. */
  copies?: ConsumerTransform;
}
