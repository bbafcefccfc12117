import type * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { LoggedBucket, LoggedBucketTransform } from "../shared/bucket";
import type { Override } from "../shared/override";

/** Data as it came, data that has been cleaned, and what people and tools ask. */
export type LakeZone = "raw" | "curated" | "analytics";

/** One zone as others see it. */
export interface LakeZonePlacement {
  readonly bucketName: Input<string>;
  readonly bucketArn: Input<string>;
  /** Name of the zone's Glue database. */
  readonly databaseName: Input<string>;
}

/** The lake that another component works in. DataLake fits. */
export interface LakePlacement {
  readonly zones: Readonly<Record<LakeZone, LakeZonePlacement>>;
  /** Athena workgroup that every query runs in. */
  readonly workGroupName: Input<string>;
  readonly workGroupArn: Input<string>;
  /** Bucket of query results. */
  readonly resultsBucketArn: Input<string>;
  /** Key that encrypts all of it. */
  readonly keyArn: Input<string>;
  /** Read a zone's files and tables. Sets `BUCKET` and `DATABASE`. */
  readonly read: (zone: LakeZone) => Access;
  /** Write a zone's files and partitions. Sets `BUCKET` and `DATABASE`. */
  readonly write: (zone: LakeZone) => Access;
  /** Both, for one who does both: two accesses of one zone would set the same variables. */
  readonly readWrite: (zone: LakeZone) => Access;
  /** Run queries; goes together with `read` of what they ask. Sets `WORKGROUP`. */
  readonly query: Access;
}

/** A column of a table; types are Athena's, such as `bigint`, `decimal(12,2)` or `array<string>`. */
export interface LakeColumn {
  readonly name: string;
  readonly type: string;
}

/** A partition column of a table. `registered`: whoever writes the data adds each partition to the catalog. */
export interface LakePartitionColumn extends LakeColumn {
  readonly kind: LakePartition["type"] | "transform";
}

/** A table of the lake as others see it: `lake.tables["orders"]`. */
export interface LakeTable {
  readonly zone: LakeZone;
  readonly databaseName: Input<string>;
  readonly tableName: Input<string>;
  /** `s3://bucket/prefix/`. */
  readonly location: Input<string>;
  /** Patterns of keys in the zone's bucket where registered partitions have their files. @default below the location */
  readonly files?: readonly string[];
  readonly format: LakeFormat | "iceberg";
  /** Without the partition columns. */
  readonly columns: readonly LakeColumn[];
  readonly partitions: readonly LakePartitionColumn[];
}

/** How the files of a table are written. */
export type LakeFormat = "parquet" | "json";

/** How a partition column's values are known. */
export type LakePartition =
  | {
      /** Days, hours, months or years, without a catalog entry for each. */
      type: "date";
      /** First and last: `["2026-01-01", "NOW"]`, in `format`, or relative to now: `["NOW-2YEARS", "NOW+1DAY"]`. */
      range: [string, string];
      /** Java date pattern of the value in the path. @default "yyyy-MM-dd" */
      format?: string;
      /** Unit of the step between two values. @default "DAYS" */
      unit?: "MINUTES" | "HOURS" | "DAYS" | "WEEKS" | "MONTHS" | "YEARS";
      /** Units between two values. @default 1 */
      interval?: number;
    }
  | {
      /** Whole numbers of a range. */
      type: "integer";
      /** First and last. */
      range: [number, number];
      /** Step between two values. @default 1 */
      interval?: number;
      /** Digits in the path, padded with zeros. @default as short as it is */
      digits?: number;
    }
  | {
      /** A few known values. */
      type: "enum";
      values: string[];
    }
  | {
      /** Any value, which each query must then name. */
      type: "injected";
    }
  | {
      /** No projection: whoever writes the data adds each partition to the catalog. */
      type: "registered";
    };

/** Iceberg's way to partition: a column, or what is made of one. */
export interface IcebergPartition {
  /** Column that the partition is made of. */
  column: string;
  /** What is made of it. @default "identity" */
  transform?: "identity" | "year" | "month" | "day" | "hour" | `bucket[${number}]` | `truncate[${number}]`;
}

