import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import { check, checkTables } from "./check";
import type { DataLakeArgs } from "./data-lake";
import { partitionType } from "./projection";
import type {
  IcebergSwitch,
  LakeColumn,
  LakeFormat,
  LakePartition,
  LakePartitionColumn,
  LakeTableArgs,
  LakeZone,
} from "./types";

/** The zones, in the order that data takes. */
export const zones = ["raw", "curated", "analytics"] as const satisfies readonly LakeZone[];

/** A table with every default filled in. */
export interface SettledTable {
  readonly name: string;
  readonly zone: LakeZone;
  readonly columns: readonly LakeColumn[];
  readonly partitions: readonly LakePartitionColumn[];
  readonly rules: readonly (readonly [string, LakePartition])[];
  readonly format: LakeFormat;
  readonly iceberg: IcebergSwitch | undefined;
  readonly prefix: string;
  readonly description: string | undefined;
}

/** How long a zone's files stay. */
export interface SettledLifecycle {
  /** Undefined where files expire before it would pay. */
  readonly tierAfterDays: number | undefined;
  readonly expireAfterDays: number | undefined;
}

/** The arguments of one lake: checked, with every plain default filled in. */
export interface Settled {
  readonly name: string;
  readonly args: DataLakeArgs;
  readonly databasePrefix: string;
  readonly tables: readonly SettledTable[];
  readonly lifecycles: Readonly<Record<LakeZone, SettledLifecycle>>;
  readonly restoreDays: number;
  readonly resultDays: number;
  readonly scanLimitGb: number;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: DataLakeArgs): Settled {
  const faults = new Faults("DataLake", name);
  // Before settling, which takes each table apart.
  checkTables(args.tables ?? {}, faults);
  faults.raise();
  const lifecycle = (zone: LakeZone): SettledLifecycle => {
    const { tierAfterDays, expireAfterDays } = args.lifecycles?.[zone] ?? {};
    const early = tierAfterDays === undefined && expireAfterDays !== undefined && expireAfterDays <= 60;
    // Intelligent-Tiering moves a file 30 days after its last use: what expires by then costs the move and saves nothing.
    return { tierAfterDays: early ? undefined : (tierAfterDays ?? 30), expireAfterDays };
  };
  const settled: Settled = {
    name,
    args,
    databasePrefix: args.databasePrefix ?? databaseWord(`${pulumi.getProject()}_${pulumi.getStack()}_${name}`),
    tables: Object.entries(args.tables ?? {}).map(([table, given]) => settleTable(table, given)),
    lifecycles: { raw: lifecycle("raw"), curated: lifecycle("curated"), analytics: lifecycle("analytics") },
    restoreDays: args.restoreDays ?? 30,
    resultDays: args.resultDays ?? 30,
    scanLimitGb: args.scanLimitGb ?? 10,
  };
  check(settled, faults);
  faults.raise();
  return settled;
}

function settleTable(name: string, given: LakeTableArgs): SettledTable {
  const rules = Object.entries(given.partitions ?? {});
  const transformed = given.iceberg?.partitions ?? [];
  return {
    name,
    zone: given.zone,
    columns: Object.entries(given.columns).map(([column, type]) => ({ name: column, type })),
    partitions: [
      ...rules.map(([column, rule]) => ({ name: column, type: partitionType(rule), kind: rule.type })),
      ...transformed.map(({ column }) => ({
        name: column,
        type: given.columns[column] ?? "",
        kind: "transform" as const,
      })),
    ],
    rules,
    format: given.format ?? "parquet",
    iceberg: given.iceberg,
    prefix: given.prefix ?? name,
    description: given.description,
  };
}

/** SQL writes the name of a database without quotes only if it is of small letters, digits and underscores. */
function databaseWord(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9_]/g, "_");
}
