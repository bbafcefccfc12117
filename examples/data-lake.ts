import { DataLake } from "../components/data-lake/data-lake";

// Clicks come by stream, a row for each day and page is what people ask, and customers change.
const lake = new DataLake("lake", {
  tables: {
    clicks: {
      zone: "raw",
      columns: { at: "timestamp", page: "string", visitor: "string" },
      partitions: { day: { type: "date", range: ["2026-01-01", "NOW"] } },
    },
    page_views: {
      zone: "analytics",
      columns: { page: "string", views: "bigint" },
      partitions: { day: { type: "date", range: ["2026-01-01", "NOW"] } },
    },
    customers: {
      zone: "curated",
      columns: { id: "bigint", email: "string", balance: "decimal(12,2)", changed_at: "timestamp" },
      iceberg: { partitions: [{ column: "changed_at", transform: "month" }] },
    },
  },
  lifecycles: { raw: { expireAfterDays: 400 } },
  scanLimitGb: 10,
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  logArchive: { bucketName: "logs-bucket", bucketArn: "arn:aws:s3:::logs-bucket" },
  keep: false,
});

// What consumers take: `uses: [lake.query, lake.read("analytics"), lake.write("analytics")]`.
export const readers = [lake.query, lake.read("analytics")].map((access) => access.name);
export const database = lake.zones.analytics.databaseName;
