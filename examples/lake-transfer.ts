import { DataLake } from "../components/data-lake/data-lake";
import { LakeTransfer, snapshotTable, tableExport } from "../components/lake-transfer/lake-transfer";

const lake = new DataLake("lake", {
  tables: {
    customers: snapshotTable({ id: "bigint", email: "string" }),
    orders: tableExport({ keys: { customer: "string", order: "string" }, others: { total: "number" } }),
  },
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  logArchive: { bucketName: "logs-bucket", bucketArn: "arn:aws:s3:::logs-bucket" },
  keep: false,
});
const nightly = {
  lake,
  logRetentionDays: 30 as const,
  keep: false,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
};

// After the daily backup, in the night of Tokyo. `cluster` is an AuroraCluster, `table` a Table.
export const customers = new LakeTransfer("customers-to-lake", {
  ...nightly,
  source: {
    kind: "aurora",
    cluster: {
      clusterIdentifier: "database-main",
      arn: "arn:aws:rds:ap-northeast-1:111111111111:cluster:database-main",
      databaseName: "app",
    },
    tables: { "public.customers": lake.table("customers") },
  },
  schedule: { expression: "cron(30 4 * * ? *)", timezone: "Asia/Tokyo" },
});
export const orders = new LakeTransfer("orders-to-lake", {
  ...nightly,
  source: {
    kind: "table",
    table: { tableName: "orders", arn: "arn:aws:dynamodb:ap-northeast-1:111111111111:table/orders" },
    into: lake.table("orders"),
  },
  schedule: { expression: "cron(0 4 * * ? *)", timezone: "Asia/Tokyo" },
});
