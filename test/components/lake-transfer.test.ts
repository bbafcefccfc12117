import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type { AuroraCluster } from "../../components/aurora-cluster/aurora-cluster";
import { DataLake, type LakeTable } from "../../components/data-lake/data-lake";
import {
  type ExportSource,
  LakeTransfer,
  type LakeTransferArgs,
  type LakeTransferTransform,
  snapshotTable,
  type SnapshotSource,
  tableExport,
  type TransferSource,
} from "../../components/lake-transfer/lake-transfer";
import type { Table } from "../../components/table/table";
import { children, type Registration, resource, type Run, run } from "../harness";
import { account, documentOf, keyArn, least as leastLake, textOf } from "./data-lake-fixture";

const alarmTopicArn = `arn:aws:sns:ap-northeast-1:${account}:alarms`;
const cluster = {
  clusterIdentifier: "database-main",
  arn: `arn:aws:rds:ap-northeast-1:${account}:cluster:database-main`,
  databaseName: "app",
};
const dynamo = { tableName: "orders", arn: `arn:aws:dynamodb:ap-northeast-1:${account}:table/orders` };
const lakeTables = {
  customers: snapshotTable({ id: "bigint" }),
  addresses: snapshotTable({ id: "bigint" }),
  elsewhere: snapshotTable({ id: "bigint" }, { zone: "curated" }),
  orders: tableExport({ keys: { customer: "string" }, others: { total: "number" } }),
};
type Source = (table: (name: string) => LakeTable) => TransferSource;
const aurora: Source = (table) => ({
  kind: "aurora",
  cluster,
  tables: { "public.customers": table("customers"), addresses: table("addresses") },
});
const table: Source = (of) => ({ kind: "table", table: dynamo, into: of("orders") });

function makeIn(source: Source, args: Partial<LakeTransferArgs>, name: string): LakeTransfer {
  const lake = new DataLake(`${name}-lake`, { ...leastLake, databasePrefix: "shop", tables: lakeTables });
  return new LakeTransfer(name, {
    lake,
    source: source(lake.table),
    schedule: { expression: "cron(30 20 * * ? *)" },
    logRetentionDays: 30,
    keep: false,
    alarmTopicArn,
    ...args,
  });
}
const make = (source: Source, args: Partial<LakeTransferArgs> = {}, name = "copy") =>
  run(() => void makeIn(source, args, name));

const types = {
  parameter: "aws:ssm/parameter:Parameter",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  group: "aws:scheduler/scheduleGroup:ScheduleGroup",
  schedule: "aws:scheduler/schedule:Schedule",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
};
const made = (result: Run, type: string, name: string): Registration => resource(result, type, `copy-${name}`);
const policyOf = (result: Run, name: string) => documentOf(made(result, types.rolePolicy, name).inputs["policy"]);
const bucketArnOf = (result: Run) =>
  textOf(resource(result, "aws:s3/bucket:Bucket", "copy-lake-raw-bucket").outputs["arn"]);

const always = [
  `${types.alarm} copy-failed-alarm`,
  `${types.alarm} copy-failures-alarm`,
  `${types.alarm} copy-freshness-alarm`,
  `${types.logGroup} copy-logs`,
  `${types.parameter} copy-progress`,
  `${types.queue} copy-failures`,
  `${types.queuePolicy} copy-failures-policy`,
  `${types.role} copy-role`,
  `${types.role} copy-scheduler-role`,
  `${types.rolePolicy} copy-policy`,
  `${types.rolePolicy} copy-scheduler-policy`,
  `${types.group} copy-schedules`,
  `${types.schedule} copy-schedule`,
  `${types.stateMachine} copy-state-machine`,
];

