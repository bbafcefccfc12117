import { types } from "../../../policy/lib/types";
import {
  athenaMetrics,
  athenaResults,
  athenaScanLimit,
  glueCatalog,
  glueConnSsl,
  glueJobSupport,
  glueSecConfig,
  lakeformationDefault,
  quicksightAccess,
  quicksightSsl,
} from "../../../policy/rules/analytics";
import { firehoseErrorLogs, firehoseSse, streamRetention } from "../../../policy/rules/streams";
import {
  redshiftCmk,
  redshiftLogExports,
  redshiftNotPublic,
  redshiftSsl,
  redshiftUsageLimit,
} from "../../../policy/rules/warehouse";
import {
  EMPTIED,
  type Proof,
  atLeast,
  customerKey,
  given,
  isTrue,
  keyArn,
  notFalse,
  notTrue,
  one,
  oneOf,
  proof,
  values,
} from "../proof";

const results = "configuration.resultConfiguration.encryptionConfiguration";
const managed = "configuration.managedQueryResultsConfiguration";

const athena: readonly Proof[] = [
  proof(
    athenaResults,
    one(
      types.athenaWorkgroup,
      {
        configuration: {
          enforceWorkgroupConfiguration: true,
          enableMinimumEncryptionConfiguration: true,
          resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn } },
        },
      },
      [
        notFalse("configuration.enforceWorkgroupConfiguration"),
        isTrue("configuration.enableMinimumEncryptionConfiguration"),
        oneOf(`${results}.encryptionOption`, ["SSE_KMS", "CSE_KMS"], ["SSE_S3"]),
        customerKey(`${results}.kmsKeyArn`),
        values(results, [undefined, EMPTIED], [], { at: `${results}.encryptionOption` }),
        values("configuration", [undefined, EMPTIED], [], { findings: 2 }),
      ],
    ),
    // AWS keeps the results itself.
    one(
      types.athenaWorkgroup,
      {
        configuration: {
          managedQueryResultsConfiguration: { enabled: true, encryptionConfiguration: { kmsKey: keyArn } },
        },
      },
      [
        customerKey(`${managed}.encryptionConfiguration.kmsKey`, { needs: [`${managed}.enabled`] }),
        values(`${managed}.enabled`, [false, undefined], [], { at: "configuration", findings: 2 }),
      ],
    ),
    one(types.athenaDatabase, { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKey: keyArn } }, [
      oneOf("encryptionConfiguration.encryptionOption", ["SSE_KMS", "CSE_KMS"], ["SSE_S3"]),
      customerKey("encryptionConfiguration.kmsKey"),
      values("encryptionConfiguration", [undefined, EMPTIED]),
    ]),
  ),
  proof(
    athenaMetrics,
    one(types.athenaWorkgroup, { configuration: { publishCloudwatchMetricsEnabled: true } }, [
      notFalse("configuration.publishCloudwatchMetricsEnabled"),
    ]),
  ),
  proof(
    athenaScanLimit,
    one(types.athenaWorkgroup, { configuration: { bytesScannedCutoffPerQuery: 10_000_000_000 } }, [
      values("configuration.bytesScannedCutoffPerQuery", [undefined, null], [10_000_000]),
    ]),
  ),
];

const encryption = "encryptionConfiguration";

