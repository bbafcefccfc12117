import * as aws from "@pulumi/aws";
import { interpolate, type Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { arnPart, catalogArn, tableArn } from "./arns";
import type { Buckets, Databases } from "./catalog";
import type { Settled, SettledTable } from "./settle";
import type { DataLakeNodes } from "./types";

type Optimizing = Pick<DataLakeNodes, "optimizerRole" | "optimizerPolicy" | "optimizers">;

/** Compaction of Iceberg tables: every commit adds files, and small ones make queries slow. */
export function createOptimizers(
  parent: Resource,
  s: Settled,
  made: { readonly databases: Databases; readonly tables: DataLakeNodes["tables"]; readonly buckets: Buckets },
): Optimizing {
  const compacted = s.tables.filter(({ iceberg }) => iceberg !== undefined && (iceberg.compaction ?? true));
  if (compacted.length === 0) return { optimizerRole: undefined, optimizerPolicy: undefined, optimizers: {} };
  const { transform } = s.args;
  const database = made.databases.raw;
  const optimizerRole = new aws.iam.Role(
    `${s.name}-optimizer-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${s.name}: compacts Iceberg tables`,
        assumeRolePolicy: assumableBy("glue.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": arnPart(database.arn, 4) },
        }),
      },
      transform?.optimizerRole,
    ),
    { parent },
  );
  const optimizerPolicy = new aws.iam.RolePolicy(
    `${s.name}-optimizer-policy`,
    override<aws.iam.RolePolicyArgs>(
      {
        role: optimizerRole.name,
        policy: policyDocument(
          compacted.flatMap((table) => optimizerStatements(table, made)).concat(shared(s, database)),
        ),
      },
      transform?.optimizerPolicy,
    ),
    { parent },
  );
  const optimizers = Object.fromEntries(
    compacted.map((table) => [
      table.name,
      new aws.glue.CatalogTableOptimizer(
        `${s.name}-${table.name}-optimizer`,
        override<aws.glue.CatalogTableOptimizerArgs>(
          {
            catalogId: made.databases[table.zone].catalogId,
            databaseName: made.databases[table.zone].name,
            tableName: made.tables[table.name]?.name ?? table.name,
            type: "compaction",
            configuration: { enabled: true, roleArn: optimizerRole.arn },
          },
          transform?.optimizers,
        ),
        { parent, dependsOn: [optimizerPolicy] },
      ),
    ]),
  );
  return { optimizerRole, optimizerPolicy, optimizers };
}

/** AWS: Glue user guide, "Table optimization prerequisites": the files of the table, and its catalog entry. */
function optimizerStatements(
  table: SettledTable,
  { databases, buckets }: { readonly databases: Databases; readonly buckets: Buckets },
): aws.iam.PolicyStatement[] {
  const { arn } = buckets[table.zone].bucket;
  const database = databases[table.zone];
  return [
    {
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: interpolate`${arn}/${table.prefix}/*`,
    },
    { Effect: "Allow", Action: "s3:ListBucket", Resource: arn },
    {
      Effect: "Allow",
      Action: ["glue:GetTable", "glue:UpdateTable"],
      Resource: [catalogArn(database), database.arn, tableArn(database, table.name)],
    },
  ];
}

function shared(s: Settled, database: aws.glue.CatalogDatabase): aws.iam.PolicyStatement[] {
  const [partition, region, account] = [1, 3, 4].map((index) => arnPart(database.arn, index));
  return [
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: s.args.keyArn,
      Condition: { StringEquals: { "kms:ViaService": interpolate`s3.${region}.amazonaws.com` } },
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: interpolate`arn:${partition}:logs:${region}:${account}:log-group:/aws-glue/iceberg-compaction/logs:*`,
    },
  ];
}
