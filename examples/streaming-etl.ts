import type { LakeTable } from "../components/data-lake/types";
import { StreamingEtl } from "../components/streaming-etl/streaming-etl";

const zone = (name: string) => ({
  bucketName: `lake-${name}`,
  bucketArn: `arn:aws:s3:::lake-${name}`,
  databaseName: name,
});
const lake = {
  zones: { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") },
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
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
    { name: "at", type: "timestamp" },
  ],
  partitions: [{ name: "day", type: "string", kind: "date" }],
};

// Clicks as JSON on the stream, Parquet in the lake five minutes later, in a folder for each day.
const stream = new StreamingEtl("clicks", {
  lake,
  table: clicks,
  keyArn: lake.keyArn,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  logArchive: { bucketName: "logs", bucketArn: "arn:aws:s3:::logs" },
  logRetentionDays: 30,
  keep: true,
});

// A service takes `uses: [stream.write]` and finds the stream in CLICKS_NAME.
export const clicksStream = stream.streamName;
export const replayClicks = stream.replayCommand;