describe("LakeTransfer", () => {
  it("of a table makes a state machine, its schedule and alarms", async () => {
    assert.deepEqual(children(await make(table), "copy"), [...always].sort());
  });

  it("of a database also the role that RDS writes with", async () => {
    const more = [`${types.role} copy-export-role`, `${types.rolePolicy} copy-export-policy`];
    assert.deepEqual(children(await make(aurora), "copy"), [...always, ...more].sort());
  });

  it("takes what AuroraCluster and Table are", () => {
    // The compiler decides: a member that they lack, or have of another type, is an error here.
    const fits = (database: AuroraCluster, orders: Table): [SnapshotSource, ExportSource] => [database, orders];
    assert.equal(fits.length, 2);
  });

  it("remembers how far it came in a parameter that runs write", async () => {
    const { inputs, options } = made(await make(table), types.parameter, "progress");
    const { value, ...rest } = inputs;
    assert.deepEqual(rest, { type: "String", description: "How far copy has come; none: begin anew" });
    // The provider keeps every parameter's value as a secret.
    assert.equal((value as { value: unknown }).value, "none");
    assert.deepEqual(options["ignoreChanges"], ["value"]);
  });

  it("logs every step, encrypted, for as long as asked", async () => {
    for (const keep of [true, false]) {
      const result = await make(table, { keep });
      const group = made(result, types.logGroup, "logs");
      assert.deepEqual(group.inputs, {
        namePrefix: "/aws/vendedlogs/states/copy-",
        kmsKeyId: keyArn,
        retentionInDays: 30,
        deletionProtectionEnabled: keep,
      });
      assert.equal(group.options["protect"], keep);
      assert.deepEqual(made(result, types.stateMachine, "state-machine").inputs["loggingConfiguration"], {
        level: "ALL",
        includeExecutionData: true,
        logDestination: `${textOf(group.outputs["arn"])}:*`,
      });
    }
  });

  it("starts by the clock, with the right to start this state machine and to report what failed", async () => {
    const result = await make(table, {
      schedule: { expression: "rate(6 hours)", timezone: "Asia/Tokyo", enabled: false },
    });
    const machine = made(result, types.stateMachine, "state-machine");
    const queueArn = made(result, types.queue, "failures").outputs["arn"];
    const group = made(result, types.group, "schedules");
    const role = made(result, types.role, "scheduler-role");
    assert.deepEqual(made(result, types.schedule, "schedule").inputs, {
      groupName: group.outputs["name"],
      description: "Runs copy",
      scheduleExpression: "rate(6 hours)",
      scheduleExpressionTimezone: "Asia/Tokyo",
      state: "DISABLED",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: machine.outputs["arn"],
        roleArn: role.outputs["arn"],
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: queueArn },
      },
    });
    assert.deepEqual(documentOf(role.inputs["assumeRolePolicy"]), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "scheduler.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": account, "aws:SourceArn": group.outputs["arn"] } },
        },
      ],
    });
    assert.deepEqual(policyOf(result, "scheduler-policy"), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "states:StartExecution", Resource: machine.outputs["arn"] },
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "sqs.ap-northeast-1.amazonaws.com" } },
        },
      ],
    });
  });

  it("alarms on runs that did not end well, and on data that grew old, of this state machine alone", async () => {
    const result = await make(table, { staleAfterHours: 48 });
    const dimensions = { StateMachineArn: made(result, types.stateMachine, "state-machine").outputs["arn"] };
    const failed = made(result, types.alarm, "failed-alarm").inputs;
    const fresh = made(result, types.alarm, "freshness-alarm").inputs;
    const metric = (id: string, metricName: string) => ({
      id,
      returnData: false,
      metric: { namespace: "AWS/States", metricName, dimensions, stat: "Sum", period: 300 },
    });
    assert.deepEqual(failed["metricQueries"], [
      metric("failed", "ExecutionsFailed"),
      metric("timedOut", "ExecutionsTimedOut"),
      metric("aborted", "ExecutionsAborted"),
      {
        id: "bad",
        label: "Runs that did not end well",
        expression: "FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)",
        returnData: true,
      },
    ]);
    assert.deepEqual([failed["threshold"], failed["treatMissingData"]], [1, "notBreaching"]);
    const { alarmDescription, ...rest } = fresh;
    assert.match(textOf(alarmDescription), /^copy: no run has ended well for 48 hours/);
    assert.deepEqual(rest, {
      namespace: "AWS/States",
      metricName: "ExecutionsSucceeded",
      dimensions,
      statistic: "Sum",
      period: 3600,
      evaluationPeriods: 48,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
      alarmActions: [alarmTopicArn],
      okActions: [alarmTopicArn],
    });
    assert.deepEqual([failed["alarmActions"], failed["okActions"]], [[alarmTopicArn], [alarmTopicArn]]);
  });

  it("watches no clock that is off", async () => {
    const off = await make(table, { schedule: { expression: "rate(6 hours)", enabled: false } });
    assert.deepEqual(children(off, "copy"), always.filter((child) => !child.endsWith("copy-freshness-alarm")).sort());
  });

  it("says how to start a run, and how to begin anew", async () => {
    let transfer: LakeTransfer | undefined;
    const result = await run(() => (transfer = makeIn(table, {}, "copy")));
    const commands = await new Promise<string[]>((resolve) => {
      pulumi.all([transfer?.runCommand ?? "", transfer?.restartCommand ?? ""]).apply(resolve);
    });
    const arn = textOf(made(result, types.stateMachine, "state-machine").outputs["arn"]);
    const parameter = textOf(made(result, types.parameter, "progress").outputs["name"]);
    assert.deepEqual(commands, [
      `aws stepfunctions start-execution --region ap-northeast-1 --state-machine-arn ${arn}`,
      `aws ssm put-parameter --region ap-northeast-1 --overwrite --name ${parameter} --value none`,
    ]);
  });

  it("gives the lake's tables with the place of their files, and no table that it does not take", async () => {
    const files: unknown[] = [];
    const { error } = await run(() => {
      const database = makeIn(aurora, {}, "one");
      files.push(database.table("public.customers").files, database.table("addresses").files);
      files.push(makeIn(table, {}, "two").table().files);
      database.table("public.orders");
    });
    assert.deepEqual(files, [
      ["transfers/one/*/app/public.customers/*"],
      ["transfers/one/*/app/app.addresses/*"],
      ["transfers/two/*"],
    ]);
    assert.equal(
      error?.message,
      'LakeTransfer "one":\n  table: was "public.orders"; allowed: public.customers, addresses; add it to source.tables, ' +
        "or correct the name",
    );
  });

  it("hands every transform to its child", async () => {
    const keys = [
      ...["progress", "logGroup", "exportRole", "exportPolicy", "role", "policy", "stateMachine", "scheduleGroup"],
      ...["schedulerRole", "schedulerPolicy", "schedule", "failureQueue", "failureQueuePolicy", "failuresAlarm"],
      ...["failedAlarm", "freshnessAlarm"],
    ];
    const seen: string[] = [];
    const mark = (key: string) => ({ [key]: <A>(ours: A): A => (seen.push(key), ours) });
    await make(aurora, { transform: Object.assign({}, ...keys.map(mark)) as LakeTransferTransform });
    assert.deepEqual(seen.sort(), [...keys].sort());
  });

  it("lives beside another", async () => {
    const { error } = await run(() => {
      for (const name of ["one", "two"]) makeIn(aurora, {}, name);
    });
    assert.equal(error, undefined);
  });
});

