import type * as aws from "@pulumi/aws";
import { type Input, interpolate } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { arnPart, catalogArn, tableArn } from "./arns";
import type { DataLakeNodes, LakeZone } from "./types";

type Made = Pick<DataLakeNodes, "buckets" | "results" | "databases" | "workGroup">;

/** What the rights are given on. */
export interface LakeIdentity {
  /** Name of the component: that of the accesses. */
  readonly name: string;
  readonly keyArn: Input<string>;
  /** Whether Lake Formation decides too. */
  readonly lakeFormation: boolean;
  readonly made: Made;
}

const reads = {
  objects: ["GetObject"],
  catalog: ["BatchGetPartition", "GetDatabase", "GetPartition", "GetPartitions", "GetTable", "GetTables"],
};
const writes = {
  // Athena and Spark delete what a failed write left, Iceberg what nothing refers to any more; versions keep both for a while.
  objects: ["AbortMultipartUpload", "DeleteObject", "ListMultipartUploadParts", "PutObject"],
  // The catalog is Pulumi's, but partitions come with the data, and a commit to an Iceberg table updates its entry.
  catalog: ["BatchCreatePartition", "CreatePartition", "UpdatePartition", "UpdateTable"],
};

/** Rights on one zone: its files, its part of the catalog, and the key through S3. Sets `BUCKET` and `DATABASE`. */
export function zoneAccess(lake: LakeIdentity, zone: LakeZone, rights: "read" | "write" | "readWrite"): Access {
  const { bucket } = lake.made.buckets[zone];
  const database = lake.made.databases[zone];
  const writing = rights !== "read";
  const objects = [...(rights === "write" ? [] : reads.objects), ...(writing ? writes.objects : [])].sort();
  // Who writes looks first what is there.
  const catalog = [...reads.catalog, ...(writing ? writes.catalog : [])].sort();
  return {
    name: `${lake.name}-${zone}`,
    env: { BUCKET: bucket.bucket, DATABASE: database.name },
    statements: [
      allow("s3", objects, interpolate`${bucket.arn}/*`),
      allow("s3", bucketActions(writing), bucket.arn),
      allow("glue", catalog, [catalogArn(database), database.arn, tableArn(database, "*")]),
      keyStatement(lake, writing),
      ...(lake.lakeFormation ? [lakeFormationStatement] : []),
    ],
  };
}

/** Rights to run queries in the workgroup and to read their results. Sets `WORKGROUP`. */
export function queryAccess(lake: LakeIdentity): Access {
  const { workGroup, results } = lake.made;
  const { arn } = results.bucket;
  const actions = [
    "BatchGetQueryExecution",
    "GetQueryExecution",
    "GetQueryResults",
    "GetQueryResultsStream",
    "GetWorkGroup",
    "ListQueryExecutions",
    "StartQueryExecution",
    "StopQueryExecution",
  ];
  return {
    name: lake.name,
    env: { WORKGROUP: workGroup.name },
    statements: [
      allow("athena", actions, workGroup.arn),
      allow(
        "s3",
        ["AbortMultipartUpload", "GetObject", "ListMultipartUploadParts", "PutObject"],
        interpolate`${arn}/*`,
      ),
      allow("s3", bucketActions(true), arn),
      keyStatement(lake, true),
    ],
  };
}

function bucketActions(writing: boolean): string[] {
  return ["GetBucketLocation", "ListBucket", ...(writing ? ["ListBucketMultipartUploads"] : [])];
}

/** Through S3 alone, since the stack's other data share the key. */
function keyStatement({ keyArn, made }: LakeIdentity, writing: boolean): aws.iam.PolicyStatement {
  const region = arnPart(made.databases.raw.arn, 3);
  return {
    Effect: "Allow",
    // A multipart upload reads back its own parts (AWS: S3 user guide, "Multipart upload API and permissions").
    Action: writing ? ["kms:Decrypt", "kms:GenerateDataKey"] : "kms:Decrypt",
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": interpolate`s3.${region}.amazonaws.com` } },
  };
}

const lakeFormationStatement: aws.iam.PolicyStatement = {
  Effect: "Allow",
  Action: "lakeformation:GetDataAccess",
  Resource: "*", // The action knows no resource: which data, the grants say.
};

function allow(
  service: string,
  actions: readonly string[],
  resource: Input<string> | Input<string>[],
): aws.iam.PolicyStatement {
  return { Effect: "Allow", Action: actions.map((action) => `${service}:${action}`), Resource: resource };
}
