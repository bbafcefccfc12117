import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import {
  DataLake,
  type DataLakeTransform,
  type LakeTableArgs,
  type LakeZone,
} from "../../components/data-lake/data-lake";
import type { LakePlacement } from "../../components/data-lake/types";
import type { Access } from "../../components/shared/access";
import { children, type Registration, resource, type Run, run } from "../harness";
import { account, documentOf, keyArn, lakeWith, least, textOf } from "./data-lake-fixture";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  logging: "aws:s3/bucketLogging:BucketLogging",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  database: "aws:glue/catalogDatabase:CatalogDatabase",
  table: "aws:glue/catalogTable:CatalogTable",
  optimizer: "aws:glue/catalogTableOptimizer:CatalogTableOptimizer",
  workgroup: "aws:athena/workgroup:Workgroup",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  location: "aws:lakeformation/resource:Resource",
  grant: "aws:lakeformation/permissions:Permissions",
};
const zones: LakeZone[] = ["raw", "curated", "analytics"];

const clicks: LakeTableArgs = {
  zone: "raw",
  columns: { at: "timestamp", tags: "array<string>" },
  partitions: {
    day: { type: "date", range: ["2026-01-01", "NOW"] },
    shard: { type: "integer", range: [0, 15], digits: 2 },
    site: { type: "enum", values: ["jp", "us"] },
    visitor: { type: "injected" },
  },
};
const customers: LakeTableArgs = {
  zone: "curated",
  columns: { id: "bigint", balance: "decimal(12,2)", changed_at: "timestamp" },
  iceberg: {
    partitions: [
      { column: "changed_at", transform: "month" },
      { column: "id", transform: "bucket[16]" },
    ],
  },
};
const grants = {
  analysts: { principalArn: `arn:aws:iam::${account}:role/analysts`, zone: "analytics" as const },
  jobs: { principalArn: `arn:aws:iam::${account}:role/jobs`, zone: "curated" as const, rights: "write" as const },
};

const inputs = (result: Run, type: string, name: string): Registration["inputs"] => resource(result, type, name).inputs;

