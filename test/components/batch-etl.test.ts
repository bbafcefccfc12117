import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { output } from "@pulumi/pulumi";

import { BatchEtl, type BatchEtlArgs, type BatchEtlTransform } from "../../components/batch-etl/batch-etl";
import type { LakeTable } from "../../components/data-lake/types";
import type { Access } from "../../components/shared/access";
import { children, resource, run } from "../harness";
import { definitionFaults } from "../states/definitions";
import { loadParsers } from "../states/parsers.cjs";
import { queriesOf, sqlFaults } from "../states/sql";
import {
  account,
  alarmTopicArn,
  child,
  clicks,
  definitionOf,
  documentOf,
  fixtures,
  keyArn,
  lake,
  lakeKeyArn,
  least,
  make,
  making,
  scheduled,
  spark,
  sql,
  types,
  visits,
} from "./batch-etl-fixture";

const always = [
  `${types.logGroup} daily-logs`,
  `${types.alarm} daily-failed-alarm`,
  `${types.role} daily-role`,
  `${types.rolePolicy} daily-policy`,
  `${types.machine} daily-machine`,
];
const byTheClock = [
  `${types.alarm} daily-failures-alarm`,
  `${types.alarm} daily-freshness-alarm`,
  `${types.queue} daily-failures`,
  `${types.queuePolicy} daily-failures-policy`,
  `${types.role} daily-scheduler-role`,
  `${types.rolePolicy} daily-scheduler-policy`,
  `${types.scheduleGroup} daily-schedules`,
  `${types.schedule} daily-schedule`,
];
const ofGlue = [
  `${types.job} daily-job`,
  `${types.object} daily-script`,
  `${types.role} daily-job-role`,
  `${types.rolePolicy} daily-job-policy`,
  `${types.security} daily-security`,
];
const viaS3 = { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } };
const catalog = `arn:aws:glue:ap-northeast-1:${account}`;
const token =
  '{% $hash($states.context.Execution.Id & $states.context.State.Name & $string($states.context.Execution.RedriveCount), "SHA-256") %}';