const glue: readonly Proof[] = [
  proof(
    glueCatalog,
    one(
      types.glueCatalogEncryption,
      {
        dataCatalogEncryptionSettings: {
          encryptionAtRest: { catalogEncryptionMode: "SSE-KMS", sseAwsKmsKeyId: keyArn },
          connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, awsKmsKeyId: keyArn },
        },
      },
      [
        oneOf(
          "dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode",
          ["SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE"],
          ["DISABLED"],
        ),
        isTrue("dataCatalogEncryptionSettings.connectionPasswordEncryption.returnConnectionPasswordEncrypted"),
      ],
    ),
  ),
  proof(
    glueConnSsl,
    one(types.glueConnection, { connectionType: "JDBC", connectionProperties: { JDBC_ENFORCE_SSL: "true" } }, [
      oneOf("connectionProperties.JDBC_ENFORCE_SSL", ["true", true], ["false", false], { needs: ["connectionType"] }),
      values("connectionProperties", [undefined, EMPTIED], [], { needs: ["connectionType"] }),
      values("connectionType", [], [undefined, null, "NETWORK"]),
    ]),
    one(types.glueConnection, { connectionProperties: { JDBC_ENFORCE_SSL: "true" } }, [
      given("connectionProperties.JDBC_ENFORCE_SSL"),
    ]),
    one(types.glueConnection, { connectionType: "KAFKA", connectionProperties: { KAFKA_SSL_ENABLED: "true" } }, [
      oneOf("connectionProperties.KAFKA_SSL_ENABLED", ["true"], ["false"]),
    ]),
    one(types.glueConnection, { connectionType: "NETWORK" }, []),
  ),
  proof(
    glueSecConfig,
    one(
      types.glueSecurityConfiguration,
      {
        encryptionConfiguration: {
          cloudwatchEncryption: { cloudwatchEncryptionMode: "SSE-KMS", kmsKeyArn: keyArn },
          jobBookmarksEncryption: { jobBookmarksEncryptionMode: "CSE-KMS", kmsKeyArn: keyArn },
          s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: keyArn },
        },
      },
      [
        oneOf(`${encryption}.cloudwatchEncryption.cloudwatchEncryptionMode`, ["SSE-KMS"], ["DISABLED"]),
        oneOf(`${encryption}.jobBookmarksEncryption.jobBookmarksEncryptionMode`, ["CSE-KMS"], ["DISABLED"]),
        oneOf(`${encryption}.s3Encryption.s3EncryptionMode`, ["SSE-KMS", "SSE-S3"], ["DISABLED"]),
        values(encryption, [undefined, EMPTIED], [], { findings: 3 }),
      ],
    ),
    one([...types.glueJob, ...types.glueCrawler], { securityConfiguration: "ours" }, [given("securityConfiguration")]),
  ),
  proof(
    glueJobSupport,
    one(types.glueJob, { command: { name: "glueetl" }, glueVersion: "5.0", timeout: 60, maxRetries: 1 }, [
      oneOf("glueVersion", ["3.0", "4.0", "5.1"], ["0.9", "1.0", "2.0"], { needs: ["command"] }),
      values("timeout", [undefined, null], [2880], { needs: ["command"] }),
      values("maxRetries", [4, 10], [undefined, null, 0, 3]),
      values("command.name", [], [undefined, "gluestreaming", "pythonshell"]),
    ]),
    // Without an end by nature, and with versions of its own.
    one(types.glueJob, { command: { name: "gluestreaming" }, glueVersion: "5.0" }, [
      values("glueVersion", [undefined, "2.0"]),
    ]),
    one(types.glueJob, { command: { name: "pythonshell" }, glueVersion: "1.0", timeout: 60 }, [
      values("timeout", [undefined]),
    ]),
  ),
  proof(
    lakeformationDefault,
    one(
      types.catalogDatabase,
      {
        tagsAll: { DataClass: "restricted" },
        createTableDefaultPermissions: [{ permissions: ["ALL"], principal: { dataLakePrincipalIdentifier: "arn" } }],
      },
      [
        values("createTableDefaultPermissions", [undefined, null, EMPTIED], [], { needs: ["tagsAll"] }),
        values(
          "createTableDefaultPermissions[0].principal.dataLakePrincipalIdentifier",
          ["IAM_ALLOWED_PRINCIPALS"],
          ["arn:aws:iam::111111111111:role/analyst"],
          { needs: ["tagsAll"] },
        ),
        values("tagsAll.DataClass", [], ["confidential", undefined]),
      ],
    ),
    one(types.catalogDatabase, { tagsAll: { DataClass: "confidential" } }, []),
  ),
];