describe("DataLake", () => {
  it("makes buckets, databases and a workgroup", async () => {
    const bucketTypes = [
      ...[types.bucket, "bucket"],
      ...[types.ownership, "ownership"],
      ...[types.publicAccess, "public-access"],
      ...[types.encryption, "encryption"],
      ...[types.versioning, "versioning"],
      ...[types.lifecycle, "lifecycle"],
      ...[types.logging, "logging"],
      ...[types.policy, "policy"],
    ];
    const pairs = bucketTypes.flatMap((type, i) => (i % 2 === 0 ? [[type, bucketTypes[i + 1] ?? ""] as const] : []));
    const expected = [
      ...[...zones, "results"].flatMap((role) => pairs.map(([type, suffix]) => `${type} lake-${role}-${suffix}`)),
      ...zones.map((zone) => `${types.database} lake-${zone}-database`),
      `${types.workgroup} lake-workgroup`,
    ];
    assert.deepEqual(children(await lakeWith(), "lake"), expected.sort());
  });

  it("fits the placement that other components take", async () => {
    const { lake } = await lakeWith();
    const placement: LakePlacement = lake;
    assert.equal(placement.query, lake.query);
  });

  it("closes each bucket and encrypts it", async () => {
    const result = await lakeWith();
    for (const role of [...zones, "results"]) {
      const bucket = resource(result, types.bucket, `lake-${role}-bucket`);
      const name = bucket.outputs["bucket"];
      assert.deepEqual(bucket.inputs, { forceDestroy: true });
      assert.deepEqual(inputs(result, types.ownership, `lake-${role}-ownership`), {
        bucket: name,
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
      assert.deepEqual(inputs(result, types.publicAccess, `lake-${role}-public-access`), {
        bucket: name,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      assert.deepEqual(inputs(result, types.encryption, `lake-${role}-encryption`), {
        bucket: name,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            bucketKeyEnabled: true,
          },
        ],
      });
      assert.deepEqual(inputs(result, types.versioning, `lake-${role}-versioning`), {
        bucket: name,
        versioningConfiguration: { status: "Enabled" },
      });
      assert.deepEqual(inputs(result, types.logging, `lake-${role}-logging`), {
        bucket: name,
        targetBucket: "logs-bucket",
        targetPrefix: `s3/lake-${role}/`,
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      });
      assert.deepEqual(documentOf(inputs(result, types.policy, `lake-${role}-policy`)["policy"]), {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [bucket.outputs["arn"], `${textOf(bucket.outputs["arn"])}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    }
  });

  it("tiers files and keeps them, unless a zone says otherwise; results expire", async () => {
    const result = await lakeWith({
      lifecycles: { raw: { expireAfterDays: 30 }, curated: { tierAfterDays: 60, expireAfterDays: 400 } },
      restoreDays: 14,
      resultDays: 7,
    });
    const first = (role: string) =>
      (inputs(result, types.lifecycle, `lake-${role}-lifecycle`)["rules"] as unknown[])[0];
    const age = {
      id: "age",
      status: "Enabled",
      filter: {},
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    };
    const tiered = (days: number) => ({ transitions: [{ days, storageClass: "INTELLIGENT_TIERING" }] });
    const noncurrent = (noncurrentDays: number) => ({ noncurrentVersionExpiration: { noncurrentDays } });
    assert.deepEqual(first("raw"), { ...age, ...noncurrent(14), expiration: { days: 30 } });
    assert.deepEqual(first("curated"), { ...age, ...noncurrent(14), ...tiered(60), expiration: { days: 400 } });
    assert.deepEqual(first("analytics"), { ...age, ...noncurrent(14), ...tiered(30) });
    assert.deepEqual(first("results"), { ...age, ...noncurrent(1), expiration: { days: 7 } });
  });

  it("protects buckets and Iceberg tables with keep", async () => {
    const result = await lakeWith({ keep: true, tables: { customers, clicks } });
    const protectedOnes = result.resources.filter((r) => r.options["protect"] === true).map((r) => r.name);
    assert.deepEqual(protectedOnes.sort(), [
      "lake-analytics-bucket",
      "lake-curated-bucket",
      "lake-customers-table",
      "lake-raw-bucket",
      "lake-results-bucket",
    ]);
    for (const role of [...zones, "results"]) {
      assert.deepEqual(inputs(result, types.bucket, `lake-${role}-bucket`), { forceDestroy: false });
    }
    assert.equal(inputs(result, types.workgroup, "lake-workgroup")["forceDestroy"], false);
  });

  it("names databases for SQL", async () => {
    const named = await lakeWith({}, "data-lake");
    assert.equal(inputs(named, types.database, "data-lake-raw-database")["name"], "kiban_dev_data_lake_raw");
    const given = await lakeWith({ databasePrefix: "shop" });
    assert.equal(inputs(given, types.database, "lake-analytics-database")["name"], "shop_analytics");
  });

  it("bounds, encrypts and measures queries", async () => {
    const result = await lakeWith({ scanLimitGb: 100 });
    const results = textOf(resource(result, types.bucket, "lake-results-bucket").outputs["bucket"]);
    assert.deepEqual(inputs(result, types.workgroup, "lake-workgroup"), {
      description: "Queries on lake",
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        enableMinimumEncryptionConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: 100_000_000_000,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${results}/results/`,
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
        },
      },
    });
  });

  it("types tables and projects their partitions", async () => {
    const result = await lakeWith({ tables: { clicks } });
    const raw = textOf(resource(result, types.bucket, "lake-raw-bucket").outputs["bucket"]);
    assert.deepEqual(inputs(result, types.table, "lake-clicks-table"), {
      name: "clicks",
      databaseName: "kiban_dev_lake_raw",
      tableType: "EXTERNAL_TABLE",
      parameters: {
        EXTERNAL: "TRUE",
        classification: "parquet",
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.range": "2026-01-01,NOW",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
        "projection.shard.type": "integer",
        "projection.shard.range": "0,15",
        "projection.shard.digits": "2",
        "projection.site.type": "enum",
        "projection.site.values": "jp,us",
        "projection.visitor.type": "injected",
      },
      partitionKeys: [
        { name: "day", type: "string" },
        { name: "shard", type: "bigint" },
        { name: "site", type: "string" },
        { name: "visitor", type: "string" },
      ],
      storageDescriptor: {
        location: `s3://${raw}/clicks/`,
        columns: [
          { name: "at", type: "timestamp" },
          { name: "tags", type: "array<string>" },
        ],
        inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        serDeInfo: {
          serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
          parameters: { "serialization.format": "1" },
        },
      },
    });
  });

  it("leaves registered partitions to the catalog, and reads JSON", async () => {
    const result = await lakeWith({
      tables: {
        events: {
          zone: "raw",
          columns: { id: "string" },
          partitions: { batch: { type: "registered" } },
          format: "json",
          prefix: "in/events",
          description: "What happened",
        },
      },
    });
    const table = inputs(result, types.table, "lake-events-table");
    const storage = table["storageDescriptor"] as Record<string, unknown>;
    assert.deepEqual(table["parameters"], { EXTERNAL: "TRUE", classification: "json" });
    assert.equal(table["description"], "What happened");
    assert.match(textOf(storage["location"]), /^s3:\/\/lake-raw-bucket-\w+\/in\/events\/$/);
    assert.deepEqual(storage["serDeInfo"], {
      serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
      parameters: { "ignore.malformed.json": "true" },
    });
  });

  it("creates Iceberg tables, and never changes them after", async () => {
    const result = await lakeWith({ tables: { customers } });
    const table = resource(result, types.table, "lake-customers-table");
    const curated = textOf(resource(result, types.bucket, "lake-curated-bucket").outputs["bucket"]);
    assert.deepEqual(table.inputs, {
      name: "customers",
      databaseName: "kiban_dev_lake_curated",
      openTableFormatInput: {
        icebergInput: {
          metadataOperation: "CREATE",
          version: "2",
          icebergTableInput: {
            location: `s3://${curated}/customers/`,
            schema: {
              schemaId: 0,
              type: "struct",
              fields: [
                { id: 1, name: "id", required: false, type: '"long"' },
                { id: 2, name: "balance", required: false, type: '"decimal(12,2)"' },
                { id: 3, name: "changed_at", required: false, type: '"timestamp"' },
              ],
            },
            partitionSpec: {
              specId: 0,
              fields: [
                { fieldId: 1000, sourceId: 3, name: "changed_at_month", transform: "month" },
                { fieldId: 1001, sourceId: 1, name: "id_bucket", transform: "bucket[16]" },
              ],
            },
            properties: { "format-version": "2", "write.format.default": "parquet" },
          },
        },
      },
    });
    const owned = ["openTableFormatInput", "parameters", "storageDescriptor", "partitionKeys", "tableType", "owner"];
    assert.deepEqual(table.options["ignoreChanges"], owned);
  });

  it("compacts Iceberg tables with rights on those tables alone", async () => {
    const result = await lakeWith({ tables: { customers, clicks } });
    const role = resource(result, types.role, "lake-optimizer-role");
    const bucketArn = textOf(resource(result, types.bucket, "lake-curated-bucket").outputs["arn"]);
    const glue = `arn:aws:glue:ap-northeast-1:${account}`;
    assert.deepEqual(inputs(result, types.optimizer, "lake-customers-optimizer"), {
      catalogId: account,
      databaseName: "kiban_dev_lake_curated",
      tableName: "customers",
      type: "compaction",
      configuration: { enabled: true, roleArn: role.outputs["arn"] },
    });
    assert.deepEqual(documentOf(inputs(result, types.rolePolicy, "lake-optimizer-policy")["policy"]), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          Resource: `${bucketArn}/customers/*`,
        },
        { Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
        {
          Effect: "Allow",
          Action: ["glue:GetTable", "glue:UpdateTable"],
          Resource: [
            `${glue}:catalog`,
            `${glue}:database/kiban_dev_lake_curated`,
            `${glue}:table/kiban_dev_lake_curated/customers`,
          ],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `arn:aws:logs:ap-northeast-1:${account}:log-group:/aws-glue/iceberg-compaction/logs:*`,
        },
      ],
    });
    const off = await lakeWith({ tables: { customers: { ...customers, iceberg: { compaction: false } } } });
    assert.equal(
      off.resources.some((r) => r.type === types.optimizer || r.type === types.role),
      false,
    );
  });

  it("describes its tables for transfers and jobs", async () => {
    const { lake } = await lakeWith({ tables: { clicks, customers } });
    const { zone, format, columns, partitions } = lake.table("clicks");
    assert.deepEqual([zone, format], ["raw", "parquet"]);
    assert.deepEqual(columns, [
      { name: "at", type: "timestamp" },
      { name: "tags", type: "array<string>" },
    ]);
    assert.deepEqual(partitions[1], { name: "shard", type: "bigint", kind: "integer" });
    assert.equal(lake.table("customers").format, "iceberg");
    assert.deepEqual(lake.table("customers").partitions[0], {
      name: "changed_at",
      type: "timestamp",
      kind: "transform",
    });
    assert.equal(lake.tables["clicks"], lake.table("clicks"));
    assert.throws(() => lake.table("click"), /table: was "click"; allowed: clicks, customers; declare it in tables/);
  });

  it("hands every transform to its child", async () => {
    const seen: string[] = [];
    const mark = (key: string) => ({ [key]: <A>(ours: A): A => (seen.push(key), ours) });
    const keys = [
      ...["bucket", "ownership", "publicAccess", "encryption", "versioning", "lifecycle", "logging", "policy"],
      ...["databases", "tables", "optimizerRole", "optimizerPolicy", "optimizers", "workGroup"],
      ...["lakeFormationRole", "lakeFormationPolicy", "locations", "databaseGrants", "tableGrants"],
    ];
    const transform: DataLakeTransform = Object.assign({}, ...keys.map(mark)) as DataLakeTransform;
    await lakeWith({ tables: { customers, clicks }, lakeFormation: { grants }, transform });
    const count = (key: string) => seen.filter((each) => each === key).length;
    for (const key of keys.slice(0, 8)) assert.equal(count(key), 4, key);
    const once = { optimizerRole: 1, optimizerPolicy: 1, optimizers: 1, workGroup: 1 };
    const more = { databases: 3, tables: 2, locations: 3, databaseGrants: 2, tableGrants: 2 };
    const expected = { ...once, ...more, lakeFormationRole: 1, lakeFormationPolicy: 1 };
    for (const [key, times] of Object.entries(expected)) assert.equal(count(key), times, key);
  });

  it("lives beside another", async () => {
    const result = await run(() => {
      for (const name of ["lake", "pond"]) new DataLake(name, { ...least, tables: { clicks } });
    });
    assert.equal(result.error, undefined);
  });
});