describe("LakeTransfer rights", () => {
  const glue = `arn:aws:glue:ap-northeast-1:${account}`;
  const rds = `arn:aws:rds:ap-northeast-1:${account}`;
  const trust = (service: string, condition?: unknown) => ({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(condition !== undefined && { Condition: condition }),
      },
    ],
  });
  const progress = (result: Run) => ({
    Effect: "Allow",
    Action: ["ssm:GetParameter", "ssm:PutParameter"],
    Resource: made(result, types.parameter, "progress").outputs["arn"],
  });
  const catalog = (...tables: string[]) => ({
    Effect: "Allow",
    Action: "glue:BatchCreatePartition",
    Resource: [
      `${glue}:catalog`,
      `${glue}:database/shop_raw`,
      ...tables.map((each) => `${glue}:table/shop_raw/${each}`),
    ],
  });
  const logs = {
    Effect: "Allow",
    Action: [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    Resource: "*",
  };

  it("of a table: this table's export, to this transfer's folder", async () => {
    const result = await make(table);
    assert.deepEqual(
      documentOf(made(result, types.role, "role").inputs["assumeRolePolicy"]),
      trust("states.amazonaws.com", { StringEquals: { "aws:SourceAccount": account } }),
    );
    assert.deepEqual(policyOf(result, "policy"), {
      Version: "2012-10-17",
      Statement: [
        progress(result),
        catalog("orders"),
        {
          Effect: "Allow",
          Action: ["dynamodb:DescribeContinuousBackups", "dynamodb:ExportTableToPointInTime"],
          Resource: dynamo.arn,
        },
        { Effect: "Allow", Action: "dynamodb:DescribeExport", Resource: `${dynamo.arn}/export/*` },
        {
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
          Resource: `${bucketArnOf(result)}/transfers/copy/*`,
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: {
            StringEquals: {
              "kms:ViaService": ["dynamodb.ap-northeast-1.amazonaws.com", "s3.ap-northeast-1.amazonaws.com"],
            },
          },
        },
        logs,
      ],
    });
  });

  it("of a database: exports of this cluster's snapshots, and the role to write with", async () => {
    const result = await make(aurora);
    const exportRole = made(result, types.role, "export-role");
    const through = { "kms:ViaService": "rds.ap-northeast-1.amazonaws.com" };
    assert.deepEqual(policyOf(result, "policy"), {
      Version: "2012-10-17",
      Statement: [
        progress(result),
        catalog("customers", "addresses"),
        {
          Effect: "Allow",
          Action: "rds:DescribeDBClusterSnapshots",
          Resource: [cluster.arn, `${rds}:cluster-snapshot:*`],
        },
        {
          Effect: "Allow",
          Action: "rds:StartExportTask",
          Resource: `${rds}:cluster-snapshot:rds:database-main-*`,
        },
        { Effect: "Allow", Action: "rds:DescribeExportTasks", Resource: "*" },
        { Effect: "Allow", Action: "iam:PassRole", Resource: exportRole.outputs["arn"] },
        { Effect: "Allow", Action: "kms:DescribeKey", Resource: keyArn, Condition: { StringEquals: through } },
        {
          Effect: "Allow",
          Action: "kms:CreateGrant",
          Resource: keyArn,
          Condition: { StringEquals: through, Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
        logs,
      ],
    });
    assert.deepEqual(documentOf(exportRole.inputs["assumeRolePolicy"]), trust("export.rds.amazonaws.com"));
    assert.deepEqual(policyOf(result, "export-policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"],
          Resource: `${bucketArnOf(result)}/transfers/copy/*`,
        },
        { Effect: "Allow", Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: bucketArnOf(result) },
      ],
    });
  });
});