const source = {
  type: "AURORA_POSTGRESQL",
  parameters: { auroraPostgresql: { host: "db", port: 5432, database: "app" } },
  credentials: { secretArn: "arn" },
  vpcConnectionProperties: { vpcConnectionArn: "arn" },
};
const kinds = ["aurora", "mariaDb", "mysql", "oracle", "postgresql", "rds", "redshift", "sqlServer"];

const quicksight: readonly Proof[] = [
  proof(
    quicksightAccess,
    one(types.quicksightDataSource, source, [
      values("credentials.credentialPair", [{ username: "u", password: "p" }], [undefined, null, {}]),
      given("vpcConnectionProperties", { needs: ["parameters"] }),
      values("parameters", [], [{ athena: {} }]),
    ]),
    ...kinds.map((kind) =>
      one(types.quicksightDataSource, { ...source, parameters: { [kind]: { database: "app" } } }, [
        values("vpcConnectionProperties", [undefined]),
      ]),
    ),
    one(types.quicksightDataSource, { type: "ATHENA", parameters: { athena: { workGroup: "lake" } } }, []),
    one(types.quicksightDataSet, { tagsAll: { DataClass: "restricted" }, rowLevelPermissionDataSet: { arn: "arn" } }, [
      given("rowLevelPermissionDataSet", { needs: ["tagsAll"] }),
      values("tagsAll.DataClass", [], ["confidential", undefined]),
    ]),
    one(
      types.quicksightDataSet,
      { tagsAll: { DataClass: "restricted" }, rowLevelPermissionTagConfiguration: { tagRules: [{ tagKey: "shop" }] } },
      [values("rowLevelPermissionTagConfiguration", [undefined, EMPTIED], [], { at: "rowLevelPermissionDataSet" })],
    ),
    one(types.quicksightDataSet, { tagsAll: { DataClass: "internal" } }, []),
    one(types.quicksightAccountSettings, { terminationProtectionEnabled: true }, [
      notFalse("terminationProtectionEnabled"),
    ]),
  ),
  proof(
    quicksightSsl,
    one(types.quicksightDataSource, { ...source, sslProperties: { disableSsl: false } }, [
      notTrue("sslProperties.disableSsl"),
    ]),
  ),
];

const files = "extendedS3Configuration";
const sse = "serverSideEncryption";
const backup = { s3BackupMode: "Enabled", cloudwatchLoggingOptions: { enabled: true } };
const mode = (needs: string[]) => oneOf(`${files}.s3BackupMode`, ["Enabled"], ["Disabled"], { needs });

const streams: readonly Proof[] = [
  proof(
    firehoseSse,
    one(
      types.firehose,
      {
        serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
        extendedS3Configuration: { bucketArn: "arn:aws:s3:::lake", kmsKeyArn: keyArn },
      },
      [
        isTrue(`${sse}.enabled`),
        oneOf(`${sse}.keyType`, ["CUSTOMER_MANAGED_CMK"], ["AWS_OWNED_CMK"]),
        customerKey(`${sse}.keyArn`),
        values(sse, [undefined, EMPTIED]),
        customerKey(`${files}.kmsKeyArn`),
        values(files, [], [undefined]),
      ],
    ),
    // A stream keeps and encrypts what Firehose takes from it.
    one(types.firehose, { kinesisSourceConfiguration: { kinesisStreamArn: "arn" } }, [
      values("kinesisSourceConfiguration", [undefined, EMPTIED], [], { at: `${sse}.enabled` }),
    ]),
  ),
  proof(
    firehoseErrorLogs,
    one(
      types.firehose,
      { extendedS3Configuration: { ...backup, dataFormatConversionConfiguration: { enabled: true } } },
      [
        isTrue(`${files}.cloudwatchLoggingOptions.enabled`),
        values(`${files}.cloudwatchLoggingOptions`, [undefined, EMPTIED]),
        mode([`${files}.dataFormatConversionConfiguration`]),
        values(`${files}.dataFormatConversionConfiguration.enabled`, [], [undefined, false]),
      ],
    ),
    one(
      types.firehose,
      { extendedS3Configuration: { ...backup, dataFormatConversionConfiguration: { schema: "x" } } },
      [mode([])],
    ),
    one(types.firehose, { extendedS3Configuration: { ...backup, processingConfiguration: { enabled: true } } }, [
      mode([`${files}.processingConfiguration`]),
      values(`${files}.processingConfiguration.enabled`, [], [undefined, false]),
    ]),
    one(types.firehose, { extendedS3Configuration: { cloudwatchLoggingOptions: { enabled: true } } }, []),
    one(types.firehose, { destination: "http_endpoint" }, []),
  ),
  proof(
    streamRetention,
    one(types.stream, { retentionPeriod: 168 }, [atLeast("retentionPeriod", 168)]),
    one(types.stream, { retentionPeriod: 48 }, [atLeast("retentionPeriod", 48)], { config: { hours: 48 } }),
  ),
];

