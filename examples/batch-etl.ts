import { join } from "node:path";

import { BatchEtl } from "../components/batch-etl/batch-etl";
import type { LakePlacement, LakeTable } from "../components/data-lake/types";

const zone = (name: string) => ({
  bucketName: `lake-${name}`,
  bucketArn: `arn:aws:s3:::lake-${name}`,
  databaseName: name,
});
const none = { name: "lake", env: {}, statements: [] };
const lake: LakePlacement = {
  zones: { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") },
  workGroupName: "lake",
  workGroupArn: "arn:aws:athena:ap-northeast-1:111111111111:workgroup/lake",
  resultsBucketArn: "arn:aws:s3:::lake-results",
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  read: () => none,
  write: () => none,
  readWrite: () => none,
  query: none,
};
const clicks: LakeTable = {
  zone: "raw",
  databaseName: "raw",
  tableName: "clicks",
  location: "s3://lake-raw/clicks/",
  format: "parquet",
  columns: [
    { name: "user_id", type: "string" },
    { name: "path", type: "string" },
  ],
  partitions: [{ name: "day", type: "string", kind: "date" }],
};
const visits: LakeTable = {
  zone: "analytics",
  databaseName: "analytics",
  tableName: "visits",
  location: "s3://lake-analytics/visits/",
  format: "iceberg",
  columns: [
    { name: "path", type: "string" },
    { name: "visitors", type: "bigint" },
    { name: "views", type: "bigint" },
    { name: "day", type: "date" },
  ],
  partitions: [],
};

// Every morning at three, Tokyo time: the visits of the day before, for which no page may be without a path.
const daily = new BatchEtl("daily-visits", {
  lake,
  inputs: { clicks },
  outputs: { visits },
  athena: { files: [join(__dirname, "sql", "daily-visits.sql")] },
  checks: [join(__dirname, "sql", "visits-without-a-path.sql")],
  parameters: { run_date: { type: "date" } },
  schedule: { expression: "cron(0 3 * * ? *)", timezone: "Asia/Tokyo" },
  keyArn: lake.keyArn,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  logRetentionDays: 30,
});

// from=2026-01-01 to=2026-01-31 bash -c "$(pulumi stack output backfillVisits)"
export const backfillVisits = daily.backfillCommand;
