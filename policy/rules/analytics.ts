import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { on, rule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

type Report = (at: Value, wrong: string, set: string) => void;

export const athenaResults = rule(
  {
    name: "athena-results",
    description: "Results of queries are encrypted with a customer-managed key, whatever a client asks for",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/athena/latest/ug/workgroups-minimum-encryption.html",
    remediationSteps: "Enforce the workgroup's configuration, with SSE_KMS and the stack's key.",
  },
  on<aws.athena.WorkgroupArgs>(types.athenaWorkgroup, ({ props, report }) => {
    const configuration = props.at("configuration");
    const managed = configuration.at("managedQueryResultsConfiguration");
    const key = managed.at("encryptionConfiguration").at("kmsKey");
    if (managed.at("enabled").unknown) return;
    if (managed.at("enabled").is(true)) {
      if (lacksCustomerKey(key)) report(key, "is not a customer-managed key", "set it to the ARN of the stack's key");
      return;
    }
    // AWS enforces where nothing is said; the provider says true then.
    const enforced = configuration.at("enforceWorkgroupConfiguration");
    if (enforced.is(false)) report(enforced, "is off", "set it to true: clients choose their own results' place else");
    const least = configuration.at("enableMinimumEncryptionConfiguration");
    if (least.isNot(true)) report(least, "is not on", "set it to true");
    encrypted(
      configuration.at("resultConfiguration").at("encryptionConfiguration"),
      ["kmsKeyArn", "SSE_KMS", "CSE_KMS"],
      report,
    );
  }),
  on<aws.athena.DatabaseArgs>(types.athenaDatabase, ({ props, report }) => {
    encrypted(props.at("encryptionConfiguration"), ["kmsKey", "SSE_KMS", "CSE_KMS"], report);
  }),
);

function encrypted(encryption: Value, [property, ...options]: readonly [string, ...string[]], report: Report): void {
  const option = encryption.dig("encryptionOption");
  const key = encryption.dig(property);
  if (option.isNot(...options)) report(option, `is not ${options[0]}`, "set it, with the stack's key");
  else if (lacksCustomerKey(key)) report(key, "is not a customer-managed key", "set it to the ARN of the stack's key");
}

export const athenaMetrics = rule(
  {
    name: "athena-metrics",
    description: "Workgroups say what their queries read and how long they take",
    severity: "low",
    levels: "A/A/M",
    fsbp: ["Athena.4", "Athena workgroups should have logging enabled"],
    remediationSteps: "Set publishCloudwatchMetricsEnabled to true.",
  },
  on<aws.athena.WorkgroupArgs>(types.athenaWorkgroup, ({ props, report }) => {
    const metrics = props.at("configuration").at("publishCloudwatchMetricsEnabled");
    if (metrics.is(false)) report(metrics, "is off", "set it to true, or leave it out");
  }),
);

export const athenaScanLimit = rule(
  {
    name: "athena-scan-limit",
    description: "One query reads so much and no more",
    severity: "medium",
    levels: "R/R/A",
    url: "https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html",
    remediationSteps: "Set bytesScannedCutoffPerQuery: 10000000000, for example, is 10 GB.",
    remedy: { "configuration.bytesScannedCutoffPerQuery": 10_000_000_000 },
  },
  on<aws.athena.WorkgroupArgs>(types.athenaWorkgroup, ({ props, report }) => {
    const limit = props.at("configuration").at("bytesScannedCutoffPerQuery");
    if (limit.isEmpty()) report(limit, "is not set", "set it: 10000000000, for example, is 10 GB");
  }),
);

export const glueCatalog = rule(
  {
    name: "glue-catalog",
    description: "The catalog and the passwords of its connections are encrypted",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html",
    remediationSteps: "Set catalogEncryptionMode to SSE-KMS and returnConnectionPasswordEncrypted to true.",
  },
  on<aws.glue.DataCatalogEncryptionSettingsArgs>(types.glueCatalogEncryption, ({ props, report }) => {
    const settings = props.at("dataCatalogEncryptionSettings");
    const mode = settings.at("encryptionAtRest").at("catalogEncryptionMode");
    if (mode.isNot("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")) {
      report(mode, "is not SSE-KMS", "set it, with sseAwsKmsKeyId, the account's key");
    }
    const passwords = settings.at("connectionPasswordEncryption").at("returnConnectionPasswordEncrypted");
    if (passwords.isNot(true)) report(passwords, "is not on", "set it to true, with awsKmsKeyId");
  }),
);

export const glueConnSsl = rule(
  {
    name: "glue-conn-ssl",
    description: "Glue connects to databases and brokers over TLS",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/glue/latest/dg/connection-properties.html",
    remediationSteps: "Set JDBC_ENFORCE_SSL, or KAFKA_SSL_ENABLED, to true in connectionProperties.",
  },
  on<aws.glue.ConnectionArgs>(types.glueConnection, ({ props, report }) => {
    const type = props.at("connectionType");
    // A connection that says no type is one of JDBC.
    const property = type.isEmpty() ? "JDBC_ENFORCE_SSL" : switches[type.text ?? ""];
    if (property === undefined) return;
    const ssl = props.at("connectionProperties").dig(property);
    if (ssl.isNot("true", true)) report(ssl, "is not on", "set it to true");
  }),
);

const switches: Readonly<Record<string, string>> = { JDBC: "JDBC_ENFORCE_SSL", KAFKA: "KAFKA_SSL_ENABLED" };

export const glueSecConfig = rule(
  {
    name: "glue-sec-config",
    description: "Jobs and crawlers encrypt their files, logs and bookmarks",
    severity: "medium",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html",
    remediationSteps: "Give each job and crawler a securityConfiguration that encrypts all three with the stack's key.",
  },
  on<aws.glue.SecurityConfigurationArgs>(types.glueSecurityConfiguration, ({ props, report }) => {
    const encryption = props.at("encryptionConfiguration");
    for (const [mode, allowed] of [
      [encryption.at("cloudwatchEncryption").at("cloudwatchEncryptionMode"), ["SSE-KMS"]],
      [encryption.at("jobBookmarksEncryption").at("jobBookmarksEncryptionMode"), ["CSE-KMS"]],
      [encryption.at("s3Encryption").at("s3EncryptionMode"), ["SSE-KMS", "SSE-S3"]],
    ] as const) {
      if (mode.isNot(...allowed)) report(mode, `is not ${allowed[0]}`, "set it, with kmsKeyArn, the stack's key");
    }
  }),
  on<aws.glue.JobArgs>([...types.glueJob, ...types.glueCrawler], ({ props, report }) => {
    const configuration = props.at("securityConfiguration");
    if (configuration.isEmpty()) report(configuration, "is not set", "set it to a glue.SecurityConfiguration");
  }),
);

/** AWS: Glue developer guide, "AWS Glue version support policy": no support for what is older, from April 2026. */
const firstSupported = 3;

export const glueJobSupport = rule(
  {
    name: "glue-job-support",
    description: "Jobs run on a supported version of Glue, and end: after a time, and after a few tries",
    severity: "medium",
    levels: "A/A/M",
    fsbp: ["Glue.4", "AWS Glue Spark jobs should run on supported versions of AWS Glue"],
    remediationSteps: "Set glueVersion to 5.0, timeout in minutes, and maxRetries to 3 at most.",
  },
  on<aws.glue.JobArgs>(types.glueJob, ({ props, report }) => {
    const command = props.at("command").at("name");
    const version = props.at("glueVersion");
    // Shell and Ray jobs have versions of their own.
    const spark = command.isEmpty() || command.is("glueetl", "gluestreaming");
    if (spark && !version.unknown && !(Number(version.text ?? 0) >= firstSupported)) {
      report(version, "is not supported any more, or not set", "set it to 5.0");
    }
    const timeout = props.at("timeout");
    // A streaming job has no end.
    if (command.isNot("gluestreaming") && timeout.isEmpty()) {
      report(timeout, "is not set", "set it in minutes: a run that hangs is paid for eight hours else");
    }
    const retries = props.at("maxRetries");
    if (Number(retries.known ?? 0) > 3) report(retries, "is more than 3", "lower it: every try is paid");
  }),
);

export const lakeformationDefault = rule(
  {
    name: "lakeformation-default",
    description: "New tables of restricted data are not open to everyone whom IAM lets read the catalog",
    severity: "medium",
    levels: "0/A/A",
    url: "https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html",
    remediationSteps: "Set createTableDefaultPermissions to named principals, not IAM_ALLOWED_PRINCIPALS.",
  },
  on<aws.glue.CatalogDatabaseArgs>(types.catalogDatabase, ({ props, report }) => {
    if (!isRestricted(props)) return;
    const permissions = props.at("createTableDefaultPermissions");
    if (permissions.isEmpty()) {
      report(permissions, "is not set, which is IAM_ALLOWED_PRINCIPALS", "set it to named principals");
    }
    for (const permission of permissions.items()) {
      const principal = permission.at("principal").at("dataLakePrincipalIdentifier");
      if (principal.is("IAM_ALLOWED_PRINCIPALS")) report(principal, "is everyone whom IAM lets in", "name a principal");
    }
  }),
);

/** By the tag that the stack gives to all that it makes. */
function isRestricted(props: Value): boolean {
  return props.dig("tagsAll", "DataClass").is("restricted");
}

/** Databases that stand in a network; the rest of QuickSight's sources are reached by the services' own names. */
const inNetworks = [
  "aurora",
  "auroraPostgresql",
  "mariaDb",
  "mysql",
  "oracle",
  "postgresql",
  "rds",
  "redshift",
  "sqlServer",
];

export const quicksightAccess = rule(
  {
    name: "quicksight-access",
    description:
      "Dashboards sign in with secrets, reach databases through the network, and show restricted data row by row",
    severity: "high",
    levels: "A/A/M",
    url: "https://docs.aws.amazon.com/quicksight/latest/user/best-practices-security.html",
    remediationSteps:
      "Use credentials.secretArn, vpcConnectionProperties and row-level permissions; protect the subscription.",
  },
  on<aws.quicksight.DataSourceArgs>(types.quicksightDataSource, ({ props, report }) => {
    const pair = props.at("credentials").at("credentialPair");
    if (!pair.unknown && !pair.isEmpty()) {
      report(pair, "is a password in the state", "set credentials.secretArn in its place");
    }
    const connection = props.at("vpcConnectionProperties");
    const kept = inNetworks.some((kind) => props.at("parameters").keys().includes(kind));
    if (kept && connection.isEmpty()) {
      report(connection, "is not set", "set it: the database has to be open to the internet else");
    }
  }),
  on<aws.quicksight.DataSetArgs>(types.quicksightDataSet, ({ props, report }) => {
    const rows = [props.at("rowLevelPermissionDataSet"), props.at("rowLevelPermissionTagConfiguration")];
    if (isRestricted(props) && rows.every((permission) => permission.isEmpty())) {
      report("rowLevelPermissionDataSet", "is not set", "set it: every reader sees every row else");
    }
  }),
  on<aws.quicksight.AccountSettingsArgs>(types.quicksightAccountSettings, ({ props, report }) => {
    const protection = props.at("terminationProtectionEnabled");
    if (protection.is(false)) report(protection, "is off", "set it to true");
  }),
);

export const quicksightSsl = rule(
  {
    name: "quicksight-ssl",
    description: "Dashboards ask their sources over TLS",
    severity: "high",
    levels: "M/M/M",
    url: "https://docs.aws.amazon.com/quicksight/latest/APIReference/API_SslProperties.html",
    remediationSteps: "Set sslProperties.disableSsl to false, or leave it out.",
  },
  on<aws.quicksight.DataSourceArgs>(types.quicksightDataSource, ({ props, report }) => {
    const off = props.at("sslProperties").at("disableSsl");
    if (off.is(true)) report(off, "is on", "set it to false");
  }),
);
