import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BatchEtl, type BatchEtlArgs } from "../../components/batch-etl/batch-etl";
import type { LakePlacement, LakeTable } from "../../components/data-lake/types";
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
const none = { name: "lake", env: {}, statements: [] };
export const lake: LakePlacement = {
  zones: { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") },
  workGroupName: "lake",
  workGroupArn: `arn:aws:athena:ap-northeast-1:${account}:workgroup/lake`,
  resultsBucketArn: "arn:aws:s3:::lake-results",
  keyArn: lakeKeyArn,
  read: () => none,
  write: () => none,
  readWrite: () => none,
  query: none,
};
const table = (place: LakeTable["zone"], tableName: string, format: LakeTable["format"]): LakeTable => ({
  zone: place,
  databaseName: `${place}_db`,
  tableName,
  location: `s3://lake-${place}/${tableName}/`,
  format,
  columns: [{ name: "path", type: "string" }],
  partitions: [],
});
export const clicks = table("raw", "clicks", "parquet");
export const visits = table("analytics", "visits", "iceberg");

const folder = mkdtempSync(join(tmpdir(), "batch-etl-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
/** A file of SQL with that text. */
export function sql(text: string, name = "work"): string {
  const path = join(folder, `${name}.sql`);
  writeFileSync(path, text);
  return path;
}

export const fixtures = join(__dirname, "..", "fixtures", "batch-etl");
const examples = join(__dirname, "..", "..", "examples", "sql");
export const least: BatchEtlArgs = {
  lake,
  inputs: { clicks },
  outputs: { visits },
  athena: { files: [join(examples, "daily-visits.sql")] },
  parameters: { run_date: { type: "date" } },
  keyArn,
  alarmTopicArn,
  logRetentionDays: 30,
};
export const scheduled: BatchEtlArgs = {
  ...least,
  schedule: { expression: "cron(0 3 * * ? *)", timezone: "Asia/Tokyo" },
  checks: [join(examples, "visits-without-a-path.sql")],
};
const { athena: _, ...withoutAthena } = least;
export const spark: BatchEtlArgs = { ...withoutAthena, glue: { script: join(fixtures, "job.py") } };
/** A job that makes its own table. */
export const making: BatchEtlArgs = {
  ...withoutAthena,
  parameters: {},
  outputs: { daily: { zone: "analytics", tableName: "daily" } },
  athena: { files: [join(fixtures, "make-daily.sql")] },
};

export const types = {
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  machine: "aws:sfn/stateMachine:StateMachine",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  workGroup: "aws:athena/workgroup:Workgroup",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  scheduleGroup: "aws:scheduler/scheduleGroup:ScheduleGroup",
  schedule: "aws:scheduler/schedule:Schedule",
  object: "aws:s3/bucketObjectv2:BucketObjectv2",
  security: "aws:glue/securityConfiguration:SecurityConfiguration",
  job: "aws:glue/job:Job",
};

export const make = (args: BatchEtlArgs = least, name = "daily"): Promise<Run> =>
  run(() => void new BatchEtl(name, args));

/** The child of `daily` of that type and role. */
export const child = (result: Run, type: keyof typeof types, role: string): Registration =>
  resource(result, types[type], `daily-${role}`);

export function documentOf(value: unknown): { Version: string; Statement: Record<string, unknown>[] } {
  return (typeof value === "string" ? JSON.parse(value) : value) as ReturnType<typeof documentOf>;
}

export interface Definition {
  QueryLanguage: string;
  StartAt: string;
  States: Record<
    string,
    Record<string, unknown> & { Type: string; Next?: string; Default?: string; Arguments?: Record<string, unknown> }
  >;
}
export function definitionOf(result: Run): Definition {
  return JSON.parse(child(result, "machine", "machine").inputs["definition"] as string) as Definition;
}
