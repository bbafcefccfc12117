import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { output } from "@pulumi/pulumi";

import type { Access } from "../../components/shared/access";
import {
  StreamingEtl,
  type StreamingEtlArgs,
  type StreamingEtlTransform,
} from "../../components/streaming-etl/streaming-etl";
import { children, type Registration, resource, run } from "../harness";
import {
  alarmTopicArn,
  byTenant,
  child,
  documentOf,
  dynamic,
  keyArn,
  lakeKeyArn,
  least,
  make,
  table,
  types,
} from "./streaming-etl-fixture";

const everyChild = [
  `${types.logGroup} clicks-delivery-logs`,
  `${types.logGroup} clicks-function-logs`,
  `${types.logStream} clicks-delivery-log-stream`,
  `${types.alarm} clicks-conversion-alarm`,
  `${types.alarm} clicks-failures-alarm`,
  `${types.alarm} clicks-freshness-alarm`,
  `${types.alarm} clicks-lag-alarm`,
  `${types.alarm} clicks-throttles-alarm`,
  `${types.role} clicks-delivery-role`,
  `${types.role} clicks-function-role`,
  `${types.rolePolicy} clicks-delivery-policy`,
  `${types.rolePolicy} clicks-function-policy`,
  `${types.delivery} clicks-delivery`,
  `${types.stream} clicks-stream`,
  `${types.mapping} clicks-mapping`,
  `${types.function} clicks-function`,
  `${types.bucket} clicks-failures`,
  `${types.lifecycle} clicks-failures-lifecycle`,
  `${types.logging} clicks-failures-logging`,
  `${types.ownership} clicks-failures-ownership`,
  `${types.bucketPolicy} clicks-failures-policy`,
  `${types.publicAccess} clicks-failures-public-access`,
  `${types.encryption} clicks-failures-encryption`,
  `${types.versioning} clicks-failures-versioning`,
];
const via = (service: string) => ({ StringEquals: { "kms:ViaService": `${service}.ap-northeast-1.amazonaws.com` } });
const s3 = (of: Registration): Record<string, unknown> =>
  of.inputs["extendedS3Configuration"] as Record<string, unknown>;

