import type { LakeTable, LakeZone } from "../data-lake/types";
import { Faults } from "../shared/check";
import { isLogRetention } from "../shared/log-retention";
import { isSchedule, isTimezone } from "../task/schedule";
import type { LakeTransferArgs } from "./lake-transfer";
import { exportPartitions, snapshotPartition } from "./tables";
import type { TransferSchedule, TransferSource } from "./types";

/** The arguments of one transfer: checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  readonly args: LakeTransferArgs;
  readonly schedule: Required<TransferSchedule>;
  /** Zone of all its tables. */
  readonly zone: LakeZone;
  readonly tables: readonly LakeTable[];
  readonly staleAfterHours: number;
  readonly timeoutHours: number;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: LakeTransferArgs): Settled {
  const faults = new Faults("LakeTransfer", name);
  const tables = tablesOf(args.source);
  const settled: Settled = {
    name,
    args,
    tables,
    schedule: {
      expression: args.schedule.expression,
      timezone: args.schedule.timezone ?? "Etc/UTC",
      enabled: args.schedule.enabled ?? true,
    },
    zone: tables[0]?.zone ?? "raw",
    staleAfterHours: args.staleAfterHours ?? 30,
    timeoutHours: args.timeoutHours ?? 12,
  };
  checkName(settled, faults);
  checkSchedule(settled, faults);
  checkSource(args.source, faults);
  checkZones(settled, faults);
  if (!isLogRetention(args.logRetentionDays)) {
    const cure = "CloudWatch Logs knows these alone: take the next one";
    faults.add("logRetentionDays", args.logRetentionDays, "1, 3, 5, 7, 14, 30, 60, 90 and so on, to 3653", cure);
  }
  // AWS: CloudWatch API reference, PutMetricAlarm: seven days at most with periods of an hour.
  faults.integer("staleAfterHours", settled.staleAfterHours, 1, 168);
  faults.integer("timeoutHours", settled.timeoutHours, 1, 168);
  faults.raise();
  return settled;
}

function tablesOf(source: TransferSource): LakeTable[] {
  return source.kind === "aurora" ? Object.values(source.tables) : [source.into];
}

/** AWS: RDS API reference, StartExportTask: identifiers of 60 characters, 15 of which are a hyphen and the time. */
function checkName({ name }: Settled, faults: Faults): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 45) return;
  faults.add("name", name, "kebab-case, at most 45 characters", "rename it: each export's name is made from it");
}

function checkSchedule({ schedule: { expression, timezone } }: Settled, faults: Faults): void {
  if (!isSchedule(expression)) {
    const allowed =
      "cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, rate(value unit) or at(yyyy-mm-ddThh:mm:ss)";
    faults.add("schedule.expression", expression, allowed, "write it as cron(30 20 * * ? *)");
  }
  if (!isTimezone(timezone)) {
    faults.add("schedule.timezone", timezone, "an IANA time zone", "write it as Asia/Tokyo");
  }
}

function checkSource(source: TransferSource, faults: Faults): void {
  if (source.kind === "table") {
    checkTable(
      "source.into",
      source.into,
      { format: "json", partitions: exportPartitions, maker: "tableExport" },
      faults,
    );
    return;
  }
  const tables = Object.entries(source.tables);
  // Each is two states of the definition; AWS: Step Functions quotas, 1 MB for a definition.
  if (tables.length === 0 || tables.length > 100) {
    faults.add("source.tables", tables.length, "1 to 100 tables", "name them, or make a second transfer");
  }
  const expected = { format: "parquet", partitions: [snapshotPartition], maker: "snapshotTable" };
  for (const [table, into] of tables) {
    // AWS: Aurora user guide, "Considerations for DB cluster snapshot exports": of other names only whole snapshots.
    if (!/^[A-Za-z0-9_$]+(\.[A-Za-z0-9_$]+)?$/.test(table) || table.length > 60) {
      const allowed = "schema.table or table, of letters, digits, _ and $, at most 60 characters";
      faults.add("source.tables", table, allowed, "RDS exports no other table by name");
    }
    checkTable(`source.tables["${table}"]`, into, expected, faults);
  }
}

function checkTable(
  path: string,
  table: LakeTable,
  expected: { readonly format: string; readonly partitions: readonly string[]; readonly maker: string },
  faults: Faults,
): void {
  const partitions = table.partitions.map(({ name, kind }) => `${name} (${kind})`).join(", ");
  const allowed = expected.partitions.map((name) => `${name} (registered)`).join(", ");
  const cure = `make the lake's table with ${expected.maker}`;
  if (table.format !== expected.format) faults.add(`${path}.format`, table.format, expected.format, cure);
  if (partitions !== allowed) faults.add(`${path}.partitions`, partitions, allowed, cure);
}

function checkZones({ zone, tables }: Settled, faults: Faults): void {
  const found = [...new Set(tables.map((table) => table.zone))];
  if (found.length <= 1) return;
  const cure = "an export goes to one bucket: make a transfer for each zone";
  faults.add("source.tables", found.join(", "), `tables of one zone, such as ${zone}`, cure);
}