/** Rights on clicks (read) and visits (write), as the role of either engine has them. */
const dataRights = [
  {
    Effect: "Allow",
    Action: "s3:GetBucketLocation",
    Resource: ["arn:aws:s3:::lake-raw", "arn:aws:s3:::lake-analytics"],
  },
  {
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: "arn:aws:s3:::lake-raw",
    Condition: { StringLike: { "s3:prefix": ["clicks/*"] } },
  },
  {
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: "arn:aws:s3:::lake-analytics",
    Condition: { StringLike: { "s3:prefix": ["visits/*"] } },
  },
  {
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: ["arn:aws:s3:::lake-raw/clicks/*", "arn:aws:s3:::lake-analytics/visits/*"],
  },
  {
    Effect: "Allow",
    Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    Resource: ["arn:aws:s3:::lake-analytics/visits/*"],
  },
  { Effect: "Allow", Action: "s3:ListBucketMultipartUploads", Resource: ["arn:aws:s3:::lake-analytics"] },
  {
    Effect: "Allow",
    Action: ["glue:BatchGetPartition", "glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable"],
    Resource: [
      `${catalog}:catalog`,
      `${catalog}:database/raw_db`,
      `${catalog}:database/analytics_db`,
      `${catalog}:table/raw_db/clicks`,
      `${catalog}:table/analytics_db/visits`,
    ],
  },
  { Effect: "Allow", Action: "glue:GetDatabase", Resource: `${catalog}:database/default` },
  {
    Effect: "Allow",
    Action: ["glue:BatchCreatePartition", "glue:CreatePartition", "glue:UpdatePartition", "glue:UpdateTable"],
    Resource: [`${catalog}:catalog`, `${catalog}:database/analytics_db`, `${catalog}:table/analytics_db/visits`],
  },
  { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: lakeKeyArn, Condition: viaS3 },
];
const logRights = {
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

describe("BatchEtl", () => {
  it("makes a state machine with its role, log and alarm; a clock, a workgroup and a Glue job when asked", async () => {
    assert.deepEqual(children(await make(), "daily"), [...always].sort());
    assert.deepEqual(children(await make(scheduled), "daily"), [...always, ...byTheClock].sort());
    assert.deepEqual(children(await make(spark), "daily"), [...always, ...ofGlue].sort());
    assert.deepEqual(children(await make(making), "daily"), [...always, `${types.workGroup} daily-workgroup`].sort());
  });

  it("sets and checks the parameters, then runs the statements in order", async () => {
    const { QueryLanguage, StartAt, States } = definitionOf(await make());
    assert.equal(QueryLanguage, "JSONata");
    assert.equal(StartAt, "Set parameters");
    const query = (QueryString: string, Next: string) => ({
      Type: "Task",
      Resource: "arn:aws:states:::athena:startQueryExecution.sync",
      Arguments: { QueryString, WorkGroup: "lake", ClientRequestToken: token },
      TimeoutSeconds: 1800,
      Retry: [
        { ErrorEquals: ["Athena.TooManyRequestsException"], IntervalSeconds: 10, MaxAttempts: 6, BackoffRate: 2 },
      ],
      Next,
    });
    const said = String.raw;
    assert.deepEqual(States, {
      "Set parameters": {
        Type: "Pass",
        Assign: {
          run_date:
            "{% $exists($states.input.run_date) ? $string($states.input.run_date) : $fromMillis($toMillis(" +
            "$exists($states.input.scheduled_time) ? $states.input.scheduled_time : $states.context.Execution.StartTime" +
            ') + (-86400000), "[Y0001]-[M01]-[D01]") %}',
        },
        Next: "Check parameters",
      },
      "Check parameters": {
        Type: "Choice",
        Choices: [
          {
            Condition:
              '{% $count($keys($states.input)[$not($ in ["run_date","scheduled_time"])]) = 0 and ' +
              "$contains($run_date, /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/) %}",
            Next: "daily-visits 1",
          },
        ],
        Default: "Wrong input",
      },
      "daily-visits 1": query(
        said`{% "-- A day may be run again: what an earlier run wrote for it goes first.\nDELETE FROM " & "\"analytics_db\".\"visits\"" & " WHERE day = DATE '" & $run_date & "'" %}`,
        "daily-visits 2",
      ),
      "daily-visits 2": query(
        said`{% "INSERT INTO " & "\"analytics_db\".\"visits\"" & "\nSELECT path, count(DISTINCT user_id) AS visitors, count(*) AS views, DATE '" & $run_date & "' AS day\nFROM " & "\"raw_db\".\"clicks\"" & "\nWHERE day = '" & $run_date & "'\nGROUP BY path" %}`,
        "Done",
      ),
      Done: { Type: "Succeed" },
      "Wrong input": {
        Type: "Fail",
        Error: "WrongInput",
        Cause: "the input has something else than run_date (date)",
      },
    });
  });

  it("counts a day in the schedule's time zone, and takes numbers and texts", async () => {
    const assigned = async (args: Partial<BatchEtlArgs>) =>
      definitionOf(await make({ ...scheduled, ...args })).States["Set parameters"]?.["Assign"] as Record<
        string,
        string
      >;
    // Nine hours on, one day back.
    assert.match((await assigned({}))["run_date"] ?? "", /\+ \(-54000000\)/);
    const tonight = await assigned({ parameters: { run_date: { type: "date", daysBefore: 0 } } });
    assert.match(tonight["run_date"] ?? "", /\+ \(32400000\)/);
    const parameters: BatchEtlArgs["parameters"] = {
      run_date: { type: "date" },
      top: { type: "integer", default: 10 },
      shop: { type: "text", default: "tokyo/1" },
    };
    const result = await make({ ...scheduled, parameters });
    const { States } = definitionOf(result);
    assert.deepEqual(
      (States["Set parameters"]?.["Assign"] as Record<string, string>)["shop"],
      '{% $exists($states.input.shop) ? $string($states.input.shop) : "tokyo/1" %}',
    );
    assert.deepEqual(
      (States["Set parameters"]?.["Assign"] as Record<string, string>)["top"],
      '{% $exists($states.input.top) ? $string($states.input.top) : "10" %}',
    );
    const [{ Condition }] = States["Check parameters"]?.["Choices"] as [{ Condition: string }];
    assert.match(Condition, / and \$contains\(\$top, \/\^-\?\[0-9\]\{1,18\}\$\/\) and /);
    assert.ok(Condition.includes(String.raw`$contains($shop, /^[A-Za-z0-9 ._:\/-]{0,200}$/)`));
    assert.equal(
      States["Wrong input"]?.["Cause"],
      "the input has something else than run_date (date), top (integer), shop (text)",
    );
  });

  it("fails the run when a check counts wrong rows", async () => {
    const { States } = definitionOf(await make(scheduled));
    assert.equal(States["daily-visits 2"]?.Next, "Check visits-without-a-path");
    assert.deepEqual(States["Check visits-without-a-path"]?.["Assign"], {
      query_id: "{% $states.result.QueryExecution.QueryExecutionId %}",
    });
    assert.deepEqual(States["Count visits-without-a-path"], {
      Type: "Task",
      Resource: "arn:aws:states:::athena:getQueryResults",
      Arguments: { QueryExecutionId: "{% $query_id %}", MaxResults: 2 },
      Assign: { wrong_rows: "{% $number($states.result.ResultSet.Rows[1].Data[0].VarCharValue) %}" },
      Next: "Judge visits-without-a-path",
    });
    assert.deepEqual(States["Judge visits-without-a-path"], {
      Type: "Choice",
      Choices: [{ Condition: "{% $wrong_rows = 0 %}", Next: "Done" }],
      Default: "Bad data: visits-without-a-path",
    });
    assert.equal(States["Bad data: visits-without-a-path"]?.["Error"], "BadData");
  });

  it("is valid by the rules of others, whatever is switched on", async () => {
    const parsers = await loadParsers();
    for (const args of [least, scheduled, spark, making, { ...spark, checks: scheduled.checks ?? [] }]) {
      const definition = definitionOf(await make(args));
      assert.deepEqual(await definitionFaults(definition), []);
      for (const [state, text] of await queriesOf(definition)) assert.deepEqual(sqlFaults(parsers, text), [], state);
    }
  });

  it("makes tables of its own in a workgroup whose results are in the lake, in Hive's quotes where it drops them", async () => {
    const result = await make(making);
    const workGroup = child(result, "workGroup", "workgroup");
    assert.deepEqual(workGroup.inputs["configuration"], {
      enforceWorkgroupConfiguration: true,
      enableMinimumEncryptionConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: 100_000_000_000,
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: "s3://lake-analytics/etl/daily/",
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: lakeKeyArn },
      },
    });
    const { StartAt, States } = definitionOf(result);
    assert.equal(StartAt, "make-daily 1");
    assert.equal(States["make-daily 1"]?.Arguments?.["QueryString"], "DROP TABLE IF EXISTS `analytics_db`.`daily`");
    assert.equal(States["make-daily 1"].Arguments["WorkGroup"], workGroup.outputs["name"]);
    assert.equal(
      States["make-daily 2"]?.Arguments?.["QueryString"],
      `CREATE TABLE "analytics_db"."daily" WITH (format = 'PARQUET') AS SELECT path FROM "raw_db"."clicks" WHERE note = 'a;b' AND x LIKE '%}' -- one; comment`,
    );
    const { Statement } = documentOf(child(result, "rolePolicy", "policy").inputs["policy"]);
    assert.equal(Statement[0]?.["Resource"], workGroup.outputs["arn"]);
    assert.equal(Statement[3]?.["Resource"], "arn:aws:s3:::lake-analytics/etl/daily/*");
    assert.deepEqual(
      Statement.find(({ Action }) => Array.isArray(Action) && Action.includes("glue:CreateTable")),
      {
        Effect: "Allow",
        Action: [
          "glue:BatchCreatePartition",
          "glue:CreatePartition",
          "glue:UpdatePartition",
          "glue:UpdateTable",
          "glue:CreateTable",
          "glue:DeleteTable",
        ],
        Resource: [`${catalog}:catalog`, `${catalog}:database/analytics_db`, `${catalog}:table/analytics_db/daily`],
      },
    );
    const limited = child(await make({ ...making, scanLimitGb: 0.5 }), "workGroup", "workgroup").inputs[
      "configuration"
    ];
    assert.equal((limited as Record<string, unknown>)["bytesScannedCutoffPerQuery"], 500_000_000);
  });

  it("keeps an expression from ending inside a text", async () => {
    const path = sql("DELETE FROM ${visits} WHERE day = DATE '${run_date}' AND path LIKE '%}x'");
    const { States } = definitionOf(await make({ ...least, athena: { files: [path], timeoutMinutes: 5 } }));
    const text = States["work"]?.Arguments?.["QueryString"] as string;
    assert.equal(text.indexOf("%}"), text.length - 2);
    assert.ok(text.includes(String.raw`LIKE '%\u007dx'`));
    assert.equal(States["work"]?.["TimeoutSeconds"], 300);
  });

  it("gives the role its inputs and outputs, the workgroup and the log; results only with checks", async () => {
    const statements = async (args: BatchEtlArgs) =>
      documentOf(child(await make(args), "rolePolicy", "policy").inputs["policy"]).Statement;
    const ofQueries = (actions: string[]) => [
      { Effect: "Allow", Action: actions, Resource: `arn:aws:athena:ap-northeast-1:${account}:workgroup/lake` },
      {
        Effect: "Allow",
        Action: "athena:GetDataCatalog",
        Resource: `arn:aws:athena:ap-northeast-1:${account}:datacatalog/AwsDataCatalog`,
      },
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: "arn:aws:s3:::lake-results",
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
        Resource: "arn:aws:s3:::lake-results/*",
      },
    ];
    const [get, results, start, stop] = [
      "GetQueryExecution",
      "GetQueryResults",
      "StartQueryExecution",
      "StopQueryExecution",
    ].map((action) => `athena:${action}`) as [string, string, string, string];
    assert.deepEqual(await statements(least), [...ofQueries([get, start, stop]), ...dataRights, logRights]);
    assert.deepEqual(await statements(scheduled), [
      ...ofQueries([get, results, start, stop]),
      ...dataRights,
      logRights,
    ]);
    assert.deepEqual(documentOf(child(await make(), "role", "role").inputs["assumeRolePolicy"]).Statement, [
      {
        Effect: "Allow",
        Principal: { Service: "states.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
  });

  it("reads a transfer's files where they are", async () => {
    const exported = { ...clicks, files: ["transfers/copy/*"] };
    const { Statement } = documentOf(
      child(await make({ ...least, inputs: { clicks: exported } }), "rolePolicy", "policy").inputs["policy"],
    );
    const objects = ["arn:aws:s3:::lake-raw/clicks/*", "arn:aws:s3:::lake-raw/transfers/copy/*"];
    const read = Statement.find(({ Action }) => Action === "s3:GetObject");
    assert.deepEqual(read?.["Resource"], [...objects, "arn:aws:s3:::lake-analytics/visits/*"]);
    assert.deepEqual(
      Statement.filter(({ Action, Resource }) => Action === "s3:ListBucket" && Resource === "arn:aws:s3:::lake-raw"),
      [
        {
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: "arn:aws:s3:::lake-raw",
          Condition: { StringLike: { "s3:prefix": ["clicks/*", "transfers/copy/*"] } },
        },
      ],
    );
  });

  it("asks Lake Formation too where the lake does", async () => {
    const right = { Effect: "Allow" as const, Action: "lakeformation:GetDataAccess", Resource: "*" };
    const decided = { ...lake, read: () => ({ name: "lake", env: {}, statements: [right] }) };
    const { Statement } = documentOf(
      child(await make({ ...least, lake: decided }), "rolePolicy", "policy").inputs["policy"],
    );
    assert.deepEqual(
      Statement.filter(({ Action }) => Action === right.Action),
      [right],
    );
  });

  it("runs by the clock in its time zone, says which time was planned, and puts aside what cannot start", async () => {
    const result = await make(scheduled);
    const machineArn = child(result, "machine", "machine").outputs["arn"];
    const { inputs, dependencies } = child(result, "schedule", "schedule");
    assert.deepEqual(
      [inputs["scheduleExpression"], inputs["scheduleExpressionTimezone"], inputs["state"]],
      ["cron(0 3 * * ? *)", "Asia/Tokyo", "ENABLED"],
    );
    assert.deepEqual(inputs["target"], {
      arn: machineArn,
      roleArn: child(result, "role", "scheduler-role").outputs["arn"],
      input: '{"scheduled_time":"<aws.scheduler.scheduled-time>"}',
      retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
      deadLetterConfig: { arn: child(result, "queue", "failures").outputs["arn"] },
    });
    assert.ok(dependencies.includes(child(result, "rolePolicy", "scheduler-policy").urn));
    assert.deepEqual(
      documentOf(child(result, "rolePolicy", "scheduler-policy").inputs["policy"]).Statement.slice(0, 2),
      [
        { Effect: "Allow", Action: "states:StartExecution", Resource: machineArn },
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: child(result, "queue", "failures").outputs["arn"] },
      ],
    );
    const [trust] = documentOf(child(result, "role", "scheduler-role").inputs["assumeRolePolicy"]).Statement;
    assert.deepEqual(trust?.["Condition"], {
      StringEquals: {
        "aws:SourceAccount": account,
        "aws:SourceArn": child(result, "scheduleGroup", "schedules").outputs["arn"],
      },
    });
    const off = await make({ ...least, schedule: { expression: "rate(6 hours)", enabled: false } });
    const paused = child(off, "schedule", "schedule").inputs;
    assert.deepEqual([paused["scheduleExpressionTimezone"], paused["state"]], ["Etc/UTC", "DISABLED"]);
    assert.deepEqual(
      off.resources.filter((r) => r.name === "daily-freshness-alarm"),
      [],
    );
  });

  it("alarms on runs that did not end well, and on data that is too old", async () => {
    const result = await make({ ...scheduled, alarms: { freshnessHours: 48 } });
    const dimensions = { StateMachineArn: child(result, "machine", "machine").outputs["arn"] };
    const failed = child(result, "alarm", "failed-alarm").inputs;
    const queries = failed["metricQueries"] as {
      metric?: { metricName: string; namespace: string; dimensions: unknown };
    }[];
    assert.deepEqual(
      queries.flatMap(({ metric }) =>
        metric === undefined ? [] : [[metric.namespace, metric.metricName, metric.dimensions]],
      ),
      ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"].map((metric) => [
        "AWS/States",
        metric,
        dimensions,
      ]),
    );
    assert.deepEqual([failed["threshold"], failed["treatMissingData"]], [1, "notBreaching"]);
    const fresh = child(result, "alarm", "freshness-alarm").inputs;
    assert.deepEqual(
      [fresh["namespace"], fresh["metricName"], fresh["dimensions"], fresh["comparisonOperator"], fresh["threshold"]],
      ["AWS/States", "ExecutionsSucceeded", dimensions, "LessThanThreshold", 1],
    );
    assert.deepEqual(
      [fresh["period"], fresh["evaluationPeriods"], fresh["datapointsToAlarm"], fresh["treatMissingData"]],
      [3600, 48, 48, "breaching"],
    );
    for (const alarm of result.resources.filter((r) => r.type === types.alarm)) {
      assert.deepEqual([alarm.inputs["alarmActions"], alarm.inputs["okActions"]], [[alarmTopicArn], [alarmTopicArn]]);
    }
    assert.equal(child(await make(scheduled), "alarm", "freshness-alarm").inputs["evaluationPeriods"], 26);
  });

  it("logs what failed, encrypted, and keeps it when asked", async () => {
    const result = await make({ ...least, keep: true });
    const logs = child(result, "logGroup", "logs");
    assert.deepEqual(logs.inputs, {
      namePrefix: "/aws/vendedlogs/states/daily-",
      kmsKeyId: keyArn,
      retentionInDays: 30,
      deletionProtectionEnabled: true,
    });
    assert.equal(logs.options.protect, true);
    assert.deepEqual(child(result, "machine", "machine").inputs["loggingConfiguration"], {
      level: "ERROR",
      includeExecutionData: true,
      logDestination: `${logs.outputs["arn"] as string}:*`,
    });
    assert.equal(child(await make(), "logGroup", "logs").options.protect, false);
  });

  describe("with glue", () => {
    it("runs the job, tries again itself, and hands on the parameters", async () => {
      const result = await make(spark);
      const job = child(result, "job", "job");
      const { States } = definitionOf(result);
      assert.deepEqual(States["Run job"], {
        Type: "Task",
        Resource: "arn:aws:states:::glue:startJobRun.sync",
        Arguments: { JobName: job.outputs["name"], Arguments: { "--run_date": "{% $run_date %}" } },
        Retry: [{ ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 60, MaxAttempts: 1, BackoffRate: 2 }],
        Next: "Done",
      });
      assert.deepEqual(documentOf(child(result, "rolePolicy", "policy").inputs["policy"]).Statement, [
        {
          Effect: "Allow",
          Action: ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"],
          Resource: job.outputs["arn"],
        },
        logRights,
      ]);
      const once = definitionOf(await make({ ...spark, glue: { script: join(fixtures, "job.py"), retries: 0 } }));
      assert.equal(once.States["Run job"]?.["Retry"], undefined);
    });

    it("is Glue 5 with autoscaling, bookmarks, a timeout, encryption and a script that is named by its content", async () => {
      const result = await make(spark);
      const script = child(result, "object", "script");
      assert.match(script.inputs["key"] as string, /^etl\/daily\/scripts\/[0-9a-f]{16}\.py$/);
      assert.equal(script.inputs["content"], readFileSync(join(fixtures, "job.py"), "utf8"));
      assert.deepEqual(
        [script.inputs["bucket"], script.inputs["serverSideEncryption"], script.inputs["kmsKeyId"]],
        ["lake-analytics", "aws:kms", lakeKeyArn],
      );
      assert.deepEqual(child(result, "security", "security").inputs["encryptionConfiguration"], {
        cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: keyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: lakeKeyArn },
        s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: lakeKeyArn },
      });
      assert.deepEqual(child(result, "job", "job").inputs, {
        description: "Job of daily",
        roleArn: child(result, "role", "job-role").outputs["arn"],
        glueVersion: "5.0",
        workerType: "G.1X",
        numberOfWorkers: 2,
        executionClass: "STANDARD",
        timeout: 60,
        maxRetries: 0,
        executionProperty: { maxConcurrentRuns: 1 },
        securityConfiguration: child(result, "security", "security").outputs["name"],
        command: {
          name: "glueetl",
          pythonVersion: "3",
          scriptLocation: `s3://lake-analytics/${script.inputs["key"] as string}`,
        },
        defaultArguments: {
          "--job-language": "python",
          "--job-bookmark-option": "job-bookmark-enable",
          "--enable-auto-scaling": "true",
          "--enable-glue-datacatalog": "true",
          "--enable-metrics": "true",
          "--enable-observability-metrics": "true",
          "--enable-continuous-cloudwatch-log": "true",
          "--enable-spark-ui": "true",
          "--spark-event-logs-path": "s3://lake-analytics/etl/daily/spark/",
          "--TempDir": "s3://lake-analytics/etl/daily/temp/",
          "--datalake-formats": "iceberg",
          "--clicks": "raw_db.clicks",
          "--visits": "analytics_db.visits",
        },
      });
    });

    it("takes sizes as asked", async () => {
      const glue = {
        script: join(fixtures, "job.py"),
        flex: true,
        bookmarks: false,
        maxWorkers: 9,
        timeoutMinutes: 30,
        workerType: "G.2X",
      } as const;
      const { inputs } = child(
        await make({ ...spark, outputs: { visits: { ...visits, format: "parquet" } }, glue }),
        "job",
        "job",
      );
      assert.deepEqual(
        [inputs["executionClass"], inputs["numberOfWorkers"], inputs["timeout"], inputs["workerType"]],
        ["FLEX", 9, 30, "G.2X"],
      );
      const given = inputs["defaultArguments"] as Record<string, string>;
      assert.equal(given["--job-bookmark-option"], "job-bookmark-disable");
      assert.equal("--datalake-formats" in given, false);
    });

    it("gives the script its inputs and outputs, a folder of its own, logs and metrics", async () => {
      const { Statement } = documentOf(child(await make(spark), "rolePolicy", "job-policy").inputs["policy"]);
      const groups = `arn:aws:logs:ap-northeast-1:${account}:log-group:/aws-glue/*`;
      assert.deepEqual(Statement, [
        ...dataRights,
        {
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: "arn:aws:s3:::lake-analytics",
          Condition: { StringLike: { "s3:prefix": ["etl/daily/*"] } },
        },
        {
          Effect: "Allow",
          Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
          Resource: "arn:aws:s3:::lake-analytics/etl/daily/*",
        },
        {
          Effect: "Allow",
          Action: ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [groups, `${groups}:log-stream:*`],
        },
        {
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": "Glue" } },
        },
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], Resource: lakeKeyArn },
      ]);
    });

    it("says what a run can cost at most", async () => {
      const outputs = resource(await make(spark), "kiban:index:BatchEtl", "daily").outputs;
      assert.equal(outputs["costCeilingUsd"], 1.76);
    });

    it("has a script that compiles", function () {
      const python = spawnSync("python3", ["-m", "py_compile", join(fixtures, "job.py")], {
        env: { ...process.env, PYTHONPYCACHEPREFIX: mkdtempSync(join(tmpdir(), "kiban-glue-")) },
        encoding: "utf8",
      });
      if (python.error !== undefined) {
        console.warn("      skipped: no python3 on PATH compiles the Glue script");
        this.skip();
      }
      assert.equal(python.stderr, "");
      assert.equal(python.status, 0);
    });
  });

  it("offers the right to start a run, and a command that does", async () => {
    let access: unknown;
    const result = await run(() => {
      access = output(new BatchEtl("daily", scheduled).run);
    });
    const arn = child(result, "machine", "machine").outputs["arn"] as string;
    const given = await new Promise((resolve) => (access as ReturnType<typeof output<Access>>).apply(resolve));
    assert.deepEqual(given, {
      name: "daily",
      env: { STATE_MACHINE_ARN: arn },
      statements: [{ Effect: "Allow", Action: "states:StartExecution", Resource: arn }],
    });
    assert.equal(
      resource(result, "kiban:index:BatchEtl", "daily").outputs["runCommand"],
      `aws stepfunctions start-execution --region ap-northeast-1 --state-machine-arn ${arn} --input '{}'`,
    );
  });

  describe("the backfill command", () => {
    /** Runs the command with an `aws` whose runs end as said, by day. */
    async function backfill(env: Record<string, string>, ends: Record<string, string> = {}) {
      const command = resource(await make(), "kiban:index:BatchEtl", "daily").outputs["backfillCommand"] as string;
      const home = mkdtempSync(join(tmpdir(), "backfill-"));
      const stand = `#!${process.execPath}
        const fs = require("node:fs");
        const args = process.argv.slice(2);
        const after = (flag) => args[args.indexOf(flag) + 1];
        if (args[1] === "start-execution") {
          fs.appendFileSync(process.env.HOME + "/started", after("--input") + "\\n");
          console.log(JSON.parse(after("--input")).run_date);
        } else {
          console.log((${JSON.stringify(ends)})[after("--execution-arn")] ?? "SUCCEEDED");
        }`;
      writeFileSync(join(home, "aws"), stand);
      chmodSync(join(home, "aws"), 0o755);
      const { status, stdout, stderr } = spawnSync("bash", ["-c", command], {
        encoding: "utf8",
        env: { ...env, pause: "0", HOME: home, PATH: `${home}:${process.env["PATH"] ?? ""}` },
      });
      const file = join(home, "started");
      const started = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
      rmSync(home, { recursive: true });
      return { status, stdout, stderr, started };
    }

    it("runs each day once, in order, across the end of a month", async () => {
      const { status, stdout, started } = await backfill({ from: "2026-02-27", to: "2026-03-01" });
      assert.equal(status, 0);
      assert.deepEqual(started, [
        '{"run_date":"2026-02-27"}',
        '{"run_date":"2026-02-28"}',
        '{"run_date":"2026-03-01"}',
      ]);
      assert.equal(stdout, "2026-02-27 SUCCEEDED\n2026-02-28 SUCCEEDED\n2026-03-01 SUCCEEDED\n");
    });

    it("stops at the first day that fails", async () => {
      const { status, started } = await backfill({ from: "2026-01-01", to: "2026-01-03" }, { "2026-01-02": "FAILED" });
      assert.equal(status, 1);
      assert.equal(started.length, 2);
    });

    it("asks for its days", async () => {
      const { status, stderr, started } = await backfill({});
      assert.notEqual(status, 0);
      assert.match(stderr, /set the first day, as 2026-01-01/);
      assert.deepEqual(started, []);
    });

    it("is there for a job with a date alone", async () => {
      const outputs = resource(await make(making), "kiban:index:BatchEtl", "daily").outputs;
      assert.equal("backfillCommand" in outputs, false);
    });
  });

  const elsewhere = { ...visits, zone: "mart" } as unknown as LakeTable;
  const { athena: _, ...neither } = least;
  const write = (text: string): Partial<BatchEtlArgs> => ({ athena: { files: [sql(text, "bad")] } });
  for (const [what, args, lines] of [
    [
      "neither engine",
      { ...neither },
      ["athena: was not set; allowed: either athena or glue; set the one that does the work"],
    ],
    [
      "both engines",
      { ...least, glue: { script: join(fixtures, "job.py") } },
      ['athena: was "both"; allowed: either athena or glue; set the one that does the work'],
    ],
    [
      "a table of a transfer that does not say where its files are",
      {
        ...least,
        inputs: { clicks: { ...clicks, partitions: [{ name: "snapshot_at", type: "string", kind: "registered" }] } },
      },
      [
        "inputs.clicks.files: was not set; allowed: where the transfer writes; take the table of the LakeTransfer that fills it: transfer.table(...)",
      ],
    ],
    [
      "an output outside the lake",
      { ...least, outputs: { visits: elsewhere } },
      [
        'outputs.visits.zone: was "mart"; allowed: raw, curated, analytics; an ETL writes to the lake: name one of its zones',
      ],
    ],
    [
      "an output without a folder",
      { ...least, outputs: { visits: { ...visits, location: "s3://lake-analytics/" } } },
      [
        'outputs.visits.location: was "s3://lake-analytics/"; allowed: a folder, s3://bucket/folder/; give a table of the lake, lake.tables[...]: the role\'s rights are on that folder',
      ],
    ],
    [
      "no output",
      { ...spark, outputs: {} },
      ["outputs: was {}; allowed: at least one table; name the tables that the job writes: its role is made from them"],
    ],
    [
      "statements that write elsewhere, or what Pulumi owns, or rows that cannot change, or nothing",
      {
        ...least,
        outputs: { visits, plain: { ...visits, tableName: "plain", format: "parquet" } },
        ...write(
          "INSERT INTO other.t SELECT 1; DELETE FROM ${clicks}; DROP TABLE ${visits}; UPDATE ${plain} SET x = 1; SELECT 1; INSERT INTO ${visits} SELECT ${nothing}",
        ),
      },
      [
        'bad.sql, statement 1: was "other.t"; allowed: ${visits}, ${plain}; an ETL writes to its outputs alone, which are tables of the lake: declare it there and use its name',
        'bad.sql, statement 2: was "${clicks}"; allowed: ${visits}, ${plain}; an ETL writes to its outputs alone, which are tables of the lake: declare it there and use its name',
        'bad.sql, statement 3: was "DROP ${visits}"; allowed: CREATE and DROP of tables that the job makes itself; Pulumi owns that table: INSERT or MERGE into it, or declare the output as { zone, tableName }',
        'bad.sql, statement 4: was "UPDATE ${plain}"; allowed: an Iceberg table; Athena changes rows of Iceberg tables alone: make it one in the lake, or INSERT',
        'bad.sql, statement 5: was "SELECT 1"; allowed: INSERT, MERGE, UPDATE, DELETE, CREATE, DROP, OPTIMIZE, VACUUM; CREATE TABLE with AS; leave to the lake what else there is to do',
        'bad.sql, statement 6: was "${nothing}"; allowed: inputs, outputs and parameters (clicks, visits, plain, run_date); declare it, or correct the name',
      ],
    ],
    [
      "files that are not there, and no file",
      { ...least, athena: { files: ["/nowhere/a.sql"], timeoutMinutes: 0 }, checks: ["/nowhere/b.sql"] },
      [
        "athena.timeoutMinutes: was 0; allowed: a whole number from 1 to 240; set one in that range",
        'athena.files[0]: was "/nowhere/a.sql"; allowed: a file that is there; correct the path or the file',
        'checks[0]: was "/nowhere/b.sql"; allowed: a file that is there; correct the path or the file',
      ],
    ],
    [
      "an empty list of files",
      { ...least, athena: { files: [] } },
      ["athena.files: was []; allowed: at least one file; name the files, in order"],
    ],
    [
      "a check that asks twice",
      { ...least, checks: [sql("SELECT 0; SELECT 1", "worse-twice")] },
      [
        'checks[0]: was "worse-twice.sql"; allowed: a file with one statement; make a file of each, or add the numbers up',
      ],
    ],
    [
      "a check that is no question",
      { ...least, checks: [sql("DELETE FROM ${visits}", "worse")] },
      [
        'worse.sql, statement 1: was "DELETE FROM ${visits}"; allowed: a SELECT of one number: the rows that are wrong; count what must not be',
      ],
    ],
    [
      "names that collide or are none",
      {
        ...least,
        parameters: {
          clicks: { type: "integer", default: 1 },
          "run-date": { type: "date" },
          run_date: { type: "date" },
        },
      },
      [
        'parameters.clicks: was "clicks"; allowed: each name once among inputs, outputs and parameters; inputs has one of that name too: rename one',
        'parameters.run-date: was "run-date"; allowed: letters, digits and _, beginning with a small letter; rename it',
      ],
    ],
    [
      "defaults that would not pass as input",
      {
        ...least,
        parameters: {
          run_date: { type: "date", daysBefore: -1 },
          n: { type: "integer", default: 1.5 },
          shop: { type: "text", default: "it's" },
        },
      },
      [
        "parameters.run_date.daysBefore: was -1; allowed: a whole number from 0 to 3650; set one in that range",
        "parameters.n.default: was 1.5; allowed: a whole number; set one",
        'parameters.shop.default: was "it\'s"; allowed: letters, digits, spaces and ._:/-, at most 200; change it',
      ],
    ],
    [
      "a schedule that is none",
      { ...least, schedule: { expression: "every night", timezone: "Tokyo" }, alarms: { freshnessHours: 200 } },
      [
        'schedule.expression: was "every night"; allowed: cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, or rate(value unit); write it as cron(0 3 * * ? *)',
        'schedule.timezone: was "Tokyo"; allowed: an IANA time zone; write it as Asia/Tokyo',
        "alarms.freshnessHours: was 200; allowed: a whole number from 1 to 168; set one in that range",
      ],
    ],
    [
      "a Glue job that is out of range, or dearer than its limit",
      {
        ...spark,
        glue: {
          script: "/nowhere.py",
          maxWorkers: 1,
          timeoutMinutes: 2881,
          retries: 11,
          flex: true,
          workerType: "G.4X",
          maxCostUsd: 1,
        },
        logRetentionDays: 31 as 30,
        scanLimitGb: 0,
      },
      [
        'glue.script: was "/nowhere.py"; allowed: a Python file that is there; correct the path',
        "glue.maxWorkers: was 1; allowed: a whole number from 2 to 299; set one in that range",
        "glue.timeoutMinutes: was 2881; allowed: a whole number from 1 to 2880; set one in that range",
        "glue.retries: was 11; allowed: a whole number from 0 to 10; set one in that range",
        'glue.workerType: was "G.4X"; allowed: G.1X or G.2X, with flex; set one of them, or leave flex out',
        "glue.maxCostUsd: was 1; allowed: 668.4 or more, for what the job may take; lower maxWorkers, timeoutMinutes or retries, or raise the limit",
        "logRetentionDays: was 31; allowed: a number of days that CloudWatch Logs knows; set 30, 90, 365 or another of them",
        "scanLimitGb: was 0; allowed: 0.01 or more; set how much one query may read",
      ],
    ],
    [
      "tables of its own with Glue, in two zones, or with names that are none",
      { ...spark, outputs: { a: { zone: "raw", tableName: "A-b" }, b: { zone: "analytics", tableName: "b" } } },
      [
        'outputs.a.tableName: was "A-b"; allowed: lower-case letters, digits and _, beginning with a letter; rename the table',
        'outputs.a: was "A-b"; allowed: tables of the lake, with glue; declare the table in the lake, so that its schema is known',
        'outputs.b: was "b"; allowed: tables of the lake, with glue; declare the table in the lake, so that its schema is known',
        'outputs: was ["raw","analytics"]; allowed: one zone for the tables that the job makes itself; Athena puts them where the workgroup says: make a BatchEtl for each zone',
      ],
    ],
  ] as [string, BatchEtlArgs, string[]][]) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      // Files of the test are in a folder with a name of its own.
      const message = result.error?.message.replace(/[^\s"]*\/(?=(bad|worse|worse-twice)\.sql)/g, "");
      assert.equal(message, ['BatchEtl "daily":', ...lines.map((line) => `  ${line}`)].join("\n"));
      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a name that is no kebab-case", async () => {
    assert.equal(
      (await make(least, "Daily")).error?.message,
      'BatchEtl "Daily":\n  name: was "Daily"; allowed: kebab-case, at most 40 characters; AWS limits the names made from it: change it',
    );
  });

  const reached: Record<keyof BatchEtlTransform, [keyof typeof types, string, object]> = {
    logGroup: ["logGroup", "logs", { retentionInDays: 1 }],
    role: ["role", "role", { description: "x" }],
    policy: ["rolePolicy", "policy", { name: "x" }],
    stateMachine: ["machine", "machine", { type: "EXPRESS" }],
    failedAlarm: ["alarm", "failed-alarm", { threshold: 7 }],
    freshnessAlarm: ["alarm", "freshness-alarm", { threshold: 7 }],
    workGroup: ["workGroup", "workgroup", { description: "x" }],
    failureQueue: ["queue", "failures", { messageRetentionSeconds: 60 }],
    failureQueuePolicy: ["queuePolicy", "failures-policy", { policy: "{}" }],
    failuresAlarm: ["alarm", "failures-alarm", { threshold: 7 }],
    scheduleGroup: ["scheduleGroup", "schedules", { name: "x" }],
    schedulerRole: ["role", "scheduler-role", { description: "x" }],
    schedulerPolicy: ["rolePolicy", "scheduler-policy", { name: "x" }],
    schedule: ["schedule", "schedule", { description: "x" }],
    script: ["object", "script", { contentType: "x" }],
    securityConfiguration: ["security", "security", { name: "x" }],
    jobRole: ["role", "job-role", { description: "x" }],
    jobPolicy: ["rolePolicy", "job-policy", { name: "x" }],
    job: ["job", "job", { description: "x" }],
  };

  it("gives each transform its child", async () => {
    const transform = Object.fromEntries(Object.entries(reached).map(([key, [, , by]]) => [key, by]));
    const { schedule } = scheduled;
    assert.ok(schedule);
    const runs = [await make({ ...spark, schedule, transform }), await make({ ...making, transform })];
    for (const [key, [type, role, by]] of Object.entries(reached)) {
      const found = runs.flatMap((r) => r.resources).find((r) => r.type === types[type] && r.name === `daily-${role}`);
      for (const [property, value] of Object.entries(by)) assert.deepEqual(found?.inputs[property], value, key);
    }
    const all = new Set(runs.flatMap((r) => children(r, "daily")));
    assert.equal(Object.keys(reached).length, all.size, "a child has no transform");
  });

  it("lives beside another one", async () => {
    const result = await run(() => {
      new BatchEtl("daily", scheduled);
      new BatchEtl("hourly", scheduled);
    });
    assert.equal(result.error, undefined);
    assert.equal(children(result, "hourly").length, always.length + byTheClock.length);
  });
});