describe("DataLake accesses", () => {
  const glue = `arn:aws:glue:ap-northeast-1:${account}`;
  const reads = ["BatchGetPartition", "GetDatabase", "GetPartition", "GetPartitions", "GetTable", "GetTables"];
  const writes = ["BatchCreatePartition", "CreatePartition", "UpdatePartition", "UpdateTable"];
  const via = { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } };
  const allow = (service: string, actions: string[], Resource: unknown) => ({
    Effect: "Allow",
    Action: actions.map((action) => `${service}:${action}`),
    Resource,
  });

  async function resolved(pick: (lake: DataLake) => Access, args = {}) {
    const result = await lakeWith(args);
    const access = pick(result.lake);
    const value = await new Promise<{ env: Record<string, string>; statements: unknown[] }>((resolve) => {
      pulumi.output({ env: access.env, statements: access.statements }).apply((known) => {
        resolve(known as never);
      });
    });
    return { result, name: access.name, ...value };
  }
  const catalog = (zone: string) => [
    `${glue}:catalog`,
    `${glue}:database/kiban_dev_lake_${zone}`,
    `${glue}:table/kiban_dev_lake_${zone}/*`,
  ];

  it("read", async () => {
    const { result, name, env, statements } = await resolved((lake) => lake.read("raw"));
    const { arn, bucket } = resource(result, types.bucket, "lake-raw-bucket").outputs as Record<string, string>;
    assert.equal(name, "lake-raw");
    assert.deepEqual(env, { BUCKET: bucket, DATABASE: "kiban_dev_lake_raw" });
    assert.deepEqual(statements, [
      allow("s3", ["GetObject"], `${arn ?? ""}/*`),
      allow("s3", ["GetBucketLocation", "ListBucket"], arn),
      allow("glue", reads, catalog("raw")),
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via },
    ]);
  });

  it("write", async () => {
    const { result, name, statements } = await resolved((lake) => lake.write("curated"));
    const { arn } = resource(result, types.bucket, "lake-curated-bucket").outputs as Record<string, string>;
    assert.equal(name, "lake-curated");
    assert.deepEqual(statements, [
      allow("s3", ["AbortMultipartUpload", "DeleteObject", "ListMultipartUploadParts", "PutObject"], `${arn ?? ""}/*`),
      allow("s3", ["GetBucketLocation", "ListBucket", "ListBucketMultipartUploads"], arn),
      allow("glue", [...reads, ...writes].sort(), catalog("curated")),
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn, Condition: via },
    ]);
  });

  it("readWrite adds reading of files to write", async () => {
    const write = await resolved((lake) => lake.write("analytics"));
    const both = await resolved((lake) => lake.readWrite("analytics"));
    const actions = (statement: unknown) => (statement as { Action: string[] }).Action;
    assert.deepEqual(actions(both.statements[0]), [...actions(write.statements[0]), "s3:GetObject"].sort());
    assert.deepEqual(both.statements.slice(1), write.statements.slice(1));
  });

  it("query", async () => {
    const { result, name, env, statements } = await resolved((lake) => lake.query);
    const { arn } = resource(result, types.bucket, "lake-results-bucket").outputs as Record<string, string>;
    const workgroup = resource(result, types.workgroup, "lake-workgroup").outputs;
    assert.equal(name, "lake");
    assert.deepEqual(env, { WORKGROUP: workgroup["name"] });
    assert.deepEqual(statements, [
      allow(
        "athena",
        [
          "BatchGetQueryExecution",
          "GetQueryExecution",
          "GetQueryResults",
          "GetQueryResultsStream",
          "GetWorkGroup",
          "ListQueryExecutions",
          "StartQueryExecution",
          "StopQueryExecution",
        ],
        workgroup["arn"],
      ),
      allow("s3", ["AbortMultipartUpload", "GetObject", "ListMultipartUploadParts", "PutObject"], `${arn ?? ""}/*`),
      allow("s3", ["GetBucketLocation", "ListBucket", "ListBucketMultipartUploads"], arn),
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn, Condition: via },
    ]);
  });

  it("asks Lake Formation for data where it decides", async () => {
    const statement = { Effect: "Allow", Action: "lakeformation:GetDataAccess", Resource: "*" };
    const { statements } = await resolved((lake) => lake.read("raw"), { lakeFormation: { grants: {} } });
    assert.deepEqual(statements.at(-1), statement);
    assert.equal(statements.length, 5);
  });
});