describe("LakeTransfer faults", () => {
  async function faultOf(source: Source, args: Partial<LakeTransferArgs> = {}, name = "copy"): Promise<string> {
    const { resources, error } = await make(source, args, name);
    assert.equal(
      resources.some((r) => r.name === name),
      false,
    );
    const [heading, ...lines] = (error?.message ?? "").split("\n");
    assert.equal(heading, `LakeTransfer "${name}":`);
    return lines.map((line) => line.trim()).join("\n");
  }
  const whole = (path: string, was: number, max: number) =>
    `${path}: was ${was}; allowed: a whole number from 1 to ${max}; set one in that range`;
  const rule =
    "cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, rate(value unit) or " +
    "at(yyyy-mm-ddThh:mm:ss)";
  const cases: [string, Source, Partial<LakeTransferArgs>, string][] = [
    [
      "schedule",
      table,
      { schedule: { expression: "30 20 * * *" } },
      `schedule.expression: was "30 20 * * *"; allowed: ${rule}; write it as cron(30 20 * * ? *)`,
    ],
    [
      "time zone",
      table,
      { schedule: { expression: "rate(1 day)", timezone: "Tokyo" } },
      'schedule.timezone: was "Tokyo"; allowed: an IANA time zone; write it as Asia/Tokyo',
    ],
    ["staleAfterHours", table, { staleAfterHours: 169 }, whole("staleAfterHours", 169, 168)],
    ["timeoutHours", table, { timeoutHours: 0 }, whole("timeoutHours", 0, 168)],
    [
      "logRetentionDays",
      table,
      { logRetentionDays: 31 as 30 },
      "logRetentionDays: was 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90 and so on, to 3653; CloudWatch Logs knows these " +
        "alone: take the next one",
    ],
    [
      "no tables",
      () => ({ kind: "aurora", cluster, tables: {} }),
      {},
      "source.tables: was 0; allowed: 1 to 100 tables; name them, or make a second transfer",
    ],
    [
      "a table's name",
      (of) => ({ kind: "aurora", cluster, tables: { "app.public.customers": of("customers") } }),
      {},
      'source.tables: was "app.public.customers"; allowed: schema.table or table, of letters, digits, _ and $, at most 60 ' +
        "characters; RDS exports no other table by name",
    ],
    [
      "a table of another kind",
      (of) => ({ kind: "table", table: dynamo, into: of("customers") }),
      {},
      'source.into.format: was "parquet"; allowed: json; make the lake\'s table with tableExport\n' +
        'source.into.partitions: was "snapshot_at (registered)"; allowed: export_kind (registered), exported_until ' +
        "(registered); make the lake's table with tableExport",
    ],
    [
      "tables of two zones",
      (of) => ({ kind: "aurora", cluster, tables: { a: of("customers"), b: of("elsewhere") } }),
      {},
      'source.tables: was "raw, curated"; allowed: tables of one zone, such as raw; an export goes to one bucket: make a ' +
        "transfer for each zone",
    ],
  ];
  for (const [title, source, args, text] of cases) {
    it(title, async () => assert.equal(await faultOf(source, args), text));
  }

  it("name", async () => {
    const text =
      'name: was "Copy"; allowed: kebab-case, at most 45 characters; rename it: each export\'s name is made from it';
    const { error } = await run(() => {
      const lake = new DataLake("lake", { ...leastLake, tables: lakeTables });
      const rest = {
        logRetentionDays: 30 as const,
        keep: false,
        alarmTopicArn,
        schedule: { expression: "rate(1 day)" },
      };
      new LakeTransfer("Copy", { lake, source: table(lake.table), ...rest });
    });
    assert.equal(error?.message, `LakeTransfer "Copy":\n  ${text}`);
  });
});

