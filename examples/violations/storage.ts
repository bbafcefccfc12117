import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { kept, opts, overTls } from "./base";

/** Where logs go; it complies. */
export const logs = new aws.s3.Bucket("logs", {}, kept);
const onLogs = { bucket: logs.bucket };
const versioning = { versioningConfiguration: { status: "Enabled" } };
const lifecycle = {
  rules: [
    {
      id: "old",
      status: "Enabled",
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
  ],
};
const blocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
new aws.s3.BucketVersioning("logs", { ...onLogs, ...versioning }, opts);
new aws.s3.BucketLifecycleConfiguration("logs", { ...onLogs, ...lifecycle }, opts);
new aws.s3.BucketPublicAccessBlock("logs", { ...onLogs, ...blocked }, opts);
new aws.s3.BucketPolicy(
  "logs",
  {
    ...onLogs,
    policy: {
      Version: "2012-10-17",
      Statement: [
        overTls("s3:*", [logs.arn, pulumi.interpolate`${logs.arn}/*`]),
        {
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: pulumi.interpolate`${logs.arn}/*`,
        },
      ],
    },
  },
  opts,
);

// pulumi-protect, tag-data-class, s3-acl-policy, and by what is missing: s3-sse-kms, s3-ssl-only, s3-bpa,
// s3-access-logs, s3-versioning-lifecycle
const files = new aws.s3.Bucket("files", { acl: "public-read", tags: { DataClass: "secret" } }, opts);
new aws.s3.BucketLifecycleConfiguration("files", { bucket: files.bucket, ...lifecycle }, opts);

// sqs-sse, sqs-redrive
const queue = new aws.sqs.Queue("queue", {}, opts);
// resource-policy-public
new aws.sqs.QueuePolicy(
  "queue",
  {
    queueUrl: queue.url,
    policy: {
      Version: "2012-10-17",
      Statement: [
        overTls("sqs:*", queue.arn),
        { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: queue.arn },
      ],
    },
  },
  opts,
);

// sns-sse, sqs-sns-ssl; tag-required-keys, tag-allowed-values, tag-format, tag-expiry
new aws.sns.Topic("topic", { tags: { Owner: "", ManagedBy: "hand", "Team<": "web", ExpiresOn: "soon" } }, opts);

// dynamodb-cmk, dynamodb-pitr, dynamodb-capacity, db-deletion-protection, backup-plan
new aws.dynamodb.Table(
  "table",
  {
    attributes: [{ name: "id", type: "S" }],
    hashKey: "id",
    billingMode: "PROVISIONED",
    readCapacity: 5,
    writeCapacity: 5,
  },
  kept,
);

// kinesis-sse, cmk-by-data-class, instance-size, stream-retention
new aws.kinesis.Stream("stream", { shardCount: 500, retentionPeriod: 24, tags: { DataClass: "confidential" } }, kept);

// ecr-immutable, ecr-scan, ecr-kms, ecr-lifecycle
new aws.ecr.Repository("images", { imageTagMutability: "MUTABLE" }, kept);

// backup-vault-kms
new aws.backup.Vault("vault", {}, opts);

// kms-rotation, kms-deletion-window, kms-key-policy, data-residency
new aws.kms.Key(
  "shared",
  {
    multiRegion: true,
    deletionWindowInDays: 7,
    tags: { DataClass: "restricted" },
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" }],
    }),
  },
  kept,
);

// logs-kms, log-retention, region-allow-list
new aws.cloudwatch.LogGroup("events", { region: "eu-west-1", deletionProtectionEnabled: true }, opts);

// alarms-have-actions; what it watches keeps spend-ceiling content about logs
new aws.cloudwatch.MetricAlarm(
  "silent",
  {
    comparisonOperator: "GreaterThanThreshold",
    evaluationPeriods: 1,
    metricName: "IncomingBytes",
    namespace: "AWS/Logs",
    period: 3600,
    statistic: "Sum",
    threshold: 1_000_000_000,
  },
  opts,
);
