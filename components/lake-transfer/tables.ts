import type { LakePartition, LakeTableArgs, LakeZone } from "../data-lake/types";

/** Partition column of tables that take snapshots: the snapshot's time, such as `2026-01-31T17:05:00Z`. */
export const snapshotPartition = "snapshot_at";

/** Partition columns of tables that take exports: `full` or `changes`, and the time that the export reaches to. */
export const exportPartitions = ["export_kind", "exported_until"] as const;

const registered: LakePartition = { type: "registered" };

/** What the lake's table has beside its columns. */
export interface TransferTableOptions {
  /** Zone of the lake. @default "raw" */
  zone?: LakeZone;
  /** What a row is. @default none */
  description?: string;
}

/**
 * A table of the lake that takes a database's table, for `tables` of DataLake: one partition per snapshot. Columns are as
 * the export writes them: AWS: Aurora user guide, "Data conversion when exporting to an Amazon S3 bucket for Aurora".
 */
export function snapshotTable(columns: Record<string, string>, options: TransferTableOptions = {}): LakeTableArgs {
  return { zone: "raw", ...options, columns, format: "parquet", partitions: { [snapshotPartition]: registered } };
}

/** Types of attributes of a DynamoDB table that SQL can read. */
export type AttributeType = "string" | "number" | "boolean" | "binary" | "stringSet" | "numberSet";

const attributeTypes: Record<AttributeType, string> = {
  string: "struct<s:string>",
  // Text, as DynamoDB writes it: 38 digits do not fit a double. Cast it in the query.
  number: "struct<n:string>",
  boolean: "struct<bool:boolean>",
  binary: "struct<b:string>",
  stringSet: "struct<ss:array<string>>",
  numberSet: "struct<ns:array<string>>",
};

/**
 * A table of the lake that takes a DynamoDB table, for `tables` of DataLake: full exports have `item`, exports of changes
 * have `keys`, `newimage` (null where the item was deleted) and `metadata`. Attributes are read as
 * `item.customer.s`, in small letters.
 */
export function tableExport(
  attributes: { keys: Record<string, AttributeType>; others: Record<string, AttributeType> },
  options: TransferTableOptions = {},
): LakeTableArgs {
  const item = structOf({ ...attributes.keys, ...attributes.others });
  return {
    zone: "raw",
    ...options,
    columns: {
      item,
      keys: structOf(attributes.keys),
      newimage: item,
      metadata: "struct<writetimestampmicros:struct<n:string>>",
    },
    format: "json",
    partitions: Object.fromEntries(exportPartitions.map((column) => [column, registered])),
  };
}

function structOf(attributes: Record<string, AttributeType>): string {
  const fields = Object.entries(attributes).map(([name, type]) => `${name.toLowerCase()}:${attributeTypes[type]}`);
  return `struct<${fields.join(",")}>`;
}
