import * as assert from "node:assert/strict";

import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { defaultMaximum, isCapacity } from "../../components/warehouse/capacity";
import { Warehouse, type WarehouseArgs } from "../../components/warehouse/warehouse";
import { children, type Registration, resource, type Run, run, type RunOptions } from "../harness";

const keyArn = "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
const alarmTopicArn = "arn:aws:sns:ap-northeast-1:111111111111:alarms";
const network = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  publicSubnetIds: ["subnet-0aaaaaaaaaaaaaaa1"],
  privateSubnetIds: ["subnet-0bbbbbbbbbbbbbbb1", "subnet-0bbbbbbbbbbbbbbb2", "subnet-0bbbbbbbbbbbbbbb3"],
  isolatedSubnetIds: [],
  availabilityZones: ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"],
};
const zone = (name: string) => ({
  bucketName: `lake-${name}`,
  bucketArn: `arn:aws:s3:::lake-${name}`,
  databaseName: `glue_${name}`,
});
const reading = (name: string): aws.iam.PolicyStatement => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: `arn:aws:s3:::lake-${name}/*`,
});
const asking: aws.iam.PolicyStatement = {
  Effect: "Allow",
  Action: "athena:StartQueryExecution",
  Resource: "arn:aws:athena:ap-northeast-1:111111111111:workgroup/lake",
};
const zoneAccess = (name: string) => ({ name: `lake-${name}`, env: {}, statements: [reading(name)] });
const lake: WarehouseArgs["lake"] = {
  zones: { raw: zone("raw"), curated: zone("curated"), analytics: zone("analytics") },
  workGroupName: "lake",
  workGroupArn: "arn:aws:athena:ap-northeast-1:111111111111:workgroup/lake",
  resultsBucketArn: "arn:aws:s3:::lake-results",
  keyArn,
  read: zoneAccess,
  write: zoneAccess,
  readWrite: zoneAccess,
  query: { name: "lake", env: { WORKGROUP: "lake" }, statements: [asking] },
};

const least: WarehouseArgs = { lake, keyArn, alarmTopicArn, keep: false };
const redshift: WarehouseArgs = { ...least, engine: "redshiftServerless", network };
const snowflake: WarehouseArgs = { ...least, engine: "snowflake" };
const bigquery: WarehouseArgs = { ...least, engine: "bigquery" };
const secondStep = { userArn: "arn:aws:iam::222222222222:user/ab1c-s-v2st0000", externalId: "KIBAN_SFCRole=2_abc=" };

const make = (args: WarehouseArgs = least, options?: RunOptions, name = "dw") =>
  run(() => void new Warehouse(name, args), options);

const types = {
  suffix: "random:index/randomId:RandomId",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  role: "aws:iam/role:Role",
  policy: "aws:iam/rolePolicy:RolePolicy",
  namespace: "aws:redshiftserverless/namespace:Namespace",
  workgroup: "aws:redshiftserverless/workgroup:Workgroup",
  limit: "aws:redshiftserverless/usageLimit:UsageLimit",
  lambda: "aws:lambda/function:Function",
  invocation: "aws:lambda/invocation:Invocation",
  permission: "aws:lambda/permission:Permission",
  secret: "aws:secretsmanager/secret:Secret",
  rotation: "aws:secretsmanager/secretRotation:SecretRotation",
  notification: "aws:s3/bucketNotification:BucketNotification",
};
const always = [
  `${types.suffix} dw-suffix`,
  ...["dw-connectionlog", "dw-userlog", "dw-useractivitylog", "dw-setup-logs"].map((n) => `${types.logGroup} ${n}`),
  `${types.alarm} dw-usage-alarm`,
  `${types.securityGroup} dw-security-group`,
  `${types.egress} dw-https-out`,
  ...["dw-lake", "dw-setup"].flatMap((n) => [`${types.role} ${n}-role`, `${types.policy} ${n}-policy`]),
  `${types.namespace} dw-namespace`,
  `${types.workgroup} dw-workgroup`,
  `${types.limit} dw-daily-limit`,
  `${types.limit} dw-monthly-limit`,
  `${types.lambda} dw-setup-function`,
  `${types.invocation} dw-setup`,
];