/** A table in Iceberg's format: rows can be updated and deleted, and its schema changed, by SQL. */
export interface IcebergSwitch {
  /** How the rows are partitioned. @default not partitioned */
  partitions?: IcebergPartition[];
  /** Whether Glue compacts small files. @default true */
  compaction?: boolean;
}

/** A table of the lake. */
export interface LakeTableArgs {
  /** Zone that it belongs to. */
  zone: LakeZone;
  /** Columns by name, in order, with Athena's types. */
  columns: Record<string, string>;
  /** Partition columns by name, in the order of the path. Not with `iceberg`. @default none */
  partitions?: Record<string, LakePartition>;
  /** Format of the files. @default "parquet" */
  format?: LakeFormat;
  /** Makes an Iceberg table. Pulumi owns its creation alone: change it by SQL after that. @default off */
  iceberg?: IcebergSwitch;
  /** Folder in the zone's bucket. @default the table's name */
  prefix?: string;
  /** What a row is; shown in the catalog. @default none */
  description?: string;
}

/** How long the files of one zone stay, and where. */
export interface ZoneLifecycle {
  /** Days after which a file moves to Intelligent-Tiering, which then follows its use. @default 30 */
  tierAfterDays?: number;
  /** Days after which a file is deleted. @default never */
  expireAfterDays?: number;
}

/** What one principal may do by Lake Formation. */
export interface LakeFormationGrant {
  /** ARN of the role or user. */
  principalArn: Input<string>;
  zone: LakeZone;
  /** @default "read" */
  rights?: "read" | "write";
}

/** Lake Formation decides on the tables, beside IAM. */
export interface LakeFormationSwitch {
  /** Rights by a name of yours, which is part of the resource's name. */
  grants: Record<string, LakeFormationGrant>;
}

/** The raw children of a DataLake; lists in the order of zones (raw, curated, analytics), maps by table or grant. */
export interface DataLakeNodes {
  readonly buckets: Readonly<Record<LakeZone, LoggedBucket>>;
  readonly results: LoggedBucket;
  readonly databases: Readonly<Record<LakeZone, aws.glue.CatalogDatabase>>;
  readonly tables: Readonly<Record<string, aws.glue.CatalogTable>>;
  readonly optimizerRole: aws.iam.Role | undefined;
  readonly optimizerPolicy: aws.iam.RolePolicy | undefined;
  readonly optimizers: Readonly<Record<string, aws.glue.CatalogTableOptimizer>>;
  readonly workGroup: aws.athena.Workgroup;
  readonly lakeFormationRole: aws.iam.Role | undefined;
  readonly lakeFormationPolicy: aws.iam.RolePolicy | undefined;
  readonly locations: Readonly<Partial<Record<LakeZone, aws.lakeformation.Resource>>>;
  readonly databaseGrants: Readonly<Record<string, aws.lakeformation.Permissions>>;
  readonly tableGrants: Readonly<Record<string, aws.lakeformation.Permissions>>;
}

/** Last word on the arguments of each child; for a group of them, applied to each: those of a bucket to zones and results. */
export interface DataLakeTransform extends LoggedBucketTransform {
  databases?: Override<aws.glue.CatalogDatabaseArgs>;
  tables?: Override<aws.glue.CatalogTableArgs>;
  optimizerRole?: Override<aws.iam.RoleArgs>;
  optimizerPolicy?: Override<aws.iam.RolePolicyArgs>;
  optimizers?: Override<aws.glue.CatalogTableOptimizerArgs>;
  workGroup?: Override<aws.athena.WorkgroupArgs>;
  lakeFormationRole?: Override<aws.iam.RoleArgs>;
  lakeFormationPolicy?: Override<aws.iam.RolePolicyArgs>;
  locations?: Override<aws.lakeformation.ResourceArgs>;
  databaseGrants?: Override<aws.lakeformation.PermissionsArgs>;
  tableGrants?: Override<aws.lakeformation.PermissionsArgs>;
}

/** A zone's outputs. */
export interface LakeZoneOutputs extends LakeZonePlacement {
  readonly bucketName: Output<string>;
  readonly bucketArn: Output<string>;
  readonly databaseName: Output<string>;
}
