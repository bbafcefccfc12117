import type { LakeTable } from "../../components/data-lake/types";
import { StreamingEtl, type StreamingEtlArgs } from "../../components/streaming-etl/streaming-etl";
import { type Registration, resource, type Run, run } from "../harness";

export const account = "111111111111";
export const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-0000-0000-000000000000`;
export const lakeKeyArn = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-1111-1111-1111-111111111111`;
export const alarmTopicArn = `arn:aws:sns:ap-northeast-1:${account}:alarms`;

const zone = (name: string) => ({
  bucketName: `lake-${name}`,
  bucketArn: `arn:aws:s3:::lake-${name}`,
  databaseName: `${name}_db`,
});
export const table: LakeTable = {
  zone: "raw",
  databaseName: "raw_db",
  tableName: "clicks",
  location: "s3://lake-raw/clicks/",
  format: "parquet",
  columns: [{ name: "id", type: "bigint" }],
  partitions: [{ name: "day", type: "string", kind: "date" }],
};
export const byTenant: LakeTable = {
  ...table,
  partitions: [
    { name: "tenant", type: "string", kind: "injected" },
    { name: "day", type: "string", kind: "date" },
  ],
};
export const least: StreamingEtlArgs = {
  lake: { zones: { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") }, keyArn: lakeKeyArn },
  table,
  keyArn,
  alarmTopicArn,
  logArchive: { bucketName: "logs", bucketArn: "arn:aws:s3:::logs" },
  logRetentionDays: 30,
  keep: true,
};
export const dynamic: Partial<StreamingEtlArgs> = {
  table: byTenant,
  partitions: { tenant: { query: ".tenant" } },
  dynamicPartitioning: true,
};

export const types = {
  stream: "aws:kinesis/stream:Stream",
  delivery: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  bucket: "aws:s3/bucket:Bucket",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  logging: "aws:s3/bucketLogging:BucketLogging",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  logStream: "aws:cloudwatch/logStream:LogStream",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  function: "aws:lambda/function:Function",
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
};

export const make = (args: Partial<StreamingEtlArgs> = {}, name = "clicks"): Promise<Run> =>
  run(() => void new StreamingEtl(name, { ...least, ...args }));

/** The child of `clicks` of that type and role. */
export const child = (result: Run, type: keyof typeof types, role: string): Registration =>
  resource(result, types[type], `clicks-${role}`);

export function documentOf(value: unknown): { Version: string; Statement: Record<string, unknown>[] } {
  return (typeof value === "string" ? JSON.parse(value) : value) as ReturnType<typeof documentOf>;
}
