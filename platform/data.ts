import { join } from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import {
  type AuroraCluster,
  BatchEtl,
  Dashboards,
  type DashboardsArgs,
  DataLake,
  LakeTransfer,
  type LogArchive,
  type Network,
  snapshotTable,
  StreamingEtl,
  type Table,
  tableExport,
  Warehouse,
} from "../components/index";
import type { Settings } from "../settings";

/** What the data platform is built on. */
export interface DataPlatformArgs {
  readonly settings: Settings<{ services: []; tasks: []; streams: ["clicks"]; jobs: ["daily"] }>;
  readonly keyArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
  readonly logArchive: LogArchive;
  readonly network: Network;
  readonly orders: Table;
  readonly database: AuroraCluster | undefined;
}

/** The lake and what fills it, asks it and shows it. A table of yours: its columns here, and where it comes from below. */
export function createDataPlatform(given: DataPlatformArgs, opts: pulumi.ComponentResourceOptions) {
  const { settings, keyArn, alarmTopicArn, logArchive, network, orders, database } = given;
  const { keep, lake: sizes } = settings;
  const common = { keyArn, alarmTopicArn, keep };
  const days = { type: "date" as const, range: ["2026-01-01", "NOW+1DAY"] as [string, string] };
  const lake = new DataLake(
    "lake",
    {
      keyArn,
      logArchive,
      keep,
      scanLimitGb: sizes.scanLimitGb,
      ...(sizes.rawDays !== undefined && { lifecycles: { raw: { expireAfterDays: sizes.rawDays } } }),
      ...(sizes.restoreDays !== undefined && { restoreDays: sizes.restoreDays }),
      ...(sizes.resultDays !== undefined && { resultDays: sizes.resultDays }),
      tables: {
        customers: snapshotTable({ id: "bigint", email: "string", created_at: "timestamp" }),
        orders: tableExport({ keys: { customer: "string", order: "string" }, others: { total: "number" } }),
        clicks: {
          zone: "raw",
          columns: { at: "timestamp", page: "string", visitor: "string" },
          // Of the day in Tokyo, which begins before that of UTC.
          partitions: { day: days },
        },
        current_orders: {
          zone: "curated",
          columns: { customer: "string", order_id: "string", total: "decimal(18,2)" },
          iceberg: {},
        },
        daily_visits: {
          zone: "analytics",
          columns: { day: "date", page: "string", views: "bigint", visitors: "bigint" },
          iceberg: { partitions: [{ column: "day", transform: "month" }] },
        },
      },
    },
    opts,
  );

  // What fills it: each night the database and the table, all day long the clicks.
  const nightly = { lake, schedule: sizes.nightly, logRetentionDays: sizes.logRetentionDays, alarmTopicArn, keep };
  const transfers = {
    ...(database && {
      database: new LakeTransfer(
        "database-to-lake",
        {
          ...nightly,
          source: { kind: "aurora", cluster: database, tables: { "public.customers": lake.table("customers") } },
        },
        opts,
      ),
    }),
    orders: new LakeTransfer(
      "orders-to-lake",
      { ...nightly, source: { kind: "table", table: orders, into: lake.table("orders") } },
      opts,
    ),
  };
  const clicks = new StreamingEtl(
    "clicks",
    {
      ...common,
      ...settings.streams.clicks,
      lake,
      logArchive,
      table: lake.table("clicks"),
      files: { timeZone: "Asia/Tokyo" },
    },
    opts,
  );

  // What is made of it, after the night's transfers.
  const sql = (file: string) => join(__dirname, "..", "etl", file);
  const daily = new BatchEtl(
    "daily",
    {
      ...common,
      ...settings.jobs.daily,
      lake,
      inputs: { clicks: lake.table("clicks"), orders: transfers.orders.table() },
      outputs: { current_orders: lake.table("current_orders"), daily_visits: lake.table("daily_visits") },
      athena: { files: [sql("current-orders.sql"), sql("daily-visits.sql")] },
      checks: [sql("visits-without-a-page.sql")],
      parameters: { run_date: { type: "date" } },
    },
    opts,
  );

  const warehouse = new Warehouse("warehouse", { ...common, ...settings.warehouse, lake, network }, opts);
  const dashboards = new Dashboards("dashboards", { ...dashboardsArgs(settings, lake, warehouse), network }, opts);
  return { lake, transfers, clicks, daily, warehouse, dashboards };
}

/** The lake through Athena, and the warehouse too where it is a database that QuickSight may sign in to. */
function dashboardsArgs(
  { dashboards: { tool, warehouseUser, quicksight = {}, external } }: DataPlatformArgs["settings"],
  lake: DataLake,
  warehouse: Warehouse,
): DashboardsArgs {
  const { endpoint, logins } = warehouse;
  const login = warehouseUser === undefined ? undefined : logins[warehouseUser];
  const sources: DashboardsArgs["sources"] = {
    lake: { kind: "athena", workGroupName: lake.workGroupName, uses: [lake.query, lake.read("analytics")] },
    ...(endpoint && login && { warehouse: { kind: "redshift", ...endpoint, login } }),
  };
  if (tool === "external") return { tool, sources, ...(external && { external }) };
  const { identityRegion, secretsRoleName, authors = [], readers = [], refreshAt, timezone } = quicksight;
  return {
    tool,
    sources,
    quicksight: {
      subscription: {
        ...(identityRegion !== undefined && { identityRegion }),
        ...(secretsRoleName !== undefined && { secretsRoleName }),
      },
      authors,
      readers,
      dataSets: {
        "daily-visits": {
          source: "lake",
          table: lake.table("daily_visits"),
          refresh: { at: refreshAt ?? "07:00", timezone: timezone ?? "Asia/Tokyo" },
        },
      },
      dashboards: { visits: { definition: join(__dirname, "..", "dashboards", "visits.json") } },
    },
  };
}