describe("DataLake with Lake Formation", () => {
  it("registers the zones with a role of its own, and gives each principal its rights", async () => {
    const result = await lakeWith({ lakeFormation: { grants } });
    const role = resource(result, types.role, "lake-lake-formation-role");
    const arns = zones.map((zone) => resource(result, types.bucket, `lake-${zone}-bucket`).outputs["arn"] as string);
    assert.deepEqual(documentOf(role.inputs["assumeRolePolicy"]), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "lakeformation.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    assert.deepEqual(documentOf(inputs(result, types.rolePolicy, "lake-lake-formation-policy")["policy"]), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          Resource: arns.map((arn) => `${arn}/*`),
        },
        { Effect: "Allow", Action: "s3:ListBucket", Resource: arns },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
        },
      ],
    });
    for (const [index, zone] of zones.entries()) {
      assert.deepEqual(inputs(result, types.location, `lake-${zone}-location`), {
        arn: arns[index],
        roleArn: role.outputs["arn"],
      });
    }
    assert.deepEqual(inputs(result, types.grant, "lake-analysts-database-grant"), {
      principal: grants.analysts.principalArn,
      permissions: ["DESCRIBE"],
      database: { name: "kiban_dev_lake_analytics" },
    });
    assert.deepEqual(inputs(result, types.grant, "lake-jobs-tables-grant"), {
      principal: grants.jobs.principalArn,
      permissions: ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"],
      table: { databaseName: "kiban_dev_lake_curated", wildcard: true },
    });
  });
});
