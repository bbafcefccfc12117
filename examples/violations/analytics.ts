import * as aws from "@pulumi/aws";

import { key, opts } from "./base";
import { logs } from "./storage";

const role = "arn:aws:iam::333333333333:role/analytics";

// athena-results, athena-metrics, athena-scan-limit
new aws.athena.Workgroup(
  "queries",
  {
    configuration: {
      enableMinimumEncryptionConfiguration: true,
      publishCloudwatchMetricsEnabled: false,
      resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_S3" } },
    },
  },
  opts,
);

// glue-catalog
new aws.glue.DataCatalogEncryptionSettings(
  "catalog",
  {
    dataCatalogEncryptionSettings: {
      encryptionAtRest: { catalogEncryptionMode: "DISABLED" },
      connectionPasswordEncryption: { returnConnectionPasswordEncrypted: true, awsKmsKeyId: key.arn },
    },
  },
  opts,
);

// glue-conn-ssl
new aws.glue.Connection(
  "shop",
  {
    connectionType: "JDBC",
    connectionProperties: { JDBC_CONNECTION_URL: "jdbc:postgresql://db/shop", SECRET_ID: "shop" },
  },
  opts,
);

// glue-sec-config, glue-job-support
new aws.glue.Job(
  "report",
  {
    roleArn: role,
    command: { name: "glueetl", scriptLocation: "s3://code/report.py" },
    glueVersion: "2.0",
    timeout: 60,
    numberOfWorkers: 2,
    workerType: "G.1X",
  },
  opts,
);

// lakeformation-default: everyone whom IAM lets in
new aws.glue.CatalogDatabase("people", { name: "people", tags: { DataClass: "restricted" } }, opts);

// quicksight-access, quicksight-ssl
new aws.quicksight.DataSource(
  "shop",
  {
    dataSourceId: "shop",
    name: "shop",
    type: "POSTGRESQL",
    parameters: { postgresql: { host: "db", port: 5432, database: "shop" } },
    credentials: { secretArn: "arn:aws:secretsmanager:ap-northeast-1:333333333333:secret:shop-AbCdEf" },
    sslProperties: { disableSsl: true },
  },
  opts,
);

// firehose-sse, firehose-error-logs
new aws.kinesis.FirehoseDeliveryStream(
  "clicks",
  {
    destination: "extended_s3",
    extendedS3Configuration: { bucketArn: logs.arn, roleArn: role, kmsKeyArn: key.arn },
  },
  opts,
);

// redshift-cmk, redshift-log-exports
const namespace = new aws.redshiftserverless.Namespace(
  "warehouse",
  { namespaceName: "warehouse", logExports: ["userlog"] },
  { ...opts, protect: true },
);

// redshift-ssl, redshift-not-public, redshift-usage-limit
new aws.redshiftserverless.Workgroup(
  "warehouse",
  {
    workgroupName: "warehouse",
    namespaceName: namespace.namespaceName,
    maxCapacity: 16,
    publiclyAccessible: true,
    enhancedVpcRouting: true,
  },
  opts,
);