describe("tables of transfers", () => {
  it("of snapshots: Parquet, a registered partition", () => {
    assert.deepEqual(snapshotTable({ id: "bigint" }, { zone: "curated", description: "One each" }), {
      zone: "curated",
      description: "One each",
      columns: { id: "bigint" },
      format: "parquet",
      partitions: { snapshot_at: { type: "registered" } },
    });
  });

  it("of exports: DynamoDB's JSON, in structs", () => {
    const others = { open: "boolean", tags: "stringSet", sizes: "numberSet", raw: "binary", Total: "number" } as const;
    assert.deepEqual(tableExport({ keys: { customer: "string" }, others }), {
      zone: "raw",
      columns: {
        item:
          "struct<customer:struct<s:string>,open:struct<bool:boolean>,tags:struct<ss:array<string>>," +
          "sizes:struct<ns:array<string>>,raw:struct<b:string>,total:struct<n:string>>",
        keys: "struct<customer:struct<s:string>>",
        newimage:
          "struct<customer:struct<s:string>,open:struct<bool:boolean>,tags:struct<ss:array<string>>," +
          "sizes:struct<ns:array<string>>,raw:struct<b:string>,total:struct<n:string>>",
        metadata: "struct<writetimestampmicros:struct<n:string>>",
      },
      format: "json",
      partitions: { export_kind: { type: "registered" }, exported_until: { type: "registered" } },
    });
  });
});
