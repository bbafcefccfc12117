import type * as aws from "@pulumi/aws";
import { type Input, interpolate, type Output } from "@pulumi/pulumi";

import { stateMachineLogRights } from "../shared/state-machine";
import { placeOf } from "../task/iam";
import type { Settled } from "./settle";
import { folderOf } from "./states";
import type { ExportSource, SnapshotSource } from "./types";

/** Rights of the state machine: what its states call, on what they call it, and its own log. */
export function runStatements(
  s: Settled,
  progress: aws.ssm.Parameter,
  exportRole: aws.iam.Role | undefined,
): aws.iam.PolicyStatement[] {
  const { source } = s.args;
  return [
    { Effect: "Allow", Action: ["ssm:GetParameter", "ssm:PutParameter"], Resource: progress.arn },
    { Effect: "Allow", Action: "glue:BatchCreatePartition", Resource: catalogOf(s) },
    ...(source.kind === "aurora"
      ? snapshotStatements(s, source.cluster, exportRole)
      : tableStatements(s, source.table)),
    stateMachineLogRights,
  ];
}

/** The catalog, the database, and the tables that take partitions. */
function catalogOf(s: Settled): Input<string>[] {
  const { partition, region, account } = placeOf(s.args.lake.workGroupArn);
  const glue = interpolate`arn:${partition}:glue:${region}:${account}`;
  const { databaseName } = s.args.lake.zones[s.zone];
  return [
    interpolate`${glue}:catalog`,
    interpolate`${glue}:database/${databaseName}`,
    ...s.tables.map((table) => interpolate`${glue}:table/${table.databaseName}/${table.tableName}`),
  ];
}

function snapshotStatements(
  s: Settled,
  cluster: SnapshotSource,
  exportRole: aws.iam.Role | undefined,
): aws.iam.PolicyStatement[] {
  const { partition, region, account } = placeOf(cluster.arn);
  // Automated snapshots are called rds:<cluster>-<time>.
  const snapshots = interpolate`arn:${partition}:rds:${region}:${account}:cluster-snapshot:rds:${cluster.clusterIdentifier}-*`;
  const through = interpolate`rds.${region}.amazonaws.com`;
  return [
    {
      Effect: "Allow",
      Action: "rds:DescribeDBClusterSnapshots",
      Resource: [cluster.arn, interpolate`arn:${partition}:rds:${region}:${account}:cluster-snapshot:*`],
    },
    { Effect: "Allow", Action: "rds:StartExportTask", Resource: snapshots },
    {
      Effect: "Allow",
      Action: "rds:DescribeExportTasks",
      Resource: "*", // It is asked by the export's identifier, which is no resource.
    },
    ...(exportRole === undefined
      ? []
      : [{ Effect: "Allow" as const, Action: "iam:PassRole", Resource: exportRole.arn }]),
    {
      Effect: "Allow",
      Action: "kms:DescribeKey",
      Resource: s.args.lake.keyArn,
      Condition: { StringEquals: { "kms:ViaService": through } },
    },
    {
      // AWS: RDS API reference, StartExportTask, KmsKeyId: what the caller must be allowed.
      Effect: "Allow",
      Action: "kms:CreateGrant",
      Resource: s.args.lake.keyArn,
      Condition: { StringEquals: { "kms:ViaService": through }, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function tableStatements(s: Settled, table: ExportSource): aws.iam.PolicyStatement[] {
  const { region } = placeOf(table.arn);
  return [
    {
      Effect: "Allow",
      Action: ["dynamodb:DescribeContinuousBackups", "dynamodb:ExportTableToPointInTime"],
      Resource: table.arn,
    },
    { Effect: "Allow", Action: "dynamodb:DescribeExport", Resource: interpolate`${table.arn}/export/*` },
    {
      // AWS: DynamoDB developer guide, "Requesting a table export": DynamoDB writes with the caller's rights.
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
      Resource: filesOf(s),
    },
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: s.args.lake.keyArn,
      Condition: {
        StringEquals: {
          "kms:ViaService": [
            interpolate`dynamodb.${region}.amazonaws.com`, // the table's key
            interpolate`s3.${region}.amazonaws.com`, // the files'
          ],
        },
      },
    },
  ];
}

/** Rights of RDS. AWS: Aurora user guide, "Providing access to an Amazon S3 bucket using an IAM role", with its wildcards. */
export function exportStatements(s: Settled): aws.iam.PolicyStatement[] {
  return [
    { Effect: "Allow", Action: ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"], Resource: filesOf(s) },
    {
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket"],
      Resource: s.args.lake.zones[s.zone].bucketArn,
    },
  ];
}

function filesOf(s: Settled): Output<string> {
  return interpolate`${s.args.lake.zones[s.zone].bucketArn}/${folderOf(s.name)}/*`;
}