describe("StreamingEtl", () => {
  it("makes the stream, the function, the delivery, the bucket of failures and their alarms", async () => {
    assert.deepEqual(children(await make(), "clicks"), [...everyChild].sort());
  });

  it("encrypts the stream and keeps it for a day; on demand, or with shards", async () => {
    assert.deepEqual(child(await make(), "stream", "stream").inputs, {
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: 24,
      encryptionType: "KMS",
      kmsKeyId: keyArn,
    });
    assert.deepEqual(child(await make({ shards: 3, retentionHours: 168 }), "stream", "stream").inputs, {
      streamModeDetails: { streamMode: "PROVISIONED" },
      shardCount: 3,
      retentionPeriod: 168,
      encryptionType: "KMS",
      kmsKeyId: keyArn,
    });
  });

  it("reads from the oldest record, halves and bounds, and gives up into the bucket", async () => {
    const result = await make();
    const mapping = child(result, "mapping", "mapping");
    assert.deepEqual(mapping.inputs, {
      eventSourceArn: child(result, "stream", "stream").outputs["arn"],
      functionName: child(result, "function", "function").outputs["arn"],
      startingPosition: "TRIM_HORIZON",
      batchSize: 500,
      maximumBatchingWindowInSeconds: 5,
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 10,
      maximumRecordAgeInSeconds: 72_000,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: child(result, "bucket", "failures").outputs["arn"] } },
      metricsConfig: { metrics: ["EventCount"] },
    });
    assert.ok(mapping.dependencies.includes(child(result, "rolePolicy", "function-policy").urn));
  });

  it("bounds what runs at one time where that is asked", async () => {
    assert.equal(child(await make(), "function", "function").inputs["reservedConcurrentExecutions"], undefined);
    const bounded = await make({ concurrency: 20 });
    assert.equal(child(bounded, "function", "function").inputs["reservedConcurrentExecutions"], 20);
  });

  it("takes batches as asked, and an age that follows the stream's", async () => {
    const batches = { size: 10, windowSeconds: 0, parallel: 10, retries: 0, maxAgeHours: 2 };
    const { inputs } = child(await make({ batches }), "mapping", "mapping");
    assert.deepEqual(
      [inputs["batchSize"], inputs["maximumBatchingWindowInSeconds"], inputs["parallelizationFactor"]],
      [10, 0, 10],
    );
    assert.deepEqual([inputs["maximumRetryAttempts"], inputs["maximumRecordAgeInSeconds"]], [0, 7200]);
    const age = async (retentionHours: number) =>
      child(await make({ retentionHours }), "mapping", "mapping").inputs["maximumRecordAgeInSeconds"];
    assert.deepEqual([await age(48), await age(8760)], [44 * 3600, 168 * 3600]);
  });

  it("delivers Parquet by the table's schema, in a folder of the day, and what fails beside the tables", async () => {
    const result = await make();
    const roleArn = child(result, "role", "delivery-role").outputs["arn"];
    const delivery = child(result, "delivery", "delivery");
    assert.equal(delivery.inputs["destination"], "extended_s3");
    assert.deepEqual(delivery.inputs["serverSideEncryption"], {
      enabled: true,
      keyType: "CUSTOMER_MANAGED_CMK",
      keyArn,
    });
    assert.deepEqual(s3(delivery), {
      roleArn,
      bucketArn: "arn:aws:s3:::lake-raw",
      kmsKeyArn: lakeKeyArn,
      prefix: "clicks/day=!{timestamp:yyyy-MM-dd}/",
      errorOutputPrefix: "_errors/clicks/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
      customTimeZone: "UTC",
      bufferingInterval: 300,
      bufferingSize: 128,
      cloudwatchLoggingOptions: {
        enabled: true,
        logGroupName: child(result, "logGroup", "delivery-logs").outputs["name"],
        logStreamName: child(result, "logStream", "delivery-log-stream").outputs["name"],
      },
      dataFormatConversionConfiguration: {
        inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
        outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
        schemaConfiguration: { databaseName: "raw_db", tableName: "clicks", roleArn, versionId: "LATEST" },
      },
    });
    assert.ok(delivery.dependencies.includes(child(result, "rolePolicy", "delivery-policy").urn));
  });

  it("takes files and arrival patterns as asked, and a table without partitions", async () => {
    const args: Partial<StreamingEtlArgs> = {
      partitions: { day: { arrival: "yyyy/MM" } },
      files: { seconds: 0, mebibytes: 64, timeZone: "Asia/Tokyo" },
    };
    const given = s3(child(await make(args), "delivery", "delivery"));
    assert.equal(given["prefix"], "clicks/day=!{timestamp:yyyy/MM}/");
    assert.deepEqual(
      [given["bufferingInterval"], given["bufferingSize"], given["customTimeZone"]],
      [0, 64, "Asia/Tokyo"],
    );
    const flat = await make({ table: { ...table, partitions: [], location: "s3://lake-raw/events/clicks" } });
    assert.equal(s3(child(flat, "delivery", "delivery"))["prefix"], "events/clicks/");
  });

  it("partitions by the row when switched on, with an alarm on too many partitions", async () => {
    const result = await make(dynamic);
    const given = s3(child(result, "delivery", "delivery"));
    assert.equal(given["prefix"], "clicks/tenant=!{partitionKeyFromQuery:tenant}/day=!{timestamp:yyyy-MM-dd}/");
    assert.deepEqual(given["dynamicPartitioningConfiguration"], { enabled: true, retryDuration: 300 });
    assert.deepEqual(given["processingConfiguration"], {
      enabled: true,
      processors: [
        {
          type: "MetadataExtraction",
          parameters: [
            { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
            { parameterName: "MetadataExtractionQuery", parameterValue: "{tenant:.tenant}" },
          ],
        },
      ],
    });
    assert.deepEqual(children(result, "clicks"), [...everyChild, `${types.alarm} clicks-partitions-alarm`].sort());
  });

  it("keeps raw rows beside the failures when asked", async () => {
    const result = await make({ keepRaw: true });
    const delivery = child(result, "delivery", "delivery");
    const backup = s3(delivery)["s3BackupConfiguration"] as Record<string, unknown>;
    assert.equal(s3(delivery)["s3BackupMode"], "Enabled");
    const failuresArn = child(result, "bucket", "failures").outputs["arn"] as string;
    assert.deepEqual(
      [backup["bucketArn"], backup["kmsKeyArn"], backup["prefix"], backup["errorOutputPrefix"]],
      [failuresArn, keyArn, "raw/", "raw-errors/"],
    );
    const { Statement } = documentOf(child(result, "rolePolicy", "delivery-policy").inputs["policy"]);
    assert.deepEqual(
      Statement.filter(({ Resource }) => JSON.stringify(Resource).includes(failuresArn)),
      [
        {
          Effect: "Allow",
          Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
          Resource: failuresArn,
        },
        {
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
          Resource: [`${failuresArn}/raw*`],
        },
      ],
    );
  });

  it("lets Firehose write this table, read its schema and log; nothing else", async () => {
    const result = await make();
    assert.deepEqual(documentOf(child(result, "role", "delivery-role").inputs["assumeRolePolicy"]).Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "firehose.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "111111111111" } },
      },
    ]);
    const glue = "arn:aws:glue:ap-northeast-1:111111111111";
    assert.deepEqual(documentOf(child(result, "rolePolicy", "delivery-policy").inputs["policy"]).Statement, [
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: "arn:aws:s3:::lake-raw",
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::lake-raw/clicks/*", "arn:aws:s3:::lake-raw/_errors/clicks/*"],
      },
      {
        Effect: "Allow",
        Action: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
        Resource: [`${glue}:catalog`, `${glue}:database/raw_db`, `${glue}:table/raw_db/clicks`],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: lakeKeyArn,
        Condition: via("s3"),
      },
      {
        Effect: "Allow",
        Action: "logs:PutLogEvents",
        Resource: `${child(result, "logGroup", "delivery-logs").outputs["arn"] as string}:*`,
      },
    ]);
  });

  const lookup: Access = {
    name: "users-table",
    env: { NAME: "users" },
    statements: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:::table/users" }],
  };
  const code = join(__dirname, "..", "fixtures", "streaming-etl", "transform.js");

  it("lets the function read the stream, deliver, put failures aside, and what its uses say", async () => {
    const result = await make({ code: { path: code }, uses: [lookup] });
    const failuresArn = child(result, "bucket", "failures").outputs["arn"] as string;
    const streamArn = child(result, "stream", "stream").outputs["arn"];
    assert.deepEqual(documentOf(child(result, "rolePolicy", "function-policy").inputs["policy"]).Statement, [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${child(result, "logGroup", "function-logs").outputs["arn"] as string}:*`,
      },
      {
        Effect: "Allow",
        Action: [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ],
        Resource: streamArn,
      },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via("kinesis") },
      { Effect: "Allow", Action: "s3:ListBucket", Resource: failuresArn },
      { Effect: "Allow", Action: "s3:PutObject", Resource: `${failuresArn}/aws/lambda/*` },
      { Effect: "Allow", Action: "kms:GenerateDataKey", Resource: keyArn, Condition: via("s3") },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via("lambda") },
      {
        Effect: "Allow",
        Action: "firehose:PutRecordBatch",
        Resource: child(result, "delivery", "delivery").outputs["arn"],
      },
      ...lookup.statements,
    ]);
  });

  it("passes records through without code, and packs the user's file or folder with its variables", async () => {
    const assets = (of: Registration): string[] =>
      Object.keys((of.inputs["code"] as { assets: Record<string, unknown> }).assets).sort();
    const plain = child(await make(), "function", "function");
    const own = ["delivery.js", "handler.js", "index.js"];
    assert.deepEqual(assets(plain), own);
    assert.deepEqual(Object.keys((plain.inputs["environment"] as { variables: object }).variables), [
      "DELIVERY_STREAM",
    ]);
    assert.deepEqual(
      [plain.inputs["timeout"], plain.inputs["memorySize"], plain.inputs["kmsKeyArn"]],
      [60, 256, keyArn],
    );

    const settings = { path: code, environment: { SITE: "jp" }, memoryMb: 512, timeoutSeconds: 120 };
    const result = await make({ code: settings, uses: [lookup] });
    const withFile = child(result, "function", "function");
    assert.deepEqual(assets(withFile), [...own, "transform.js"].sort());
    assert.deepEqual(withFile.inputs["environment"], {
      variables: {
        SITE: "jp",
        USERS_TABLE_NAME: "users",
        DELIVERY_STREAM: child(result, "delivery", "delivery").outputs["name"],
        TRANSFORM: "./transform",
      },
    });
    assert.deepEqual([withFile.inputs["timeout"], withFile.inputs["memorySize"]], [120, 512]);

    const folder = join(__dirname, "..", "fixtures", "streaming-etl", "folder");
    const withFolder = child(await make({ code: { path: folder } }), "function", "function");
    assert.deepEqual(assets(withFolder), [...own, "transform"].sort());
  });

  it("keeps the failures private, encrypted, logged, and for 90 days", async () => {
    const result = await make();
    const bucket = child(result, "bucket", "failures");
    const name = bucket.outputs["bucket"];
    assert.deepEqual(child(result, "publicAccess", "failures-public-access").inputs, {
      bucket: name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(child(result, "encryption", "failures-encryption").inputs["rules"], [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ]);
    assert.deepEqual(documentOf(child(result, "bucketPolicy", "failures-policy").inputs["policy"]).Statement, [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket.outputs["arn"], `${bucket.outputs["arn"] as string}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    assert.equal(child(result, "logging", "failures-logging").inputs["targetBucket"], "logs");
    assert.deepEqual(child(result, "ownership", "failures-ownership").inputs["rule"], {
      objectOwnership: "BucketOwnerEnforced",
    });
    const days = async (failureDays?: number) => {
      const of = await make(failureDays === undefined ? {} : { failureDays });
      const rules = child(of, "lifecycle", "failures-lifecycle").inputs["rules"] as { expiration: { days: number } }[];
      return rules[0]?.expiration.days;
    };
    assert.deepEqual([await days(), await days(7)], [90, 7]);
  });

  it("protects what holds data, or nothing", async () => {
    const state = async (keep: boolean) => {
      const result = await make({ keep });
      return {
        protected: result.resources.filter((r) => r.options.protect).map((r) => r.name),
        forceDestroy: child(result, "bucket", "failures").inputs["forceDestroy"],
        logs: child(result, "logGroup", "function-logs").inputs["deletionProtectionEnabled"],
      };
    };
    const kept = await state(true);
    assert.deepEqual(
      [kept.protected.sort(), kept.forceDestroy, kept.logs],
      [
        ["clicks-delivery", "clicks-delivery-logs", "clicks-failures", "clicks-function-logs", "clicks-stream"],
        false,
        true,
      ],
    );
    assert.deepEqual(await state(false), { protected: [], forceDestroy: true, logs: false });
  });

  it("alarms on lag, throttles, failures, freshness, conversion and partitions, each on its own stream", async () => {
    const result = await make(dynamic);
    const stream = { StreamName: child(result, "stream", "stream").outputs["name"] };
    const delivery = { DeliveryStreamName: child(result, "delivery", "delivery").outputs["name"] };
    const mapping = { EventSourceMappingUUID: child(result, "mapping", "mapping").outputs["uuid"] };
    for (const [role, namespace, metricName, dimensions, statistic, threshold] of [
      ["lag", "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", stream, "Maximum", 900_000],
      ["failures", "AWS/Lambda", "DroppedEventCount", mapping, "Sum", 1],
      ["freshness", "AWS/Firehose", "DeliveryToS3.DataFreshness", delivery, "Maximum", 900],
      ["conversion", "AWS/Firehose", "FailedConversion.Records", delivery, "Sum", 1],
      ["partitions", "AWS/Firehose", "PartitionCountExceeded", delivery, "Maximum", 1],
    ] as const) {
      const { inputs } = child(result, "alarm", `${role}-alarm`);
      assert.deepEqual(
        [inputs["namespace"], inputs["metricName"], inputs["dimensions"], inputs["statistic"], inputs["threshold"]],
        [namespace, metricName, dimensions, statistic, threshold],
        role,
      );
    }
    const throttles = child(result, "alarm", "throttles-alarm").inputs["metricQueries"] as {
      metric?: { metricName: string; dimensions: unknown };
    }[];
    assert.deepEqual(
      throttles.flatMap(({ metric }) => (metric === undefined ? [] : [[metric.metricName, metric.dimensions]])),
      [
        ["WriteProvisionedThroughputExceeded", stream],
        ["ReadProvisionedThroughputExceeded", stream],
      ],
    );
    for (const { inputs, name } of result.resources.filter((r) => r.type === types.alarm)) {
      assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[alarmTopicArn], [alarmTopicArn]], name);
      assert.equal(inputs["treatMissingData"], "notBreaching", name);
      assert.match(inputs["alarmDescription"] as string, /^clicks: /);
    }
  });

  it("takes thresholds as asked", async () => {
    const result = await make({ alarms: { lagMinutes: 2, throttles: 3, freshnessMinutes: 30 } });
    const threshold = (role: string): unknown => child(result, "alarm", `${role}-alarm`).inputs["threshold"];
    assert.deepEqual([threshold("lag"), threshold("throttles"), threshold("freshness")], [120_000, 3, 1800]);
  });

  it("offers writing and reading, and no more than that", async () => {
    let made: StreamingEtl | undefined;
    let statements: unknown;
    const result = await run(() => {
      made = new StreamingEtl("clicks", least);
      statements = output([made.write, made.read]);
    });
    const { arn, name } = child(result, "stream", "stream").outputs as { arn: string; name: string };
    const [write, read] = await new Promise<Access[]>((resolve) =>
      (statements as ReturnType<typeof output<Access[]>>).apply((value) => resolve(value as unknown as Access[])),
    );
    assert.deepEqual(write, {
      name: "clicks",
      env: { NAME: name },
      statements: [
        { Effect: "Allow", Action: ["kinesis:PutRecord", "kinesis:PutRecords"], Resource: arn },
        { Effect: "Allow", Action: "kms:GenerateDataKey", Resource: keyArn, Condition: via("kinesis") },
      ],
    });
    assert.deepEqual(read, {
      name: "clicks",
      env: { STREAM_ARN: arn },
      statements: [
        {
          Effect: "Allow",
          Action: [
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
          ],
          Resource: arn,
        },
        { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via("kinesis") },
      ],
    });
  });

  describe("the replay command", () => {
    /** Runs the command with an `aws` that keeps a bucket in a folder and answers as the function would. */
    async function replay(objects: Record<string, unknown>, answers: Record<string, unknown>) {
      const outputs = resource(await make(), "kiban:index:StreamingEtl", "clicks").outputs as Record<string, string>;
      const home = mkdtempSync(join(tmpdir(), "replay-"));
      mkdirSync(join(home, "bucket"));
      for (const [key, value] of Object.entries(objects)) {
        writeFileSync(join(home, "bucket", encodeURIComponent(key)), JSON.stringify(value));
      }
      writeFileSync(join(home, "answers.json"), JSON.stringify(answers));
      writeFileSync(join(home, "aws"), `#!${process.execPath}\n${awsStandIn}`);
      chmodSync(join(home, "aws"), 0o755);
      const printed = execFileSync("bash", ["-c", outputs["replayCommand"] ?? ""], {
        encoding: "utf8",
        env: { ...process.env, HOME: home, PATH: `${home}:${process.env["PATH"] ?? ""}` },
      });
      const log = join(home, "invoked.jsonl");
      const invoked = existsSync(log)
        ? readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as unknown)
        : [];
      const left = readdirSync(join(home, "bucket")).map(decodeURIComponent);
      rmSync(home, { recursive: true });
      return { printed, invoked, left };
    }
    const awsStandIn = `
      const fs = require("node:fs");
      const { join } = require("node:path");
      const home = process.env.HOME;
      const args = process.argv.slice(2);
      const after = (flag) => args[args.indexOf(flag) + 1];
      const file = (url) => join(home, "bucket", encodeURIComponent(url.replace(/^s3:\\/\\/[^/]+\\//, "")));
      if (args[1] === "list-objects-v2") {
        const keys = fs.readdirSync(join(home, "bucket")).map(decodeURIComponent);
        console.log(keys.filter((key) => key.startsWith(after("--prefix"))).join("\\n") || "None");
      } else if (args[1] === "cp") {
        process.stdout.write(fs.readFileSync(file(args.find((arg) => arg.startsWith("s3://")))));
      } else if (args[1] === "rm") {
        fs.rmSync(file(args.find((arg) => arg.startsWith("s3://"))));
      } else if (args[1] === "invoke") {
        const event = JSON.parse(fs.readFileSync(after("--payload").replace("file://", ""), "utf8"));
        fs.appendFileSync(join(home, "invoked.jsonl"), JSON.stringify(event) + "\\n");
        const answer = JSON.parse(fs.readFileSync(join(home, "answers.json"), "utf8"))[event.id];
        fs.writeFileSync(args.find((arg) => arg.endsWith("answer.json")), JSON.stringify(answer.value));
        console.log(JSON.stringify({ StatusCode: 200, ...(answer.error && { FunctionError: "Unhandled" }) }));
      }`;
    const fine = { value: { batchItemFailures: [] } };

    it("gives each batch to the function, and deletes those that got through", async () => {
      const objects = {
        "aws/lambda/0/shard-1/one": { payload: { id: "one", Records: [] } },
        "aws/lambda/0/shard-2/two": { payload: JSON.stringify({ id: "two" }) },
        "raw/kept": { id: "raw" },
      };
      const { invoked, left } = await replay(objects, { one: fine, two: fine });
      assert.deepEqual(invoked, [{ id: "one", Records: [] }, { id: "two" }]);
      assert.deepEqual(left, ["raw/kept"]);
    });

    it("leaves what fails again, names it, and goes on", async () => {
      const objects = {
        "aws/lambda/a": { payload: { id: "a" } },
        "aws/lambda/b": { payload: { id: "b" } },
        "aws/lambda/c": { payload: { id: "c" } },
      };
      const { printed, left } = await replay(objects, {
        a: { value: { errorMessage: "record 1: not JSON" }, error: true },
        b: { value: { batchItemFailures: [{ itemIdentifier: "1" }] } },
        c: fine,
      });
      assert.deepEqual(left.sort(), ["aws/lambda/a", "aws/lambda/b"]);
      assert.equal(printed.match(/still fails: aws\/lambda\/[ab]\n/g)?.length, 2);
    });

    it("does nothing with an empty bucket", async () => {
      const { printed, invoked } = await replay({}, {});
      assert.deepEqual([printed, invoked], ["", []]);
    });
  });

  for (const [what, args, lines] of [
    [
      "a table that is no Parquet",
      { table: { ...table, format: "iceberg" } },
      ['table.format: was "iceberg"; allowed: parquet; stream into a Parquet table, and on from there with a BatchEtl'],
    ],
    [
      "partition columns that it cannot fill",
      {
        table: {
          ...byTenant,
          partitions: [...byTenant.partitions, { name: "shop", type: "string", kind: "registered" }],
        },
      },
      [
        'partitions.tenant: was not set; allowed: { arrival } or { query }; set partitions.tenant, such as { query: ".tenant" }',
        'table.partitions.shop: was "registered"; allowed: a projected partition column; Firehose adds no partitions to the catalog: give the table\'s column a range',
      ],
    ],
    [
      "partitions that say nothing sensible",
      {
        table: byTenant,
        partitions: { tenant: { query: "tenant" }, day: { arrival: "week" }, other: { query: ".x" } },
      },
      [
        'partitions.tenant.query: was "tenant"; allowed: a jq expression on the row, beginning with a dot; set .tenant, or .at[0:10] for a part of a text',
        'partitions.day.arrival: was "week"; allowed: a Java date pattern; set yyyy-MM-dd, yyyy/MM or the like',
        'partitions.other: was {"query":".x"}; allowed: the table\'s partition columns (tenant, day); remove it',
        "dynamicPartitioning: was not set; allowed: true; Firehose decides it when it is created: set it true now; a stream that already delivers without it would be replaced",
      ],
    ],
    [
      "dynamic partitioning without a query",
      { dynamicPartitioning: true },
      ["dynamicPartitioning: was true; allowed: false; no partition has a query: add one, or remove it"],
    ],
    [
      "numbers out of range",
      {
        shards: 0,
        concurrency: 0,
        retentionHours: 12,
        failureDays: 0,
        logRetentionDays: 31 as 30,
        batches: { size: 0, windowSeconds: 301, parallel: 11, retries: -1, maxAgeHours: 24 },
        files: { seconds: 901, mebibytes: 5, timeZone: "+09:00" },
        alarms: { lagMinutes: 0, throttles: 0, freshnessMinutes: 5 },
      },
      [
        "shards: was 0; allowed: a whole number from 1 to 10000; set one in that range",
        "retentionHours: was 12; allowed: a whole number from 24 to 8760; set one in that range",
        "logRetentionDays: was 31; allowed: a number of days that CloudWatch Logs knows; set 30, 90, 365 or another of them",
        "failureDays: was 0; allowed: a whole number from 1 to 3650; set one in that range",
        "concurrency: was 0; allowed: a whole number from 1 to 10000; set one in that range",
        "batches.size: was 0; allowed: a whole number from 1 to 10000; set one in that range",
        "batches.windowSeconds: was 301; allowed: a whole number from 0 to 300; set one in that range",
        "batches.parallel: was 11; allowed: a whole number from 1 to 10; set one in that range",
        "batches.retries: was -1; allowed: a whole number from 0 to 10000; set one in that range",
        "batches.maxAgeHours: was 24; allowed: a whole number from 1 to 11; set one in that range",
        "files.seconds: was 901; allowed: a whole number from 0 to 900; set one in that range",
        "files.mebibytes: was 5; allowed: a whole number from 64 to 128; set one in that range",
        'files.timeZone: was "+09:00"; allowed: an IANA time zone; write it as Asia/Tokyo',
        "alarms.lagMinutes: was 0; allowed: a whole number from 1 to 1440; set one in that range",
        "alarms.throttles: was 0; allowed: a whole number from 1 to 1000000; set one in that range",
        "alarms.freshnessMinutes: was 5; allowed: more than files.seconds (901); rows wait that long by design: raise it, or lower files.seconds",
      ],
    ],
    [
      "code that is not there, and limits of a function that Lambda does not know",
      { code: { path: "/nowhere/transform.js", memoryMb: 64, timeoutSeconds: 901 } },
      [
        'code.path: was "/nowhere/transform.js"; allowed: a JavaScript file, or a folder with an index.js; correct the path',
        "code.memoryMb: was 64; allowed: a whole number from 128 to 10240; set one in that range",
        "code.timeoutSeconds: was 901; allowed: a whole number from 1 to 900; set one in that range",
      ],
    ],
    [
      "a folder without an index.js",
      { code: { path: __dirname } },
      [
        `code.path: was ${JSON.stringify(__dirname)}; allowed: a JavaScript file, or a folder with an index.js; correct the path`,
      ],
    ],
    [
      "uses without code",
      { uses: [lookup] },
      ['uses: was ["users-table"]; allowed: none without code; set code, or remove it'],
    ],
    [
      "uses that a function without a network or an agent cannot take, and taken names",
      {
        code: { path: code, environment: { TRANSFORM: "x" } },
        uses: [{ ...lookup, secrets: { PASSWORD: { arn: "arn" } }, network: { securityGroupId: "sg-1", port: 5432 } }],
      },
      [
        'code.environment: was "TRANSFORM"; allowed: other names: this one is the component\'s; rename it',
        'uses: was "clicks-to-users-table"; allowed: what is reached without a VPC; the function is in none: use an API, a table or a bucket',
        'uses: was "USERS_TABLE_PASSWORD"; allowed: no secret variables; Lambda fills none: read the secret in the code',
      ],
    ],
  ] as [string, Partial<StreamingEtlArgs>, string[]][]) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, ['StreamingEtl "clicks":', ...lines.map((line) => `  ${line}`)].join("\n"));
      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a name that is no kebab-case", async () => {
    assert.equal(
      (await make({}, "Clicks")).error?.message,
      'StreamingEtl "Clicks":\n  name: was "Clicks"; allowed: kebab-case, at most 40 characters; AWS limits the names made from it: change it',
    );
  });

  const reached: Record<Exclude<keyof StreamingEtlTransform, "copies">, [keyof typeof types, string, object]> = {
    stream: ["stream", "stream", { retentionPeriod: 48 }],
    failures: ["bucket", "failures", { forceDestroy: true }],
    failuresOwnership: ["ownership", "failures-ownership", { rule: { objectOwnership: "BucketOwnerPreferred" } }],
    failuresPublicAccess: ["publicAccess", "failures-public-access", { skipDestroy: true }],
    failuresEncryption: ["encryption", "failures-encryption", { expectedBucketOwner: "2" }],
    failuresVersioning: ["versioning", "failures-versioning", { expectedBucketOwner: "2" }],
    failuresLifecycle: ["lifecycle", "failures-lifecycle", { expectedBucketOwner: "2" }],
    failuresLogging: ["logging", "failures-logging", { targetPrefix: "x/" }],
    failuresPolicy: ["bucketPolicy", "failures-policy", { policy: "{}" }],
    deliveryLogGroup: ["logGroup", "delivery-logs", { retentionInDays: 1 }],
    deliveryLogStream: ["logStream", "delivery-log-stream", { name: "x" }],
    deliveryRole: ["role", "delivery-role", { description: "x" }],
    deliveryPolicy: ["rolePolicy", "delivery-policy", { name: "x" }],
    delivery: ["delivery", "delivery", { versionId: "x" }],
    functionLogGroup: ["logGroup", "function-logs", { retentionInDays: 1 }],
    functionRole: ["role", "function-role", { description: "x" }],
    functionPolicy: ["rolePolicy", "function-policy", { name: "x" }],
    function: ["function", "function", { description: "x" }],
    mapping: ["mapping", "mapping", { enabled: false }],
    lagAlarm: ["alarm", "lag-alarm", { threshold: 7 }],
    throttlesAlarm: ["alarm", "throttles-alarm", { threshold: 7 }],
    failuresAlarm: ["alarm", "failures-alarm", { threshold: 7 }],
    freshnessAlarm: ["alarm", "freshness-alarm", { threshold: 7 }],
    conversionAlarm: ["alarm", "conversion-alarm", { threshold: 7 }],
    partitionsAlarm: ["alarm", "partitions-alarm", { threshold: 7 }],
  };

  it("gives each transform its child", async () => {
    const transform = Object.fromEntries(Object.entries(reached).map(([key, [, , by]]) => [key, by]));
    const result = await make({ ...dynamic, transform });
    for (const [key, [type, role, by]] of Object.entries(reached)) {
      const { inputs } = child(result, type, role);
      for (const [property, value] of Object.entries(by)) assert.deepEqual(inputs[property], value, key);
    }
    const plain = await make(dynamic);
    assert.equal(Object.keys(reached).length, children(plain, "clicks").length, "a child has no transform");
  });

  it("lives beside another one", async () => {
    const result = await run(() => {
      new StreamingEtl("clicks", least);
      new StreamingEtl("orders", least);
    });
    assert.equal(result.error, undefined);
    assert.equal(children(result, "orders").length, everyChild.length);
  });
});