const limited = { on: "workgroup", at: "usage" };

const warehouse: readonly Proof[] = [
  proof(
    redshiftCmk,
    one(
      types.warehouseNamespace,
      { kmsKeyId: keyArn, manageAdminPassword: true, adminPasswordSecretKmsKeyId: keyArn },
      [
        customerKey("kmsKeyId"),
        customerKey("adminPasswordSecretKmsKeyId", { needs: ["manageAdminPassword"] }),
        values("manageAdminPassword", [], [false, undefined]),
      ],
    ),
    one(types.warehouseNamespace, { kmsKeyId: keyArn }, []),
    one(types.warehouseCluster, { encrypted: "true", kmsKeyId: keyArn }, [
      customerKey("kmsKeyId"),
      values("encrypted", ["false", false], ["true", undefined, null]),
    ]),
  ),
  proof(
    redshiftSsl,
    ...(
      [
        [types.warehouseWorkgroup, "configParameters", "parameterKey", "parameterValue"],
        [types.warehouseParameterGroup, "parameters", "name", "value"],
      ] as const
    ).map(([type, list, name, value]) =>
      one(type, { [list]: [{ [name]: "require_ssl", [value]: "true" }] }, [
        values(list, [undefined, null, EMPTIED]),
        oneOf(`${list}[0].${name}`, ["require_ssl"], ["use_fips_ssl"], { at: list }),
        oneOf(`${list}[0].${value}`, ["true"], ["false"], { at: list }),
      ]),
    ),
  ),
  proof(
    redshiftNotPublic,
    one(
      [...types.warehouseWorkgroup, ...types.warehouseCluster],
      { publiclyAccessible: false, enhancedVpcRouting: true },
      [notTrue("publiclyAccessible"), isTrue("enhancedVpcRouting")],
    ),
  ),
  proof(
    redshiftLogExports,
    one(types.warehouseNamespace, { logExports: ["userlog", "connectionlog", "useractivitylog"] }, [
      values("logExports", [undefined, null, EMPTIED, ["connectionlog", "userlog"], ["useractivitylog", "userlog"]]),
      values("logExports[0]", ["no-such-log"], [], { at: "logExports" }),
    ]),
  ),
  proof(
    redshiftUsageLimit,
    {
      resources: {
        workgroup: { type: types.warehouseWorkgroup, inputs: {} },
        limit: {
          type: types.warehouseUsageLimit,
          inputs: { breachAction: "emit-metric" },
          links: { resourceArn: "workgroup" },
          needed: limited,
        },
      },
    },
    {
      stack: "dev",
      resources: {
        workgroup: { type: types.warehouseWorkgroup, inputs: {} },
        limit: {
          type: types.warehouseUsageLimit,
          inputs: { breachAction: "deactivate" },
          links: { resourceArn: "workgroup" },
          breaks: [oneOf("breachAction", ["deactivate"], ["log", "emit-metric"], limited)],
        },
      },
    },
  ),
];

export const analytics: readonly Proof[] = [...athena, ...glue, ...quicksight, ...streams, ...warehouse];
