import type * as aws from "@pulumi/aws";
import { all, type Input, interpolate, type Output, output } from "@pulumi/pulumi";

import type { LakeTable } from "../data-lake/types";
import { isNew, ownZone, type Settled } from "./settle";
import type { EtlOutput } from "./types";

type Statement = aws.iam.PolicyStatement;

/** Where everything is: account and region of the lake's workgroup. */
export function placeOf(s: Settled): Record<"partition" | "region" | "account", Output<string>> {
  const part = (i: number): Output<string> => output(s.args.lake.workGroupArn).apply((arn) => arn.split(":")[i] ?? "");
  return { partition: part(1), region: part(3), account: part(4) };
}

/** Folder of what the job makes itself, in the bucket of its zone. */
export function ownFolder(s: Settled): string {
  return `etl/${s.name}/`;
}

/** Database and table of an input or output. */
export function tableNames(s: Settled, table: EtlOutput): Output<[string, string]> {
  const database = isNew(table) ? s.args.lake.zones[table.zone].databaseName : table.databaseName;
  return all([database, table.tableName]);
}

/** Reading the inputs and reading and writing the outputs, nothing else: their folders, their entries in the catalog, the key. */
export function dataRights(s: Settled): Statement[] {
  const { lake } = s.args;
  const inputs = Object.values(s.inputs);
  const outputs = Object.values(s.outputs);
  const read = inputs.flatMap((table) => foldersOf(s, table));
  const written = outputs.flatMap((table) => foldersOf(s, table));
  const buckets = distinct([...inputs, ...outputs].map(({ zone }) => lake.zones[zone].bucketArn));
  return [
    { Effect: "Allow", Action: "s3:GetBucketLocation", Resource: buckets },
    ...[...inputs, ...outputs].map((table): Statement => ({
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: lake.zones[table.zone].bucketArn,
      Condition: { StringLike: { "s3:prefix": foldersOf(s, table).map(({ keys }) => keys) } },
    })),
    { Effect: "Allow", Action: "s3:GetObject", Resource: [...read, ...written].map(({ objects }) => objects) },
    {
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      Resource: written.map(({ objects }) => objects),
    },
    {
      Effect: "Allow",
      Action: "s3:ListBucketMultipartUploads",
      Resource: distinct(outputs.map(({ zone }) => lake.zones[zone].bucketArn)),
    },
    ...catalogRights(s, inputs, outputs),
    keyThroughS3(s),
    ...lakeFormationRights(s),
  ];
}

/** Keys of a table's files: below its location, and where its registered partitions are. */
function foldersOf(s: Settled, table: EtlOutput): { keys: Output<string>; objects: Output<string> }[] {
  const { bucketArn } = s.args.lake.zones[table.zone];
  const below = isNew(table)
    ? output(`${ownFolder(s)}*`)
    : output(table.location).apply((location) => `${location.replace(/^s3:\/\/[^/]+\/|\/?$/g, "")}/*`);
  const elsewhere = isNew(table) ? [] : (table.files ?? []).map((keys) => output(keys));
  return [below, ...elsewhere].map((keys) => ({ keys, objects: interpolate`${bucketArn}/${keys}` }));
}

function catalogRights(s: Settled, inputs: readonly LakeTable[], outputs: readonly EtlOutput[]): Statement[] {
  const { partition, region, account } = placeOf(s);
  const glue = interpolate`arn:${partition}:glue:${region}:${account}`;
  const database = (table: EtlOutput) =>
    isNew(table) ? s.args.lake.zones[table.zone].databaseName : table.databaseName;
  const databases = (tables: readonly EtlOutput[]) =>
    distinct(tables.map((table) => interpolate`${glue}:database/${database(table)}`));
  const entries = (tables: readonly EtlOutput[]) =>
    tables.map((table) => interpolate`${glue}:table/${database(table)}/${table.tableName}`);
  const own = outputs.filter(isNew);
  const everything = [...inputs, ...outputs];
  return [
    {
      Effect: "Allow",
      Action: [
        "glue:BatchGetPartition",
        "glue:GetDatabase",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
      ],
      Resource: all([interpolate`${glue}:catalog`, databases(everything), all(entries(everything))]).apply(
        ([catalog, ...more]) => [catalog, ...more.flat()],
      ),
    },
    {
      Effect: "Allow",
      // Athena and Spark look the default database up, whatever the query names (AWS: Athena user guide, "Access to
      // databases and tables in the AWS Glue Data Catalog").
      Action: "glue:GetDatabase",
      Resource: interpolate`${glue}:database/default`,
    },
    {
      Effect: "Allow",
      Action: [
        "glue:BatchCreatePartition",
        "glue:CreatePartition",
        "glue:UpdatePartition",
        "glue:UpdateTable",
        ...(own.length > 0 ? ["glue:CreateTable", "glue:DeleteTable"] : []),
      ],
      Resource: all([interpolate`${glue}:catalog`, databases(outputs), all(entries(outputs))]).apply(
        ([catalog, ...more]) => [catalog, ...more.flat()],
      ),
    },
  ];
}

/** Through S3 alone, since the stack's other data share the key. */
function keyThroughS3(s: Settled): Statement {
  return {
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: s.args.lake.keyArn,
    Condition: { StringEquals: { "kms:ViaService": interpolate`s3.${placeOf(s).region}.amazonaws.com` } },
  };
}

/** Where Lake Formation decides on the lake's tables, its own reading right says so. */
function lakeFormationRights(s: Settled): Statement[] {
  return s.args.lake
    .read("raw")
    .statements.filter(({ Action }) => Action === "lakeformation:GetDataAccess")
    .slice(0, 1);
}

/** Running statements in a workgroup, whose results go to a folder of their own. */
export function queryRights(s: Settled, workGroupArn: Input<string>): Statement[] {
  const { partition, region, account } = placeOf(s);
  const zone = ownZone(s);
  const results =
    zone === undefined
      ? interpolate`${s.args.lake.resultsBucketArn}/*`
      : interpolate`${s.args.lake.zones[zone].bucketArn}/${ownFolder(s)}*`;
  const bucketArn = zone === undefined ? s.args.lake.resultsBucketArn : s.args.lake.zones[zone].bucketArn;
  return [
    {
      Effect: "Allow",
      Action: [
        "athena:GetQueryExecution",
        ...(s.checks.length > 0 ? ["athena:GetQueryResults"] : []),
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
      ],
      Resource: workGroupArn,
    },
    {
      Effect: "Allow",
      Action: "athena:GetDataCatalog",
      Resource: interpolate`arn:${partition}:athena:${region}:${account}:datacatalog/AwsDataCatalog`,
    },
    {
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: bucketArn,
    },
    {
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      Resource: results,
    },
  ];
}

function distinct(values: readonly Input<string>[]): Output<string[]> {
  return all([...values]).apply((all) => [...new Set(all)]);
}