const out = (registration: Registration, property: string): string => registration.outputs[property] as string;
const document = (registration: Registration, property = "policy"): unknown => registration.inputs[property];
const policyOf = (Statement: unknown[]) => ({ Version: "2012-10-17", Statement });

/** What a warehouse called `dw` offers, with its values known. */
async function offers(args: WarehouseArgs) {
  let found: Record<string, unknown> = {};
  const result = await run(async () => {
    const { query, settings, endpoint, logins } = new Warehouse("dw", args);
    found = await new Promise((resolve) => {
      pulumi.output({ query, settings, endpoint, logins }).apply((value) => {
        resolve(value);
      });
    });
  });
  assert.equal(result.error, undefined);
  return { ...found, result } as unknown as {
    query: unknown;
    settings: Record<string, string>;
    endpoint: unknown;
    logins: unknown;
    result: Run;
  };
}

describe("Warehouse", () => {
  describe("on Athena", () => {
    it("makes nothing", async () => assert.deepEqual(children(await make(), "dw"), []));

    it("offers the lake's query, with the zones that it answers from", async () => {
      const { query, settings, endpoint, logins } = await offers(least);
      assert.deepEqual(query, {
        name: "dw",
        env: { ENGINE: "athena", WORKGROUP: "lake" },
        statements: [asking, reading("curated"), reading("analytics")],
      });
      assert.deepEqual(settings, {
        workgroup: "lake",
        region: "ap-northeast-1",
        databases: "glue_curated, glue_analytics",
      });
      assert.equal(endpoint, undefined);
      assert.deepEqual(logins, {});
    });

    it("keeps to the zones that are named", async () => {
      const { query } = await offers({ ...least, zones: ["raw"] });
      assert.deepEqual((query as { statements: unknown }).statements, [asking, reading("raw")]);
    });
  });

  describe("on Redshift Serverless", () => {
    it("makes namespace, workgroup, limits, logs and the function that sets them up", async () => {
      const result = await make(redshift);
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "dw"), always.toSorted());
    });

    it("adds a secret and its rotation for each user with a password", async () => {
      const more = [
        `${types.secret} dw-tableau-password`,
        `${types.permission} dw-tableau-rotation`,
        `${types.rotation} dw-tableau-rotation`,
      ];
      const result = await make({ ...redshift, redshift: { passwordUsers: ["tableau"] } });
      assert.deepEqual(children(result, "dw"), [...always, ...more].toSorted());
    });

    it("encrypts, manages the administrator's secret and exports every log", async () => {
      const result = await make(redshift);
      // The SDK hides the administrator's name as it would a password.
      const { adminUsername, ...inputs } = resource(result, types.namespace, "dw-namespace").inputs;
      assert.equal((adminUsername as { value: string }).value, "kiban_admin");
      const identifier = `dw-${out(resource(result, types.suffix, "dw-suffix"), "hex")}`;
      const roleArn = out(resource(result, types.role, "dw-lake-role"), "arn");
      assert.deepEqual(inputs, {
        namespaceName: identifier,
        dbName: "warehouse",
        manageAdminPassword: true,
        adminPasswordSecretKmsKeyId: keyArn,
        kmsKeyId: keyArn,
        iamRoles: [roleArn],
        defaultIamRoleArn: roleArn,
        logExports: ["connectionlog", "userlog", "useractivitylog"],
      });
      for (const log of ["connectionlog", "userlog", "useractivitylog"]) {
        assert.deepEqual(resource(result, types.logGroup, `dw-${log}`).inputs, {
          name: `/aws/redshift/${identifier}/${log}`,
          kmsKeyId: keyArn,
          retentionInDays: 90,
          deletionProtectionEnabled: false,
        });
      }
    });

    it("is private, wants TLS and has a ceiling", async () => {
      const result = await make(redshift);
      const { configParameters, ...inputs } = resource(result, types.workgroup, "dw-workgroup").inputs;
      const identifier = `dw-${out(resource(result, types.suffix, "dw-suffix"), "hex")}`;
      assert.deepEqual(inputs, {
        namespaceName: identifier,
        workgroupName: identifier,
        baseCapacity: 8,
        maxCapacity: 32,
        subnetIds: network.privateSubnetIds,
        securityGroupIds: [resource(result, types.securityGroup, "dw-security-group").id],
        publiclyAccessible: false,
        enhancedVpcRouting: true,
      });
      const parameters = configParameters as { parameterKey: string; parameterValue: string }[];
      const value = (key: string) => parameters.find(({ parameterKey }) => parameterKey === key)?.parameterValue;
      assert.equal(parameters.length, 9);
      assert.equal(value("require_ssl"), "true");
      assert.equal(value("enable_user_activity_logging"), "true");
      assert.equal(value("max_query_execution_time"), "3600");
      const egress = resource(result, types.egress, "dw-https-out").inputs;
      assert.deepEqual([egress["cidrIpv4"], egress["fromPort"], egress["toPort"]], ["0.0.0.0/0", 443, 443]);
    });

    it("takes the sizes as asked", async () => {
      const result = await make({
        ...redshift,
        redshift: { baseRpu: 16, maxRpu: 24, queryTimeoutSeconds: 60, databaseName: "facts", logRetentionDays: 7 },
      });
      const { inputs } = resource(result, types.workgroup, "dw-workgroup");
      assert.deepEqual([inputs["baseCapacity"], inputs["maxCapacity"]], [16, 24]);
      assert.equal(resource(result, types.namespace, "dw-namespace").inputs["dbName"], "facts");
      assert.equal(resource(result, types.logGroup, "dw-userlog").inputs["retentionInDays"], 7);
      assert.equal(resource(result, types.logGroup, "dw-setup-logs").inputs["retentionInDays"], 7);
    });

    for (const [what, more, daily, monthly] of [
      ["by default, eight hours at base capacity", {}, 64, 960],
      ["as asked", { limits: { dailyRpuHours: 10, monthlyRpuHours: 100 } }, 10, 100],
      ["the month's following the day's", { limits: { dailyRpuHours: 10 } }, 10, 150],
    ] as const) {
      it(`stops at its limits, ${what}, and warns before`, async () => {
        const result = await make({ ...redshift, redshift: more });
        const resourceArn = out(resource(result, types.workgroup, "dw-workgroup"), "arn");
        for (const [period, amount] of [
          ["daily", daily],
          ["monthly", monthly],
        ] as const) {
          assert.deepEqual(resource(result, types.limit, `dw-${period}-limit`).inputs, {
            resourceArn,
            usageType: "serverless-compute",
            period,
            amount,
            breachAction: "deactivate",
          });
        }
        const { inputs } = resource(result, types.alarm, "dw-usage-alarm");
        assert.equal(inputs["threshold"], daily * 0.8);
        assert.equal(inputs["metricName"], "UsageLimitConsumed");
        assert.deepEqual(inputs["dimensions"], {
          UsageLimitId: resource(result, types.limit, "dw-daily-limit").id,
          UsageType: "SERVERLESS_COMPUTE",
          Workgroup: out(resource(result, types.workgroup, "dw-workgroup"), "workgroupName"),
        });
        assert.equal(inputs["treatMissingData"], "notBreaching");
        assert.deepEqual([inputs["alarmActions"], inputs["okActions"]], [[alarmTopicArn], [alarmTopicArn]]);
      });
    }

    it("reads the lake by a role with the zones' rights and nothing else", async () => {
      const result = await make(redshift);
      assert.deepEqual(document(resource(result, types.role, "dw-lake-role"), "assumeRolePolicy"), {
        ...policyOf([
          {
            Effect: "Allow",
            Principal: { Service: ["redshift-serverless.amazonaws.com", "redshift.amazonaws.com"] },
            Action: "sts:AssumeRole",
          },
        ]),
      });
      assert.deepEqual(
        document(resource(result, types.policy, "dw-lake-policy")),
        policyOf([reading("curated"), reading("analytics")]),
      );
    });

    for (const passwordUsers of [[], ["tableau"]]) {
      it(`gives its function what it takes with ${passwordUsers.length} users`, async () => {
        const result = await make({ ...redshift, redshift: { passwordUsers } });
        const workgroupArn = out(resource(result, types.workgroup, "dw-workgroup"), "arn");
        const adminArn = out(resource(result, types.namespace, "dw-namespace"), "adminPasswordSecretArn");
        const secrets = passwordUsers.map((user) => out(resource(result, types.secret, `dw-${user}-password`), "arn"));
        assert.match(adminArn, /^arn:aws:secretsmanager:/);
        assert.deepEqual(
          document(resource(result, types.policy, "dw-setup-policy")),
          policyOf([
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: `${out(resource(result, types.logGroup, "dw-setup-logs"), "arn")}:*`,
            },
            { Effect: "Allow", Action: "redshift-data:ExecuteStatement", Resource: workgroupArn },
            {
              Effect: "Allow",
              Action: ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"],
              Resource: "*",
              Condition: { StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" } },
            },
            { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: adminArn },
            ...(passwordUsers.length === 0
              ? []
              : [
                  {
                    Effect: "Allow",
                    Action: [
                      "secretsmanager:DescribeSecret",
                      "secretsmanager:GetSecretValue",
                      "secretsmanager:PutSecretValue",
                      "secretsmanager:UpdateSecretVersionStage",
                    ],
                    Resource: secrets,
                  },
                  { Effect: "Allow", Action: "secretsmanager:GetRandomPassword", Resource: "*" },
                ]),
            {
              Effect: "Allow",
              Action: passwordUsers.length === 0 ? "kms:Decrypt" : ["kms:Decrypt", "kms:GenerateDataKey"],
              Resource: keyArn,
              Condition: {
                StringEquals: {
                  "kms:ViaService": [
                    "lambda.ap-northeast-1.amazonaws.com",
                    "secretsmanager.ap-northeast-1.amazonaws.com",
                  ],
                },
              },
            },
          ]),
        );
      });
    }

    it("tells its function the schemas and users, after rights and limits are there", async () => {
      const result = await make({ ...redshift, redshift: { passwordUsers: ["tableau"] } });
      const invocation = resource(result, types.invocation, "dw-setup");
      const roleArn = out(resource(result, types.role, "dw-lake-role"), "arn");
      const [endpoint] = resource(result, types.workgroup, "dw-workgroup").outputs["endpoints"] as {
        address: string;
      }[];
      assert.deepEqual(JSON.parse(invocation.inputs["input"] as string), {
        schemas: [
          { name: "lake_curated", database: "glue_curated", roleArn },
          { name: "lake_analytics", database: "glue_analytics", roleArn },
        ],
        users: [
          {
            name: "tableau",
            secretArn: out(resource(result, types.secret, "dw-tableau-password"), "arn"),
            host: endpoint?.address,
          },
        ],
      });
      const { inputs } = resource(result, types.lambda, "dw-setup-function");
      assert.deepEqual((inputs["environment"] as { variables: unknown }).variables, {
        WORKGROUP: out(resource(result, types.workgroup, "dw-workgroup"), "workgroupName"),
        ADMIN_ARN: out(resource(result, types.namespace, "dw-namespace"), "adminPasswordSecretArn"),
        DATABASE: "warehouse",
        PORT: "5439",
        ROTATED_USERS: "tableau",
      });
      assert.equal(inputs["kmsKeyArn"], keyArn);
      assert.deepEqual(resource(result, types.rotation, "dw-tableau-rotation").inputs["rotationRules"], {
        automaticallyAfterDays: 30,
      });
    });

    it("offers to sign in by IAM, by the network or the Data API", async () => {
      const { query, settings, endpoint, logins, result } = await offers({
        ...redshift,
        redshift: { passwordUsers: ["tableau"] },
      });
      const workgroup = resource(result, types.workgroup, "dw-workgroup");
      const [at] = workgroup.outputs["endpoints"] as { address: string }[];
      const securityGroupId = resource(result, types.securityGroup, "dw-security-group").id;
      assert.deepEqual(query, {
        name: "dw",
        env: {
          ENGINE: "redshiftServerless",
          HOST: at?.address,
          PORT: "5439",
          DATABASE: "warehouse",
          WORKGROUP: out(workgroup, "workgroupName"),
        },
        statements: [
          {
            Effect: "Allow",
            Action: ["redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials"],
            Resource: out(workgroup, "arn"),
          },
          {
            Effect: "Allow",
            Action: [
              "redshift-data:CancelStatement",
              "redshift-data:DescribeStatement",
              "redshift-data:GetStatementResult",
            ],
            Resource: "*",
            Condition: { StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" } },
          },
        ],
        network: { securityGroupId, port: 5439 },
      });
      assert.deepEqual(endpoint, { host: at?.address, port: 5439, databaseName: "warehouse", securityGroupId });
      const secretArn = out(resource(result, types.secret, "dw-tableau-password"), "arn");
      assert.deepEqual(logins, { tableau: { user: "tableau", secretArn, keyArn } });
      assert.deepEqual(settings, {
        host: at?.address,
        port: "5439",
        database: "warehouse",
        workgroup: out(workgroup, "workgroupName"),
        adminSecretArn: out(resource(result, types.namespace, "dw-namespace"), "adminPasswordSecretArn"),
        schemas: "lake_curated, lake_analytics",
      });
    });

    for (const keep of [true, false]) {
      it(`with keep ${keep}: protects data, logs and secrets ${keep ? "" : "not"}`, async () => {
        const result = await make({ ...redshift, keep, redshift: { passwordUsers: ["tableau"] } });
        for (const [type, name] of [
          [types.namespace, "dw-namespace"],
          [types.logGroup, "dw-userlog"],
          [types.logGroup, "dw-setup-logs"],
          [types.secret, "dw-tableau-password"],
        ] as const) {
          assert.equal(resource(result, type, name).options["protect"] ?? false, keep, name);
        }
        assert.equal(
          resource(result, types.secret, "dw-tableau-password").inputs["recoveryWindowInDays"],
          keep ? 30 : 7,
        );
      });
    }

    it("previews before anything is known", async () => {
      assert.equal(
        (await make({ ...redshift, redshift: { passwordUsers: ["bi"] } }, { preview: true })).error,
        undefined,
      );
    });
  });

  describe("for Snowflake and BigQuery", () => {
    const lakeRights = (prefix: string) => [
      { Effect: "Allow", Action: "s3:GetBucketLocation", Resource: ["arn:aws:s3:::lake-analytics"] },
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: ["arn:aws:s3:::lake-analytics"],
        ...(prefix !== "" && { Condition: { StringLike: { "s3:prefix": [prefix, `${prefix}*`] } } }),
      },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:GetObjectVersion"],
        Resource: [`arn:aws:s3:::lake-analytics/${prefix}*`],
      },
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
      },
    ];
    const nobody = { Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
    const trust = (result: Run) => document(resource(result, types.role, "dw-lake-role"), "assumeRolePolicy");

    for (const [what, args, statement] of [
      ["Snowflake's first step: nobody", snowflake, nobody],
      [
        "Snowflake's second step: its user with the external id",
        { ...snowflake, snowflake: secondStep },
        {
          Effect: "Allow",
          Principal: { AWS: secondStep.userArn },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": secondStep.externalId } },
        },
      ],
      ["BigQuery's first step: nobody", bigquery, nobody],
      [
        "BigQuery's second step: one subject of Google's",
        { ...bigquery, bigquery: { subjectId: "123456789012345678901" } },
        {
          Effect: "Allow",
          Principal: { Federated: "accounts.google.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { "accounts.google.com:sub": "123456789012345678901" } },
        },
      ],
    ] as [string, WarehouseArgs, unknown][]) {
      it(`trusts in ${what}`, async () => {
        const result = await make(args);
        assert.deepEqual(children(result, "dw"), [`${types.role} dw-lake-role`, `${types.policy} dw-lake-policy`]);
        assert.deepEqual(trust(result), policyOf([statement]));
      });
    }

    for (const prefix of ["", "orders/"]) {
      it(`reads files alone, below ${JSON.stringify(prefix)}`, async () => {
        const given = { ...(prefix !== "" && { prefix }) };
        for (const args of [
          { ...snowflake, snowflake: given },
          { ...bigquery, bigquery: given },
        ]) {
          const result = await make({ ...args, zones: ["analytics"] });
          assert.deepEqual(document(resource(result, types.policy, "dw-lake-policy")), policyOf(lakeRights(prefix)));
        }
      });
    }

    it("gives BigQuery Omni sessions of twelve hours, and nobody else", async () => {
      const session = async (args: WarehouseArgs) =>
        resource(await make(args), types.role, "dw-lake-role").inputs["maxSessionDuration"];
      assert.equal(await session({ ...bigquery, bigquery: { reader: "omni" } }), 43_200);
      assert.equal(await session(bigquery), undefined);
      assert.equal(await session(snowflake), undefined);
    });

    it("announces new files to Snowpipe", async () => {
      const snowpipeQueueArn = "arn:aws:sqs:ap-northeast-1:222222222222:sf-snowpipe-AIDA-abc";
      const result = await make({ ...snowflake, snowflake: { ...secondStep, prefix: "orders/", snowpipeQueueArn } });
      for (const each of ["curated", "analytics"]) {
        assert.deepEqual(resource(result, types.notification, `dw-${each}-notification`).inputs, {
          bucket: `lake-${each}`,
          queues: [{ queueArn: snowpipeQueueArn, events: ["s3:ObjectCreated:*"], filterPrefix: "orders/" }],
        });
      }
      assert.equal(children(result, "dw").length, 4);
    });

    it("says what to paste and what to do next", async () => {
      const first = await offers({ ...snowflake, snowflake: { prefix: "orders/" } });
      const roleArn = out(resource(first.result, types.role, "dw-lake-role"), "arn");
      assert.equal(first.settings["roleArn"], roleArn);
      assert.equal(first.settings["locations"], "s3://lake-curated/orders/, s3://lake-analytics/orders/");
      assert.equal(
        first.settings["createIntegration"],
        [
          "CREATE STORAGE INTEGRATION IF NOT EXISTS DW",
          "  TYPE = EXTERNAL_STAGE",
          "  STORAGE_PROVIDER = 'S3'",
          "  ENABLED = TRUE",
          `  STORAGE_AWS_ROLE_ARN = '${roleArn}'`,
          "  STORAGE_ALLOWED_LOCATIONS = ('s3://lake-curated/orders/', 's3://lake-analytics/orders/');",
          "DESC INTEGRATION DW;",
        ].join("\n"),
      );
      const step = async (args: WarehouseArgs) => (await offers(args)).settings["nextStep"] ?? "";
      assert.match(await step(snowflake), /^Step 1 of 2 .* DESC INTEGRATION/);
      assert.match(await step({ ...snowflake, snowflake: secondStep }), /^Both steps are done\. For Snowpipe/);
      assert.match(await step(bigquery), /^Step 1 of 2 .* googleServiceAccounts\.get .* subjectId/);
      assert.match(await step({ ...bigquery, bigquery: { reader: "omni" } }), /connection's identity/);
      assert.equal(await step({ ...bigquery, bigquery: { subjectId: "1234567890" } }), "Both steps are done.");
    });

    it("hands on the credentials of the other side, and no right of AWS's", async () => {
      const credentials = { arn: "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:snowflake", keyArn };
      assert.deepEqual((await offers({ ...snowflake, credentials })).query, {
        name: "dw",
        env: { ENGINE: "snowflake" },
        secrets: { CREDENTIALS: credentials },
        statements: [],
      });
      assert.deepEqual((await offers(bigquery)).query, { name: "dw", env: { ENGINE: "bigquery" }, statements: [] });
    });
  });

  describe("faults", () => {
    const both = "both of userArn and externalId (second step) or none (first step)";
    const steps = "4, 8 to 512 in steps of 8, or up to 1024 in steps of 32";
    for (const [args, lines] of [
      [{ zones: [] }, ["zones: was []; allowed: at least one zone; name the zones that it answers from"]],
      [{ zones: ["raw", "raw"] }, ['zones[1]: was "raw"; allowed: each zone once; remove it']],
      [
        { engine: "oracle" },
        ['engine: was "oracle"; allowed: athena, redshiftServerless, bigquery, snowflake; take one of these'],
      ],
      [
        { redshift: { baseRpu: 8 } },
        [
          'redshift: was {"baseRpu":8}; allowed: only with engine redshiftServerless; engine is athena: remove it, or set ' +
            "the engine",
        ],
      ],
      [
        { credentials: { arn: "arn" } },
        ['credentials: was "set"; allowed: only with engine bigquery or snowflake; others sign in by IAM: remove it'],
      ],
      [
        { engine: "redshiftServerless" },
        [
          "network: was not set; allowed: a network with subnets in three availability zones; Redshift lives in it: give one",
        ],
      ],
      [
        { ...redshift, network: { ...network, availabilityZones: ["ap-northeast-1a", "ap-northeast-1c"] } },
        [
          'network.availabilityZones: was ["ap-northeast-1a","ap-northeast-1c"]; allowed: at least three zones; Redshift ' +
            "Serverless wants subnets in three: give the network a third, or take engine athena",
        ],
      ],
      [
        { ...redshift, redshift: { baseRpu: 12, maxRpu: 520 } },
        [
          `redshift.baseRpu: was 12; allowed: ${steps}; set one of these capacities`,
          `redshift.maxRpu: was 520; allowed: ${steps}; set one of these capacities`,
        ],
      ],
      [
        { ...redshift, redshift: { baseRpu: 32, maxRpu: 16 } },
        ["redshift.maxRpu: was 16; allowed: baseRpu (32) or more; raise it"],
      ],
      [
        { ...redshift, redshift: { limits: { dailyRpuHours: 0, monthlyRpuHours: 10 } } },
        [
          "redshift.limits.dailyRpuHours: was 0; allowed: a whole number from 1; set the most RPU-hours that it may use",
        ],
      ],
      [
        { ...redshift, redshift: { limits: { dailyRpuHours: 64, monthlyRpuHours: 10 } } },
        [
          "redshift.limits.monthlyRpuHours: was 10; allowed: dailyRpuHours (64) or more; the daily limit would never be " +
            "reached: raise one, or lower the other",
        ],
      ],
      [
        {
          ...redshift,
          redshift: { queryTimeoutSeconds: 0, passwordRotationDays: 0, logRetentionDays: 2, databaseName: "My DB" },
        },
        [
          "redshift.queryTimeoutSeconds: was 0; allowed: a whole number from 1 to 86399; set one in that range",
          "redshift.passwordRotationDays: was 0; allowed: a whole number from 1 to 1000; set one in that range",
          "redshift.logRetentionDays: was 2; allowed: a retention that CloudWatch Logs has; take the next that is not shorter",
          'redshift.databaseName: was "My DB"; allowed: a-z, 0-9 and _, a letter first; rename it',
        ],
      ],
      [
        { ...redshift, redshift: { passwordUsers: ["kiban_admin", "Tab", "bi", "bi"] } },
        [
          'redshift.passwordUsers[0]: was "kiban_admin"; allowed: no name that is taken; rename it',
          'redshift.passwordUsers[1]: was "Tab"; allowed: a-z, 0-9 and _, a letter first; rename it',
          'redshift.passwordUsers[3]: was "bi"; allowed: each user once; remove it',
        ],
      ],
      [
        { ...snowflake, snowflake: { userArn: secondStep.userArn } },
        [
          `snowflake.externalId: was not set; allowed: ${both}; anyone's Snowflake could read the lake: run DESC ` +
            "INTEGRATION in Snowflake and set what it shows",
        ],
      ],
      [
        { ...snowflake, snowflake: { externalId: secondStep.externalId } },
        [`snowflake.userArn: was not set; allowed: ${both}; run DESC INTEGRATION in Snowflake and set what it shows`],
      ],
      [
        { ...snowflake, snowflake: { userArn: "me", externalId: "*", snowpipeQueueArn: "q", prefix: "a*" } },
        [
          'snowflake.prefix: was "a*"; allowed: a key prefix such as orders/, without wildcards; end it with a slash',
          'snowflake.userArn: was "me"; allowed: the ARN of an IAM user; run DESC INTEGRATION in Snowflake and set what it ' +
            "shows",
          'snowflake.externalId: was "*"; allowed: 2 to 1224 letters, digits and +=,.@:/-_; run DESC INTEGRATION in ' +
            "Snowflake and set what it shows",
          'snowflake.snowpipeQueueArn: was "q"; allowed: the ARN of an SQS queue; set notification_channel of SHOW PIPES',
        ],
      ],
      [
        { ...bigquery, bigquery: { subjectId: "*", prefix: "orders" } },
        [
          'bigquery.prefix: was "orders"; allowed: a key prefix such as orders/, without wildcards; end it with a slash',
          'bigquery.subjectId: was "*"; allowed: 10 to 30 digits; set subjectId of googleServiceAccounts.get, or the ' +
            "identity of the connection",
        ],
      ],
    ] as [Partial<WarehouseArgs>, string[]][]) {
      it(`refuses ${lines[0]?.split(";")[0]}`, async () => {
        const result = await make({ ...least, ...args });
        assert.equal(result.error?.message, [`Warehouse "dw":`, ...lines.map((line) => `  ${line}`)].join("\n"));
        assert.deepEqual(result.resources, []);
      });
    }

    it("refuses a name that makes no variable or workgroup", async () => {
      const result = await make(least, {}, "DW");
      assert.match(result.error?.message ?? "", /name: was "DW"; allowed: kebab-case of at most 50 characters/);
    });
  });

  it("knows Redshift's capacities", () => {
    for (const rpu of [4, 8, 16, 512, 544, 1024]) assert.ok(isCapacity(rpu), String(rpu));
    for (const rpu of [0, 5, 12, 513, 520, 1056, 8.5, Number.NaN]) assert.ok(!isCapacity(rpu), String(rpu));
    for (const base of [4, 8, 24, 200, 512, 1024]) {
      assert.ok(isCapacity(defaultMaximum(base)) && defaultMaximum(base) >= base, String(base));
    }
  });

  it("gives each transform its child", async () => {
    const transformed: Record<string, string[]> = {};
    const mark = (key: string) => (ours: object) => {
      (transformed[key] ??= []).push(key);
      return ours;
    };
    const ofRedshift = [
      ...["suffix", "logGroups", "securityGroup", "httpsEgress", "lakeRole", "lakePolicy", "namespace", "workgroup"],
      ...["dailyLimit", "monthlyLimit", "usageAlarm", "passwordSecrets", "setupLogGroup", "setupRole", "setupPolicy"],
      ...["setupFunction", "setupInvocation", "rotationPermissions", "passwordRotations"],
    ];
    const transform = (keys: string[]) =>
      Object.fromEntries(keys.map((key) => [key, mark(key)])) as NonNullable<WarehouseArgs["transform"]>;
    await make({ ...redshift, redshift: { passwordUsers: ["bi"] }, transform: transform(ofRedshift) });
    assert.deepEqual(Object.keys(transformed).sort(), ofRedshift.toSorted());
    assert.equal(transformed["logGroups"]?.length, 3);
    const snowpipeQueueArn = "arn:aws:sqs:ap-northeast-1:222222222222:sf-snowpipe";
    await make({ ...snowflake, snowflake: { snowpipeQueueArn }, transform: transform(["notifications", "lakeRole"]) });
    assert.equal(transformed["notifications"]?.length, 2);
    assert.equal(transformed["lakeRole"]?.length, 2);
    const renamed = await make({ ...redshift, transform: { workgroup: { port: 5440 } } });
    assert.equal(resource(renamed, types.workgroup, "dw-workgroup").inputs["port"], 5440);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new Warehouse(name, redshift);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 2 * (always.length + 1));
  });
});
