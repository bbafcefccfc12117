import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import type { Settled } from "./settle";
import { keyThrough, placeOf } from "./stream";
import type { DeliveryNodes, FailuresBucket } from "./types";

type S3 = aws.types.input.kinesis.FirehoseDeliveryStreamExtendedS3Configuration;
type Made = Pick<FailuresBucket, "failures"> & { readonly stream: aws.kinesis.Stream };

/** Firehose, with a log of what it could not deliver and a role for this table alone. */
export function createDelivery(parent: pulumi.Resource, s: Settled, made: Made): DeliveryNodes {
  const { name, args } = s;
  const transform = args.transform ?? {};
  const opts = { parent };
  const deliveryLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-delivery-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: args.keep },
      transform.deliveryLogGroup,
    ),
    { ...opts, protect: args.keep },
  );
  const deliveryLogStream = new aws.cloudwatch.LogStream(
    `${name}-delivery-log-stream`,
    override<aws.cloudwatch.LogStreamArgs>({ logGroupName: deliveryLogGroup.name }, transform.deliveryLogStream),
    opts,
  );
  const deliveryRole = new aws.iam.Role(
    `${name}-delivery-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: delivers the stream to the lake`,
        // AWS: Firehose developer guide, "Allow Firehose to assume an IAM role": the external id is the account.
        assumeRolePolicy: assumableBy("firehose.amazonaws.com", {
          StringEquals: { "sts:ExternalId": placeOf(made.stream).account },
        }),
      },
      transform.deliveryRole,
    ),
    opts,
  );
  const deliveryPolicy = new aws.iam.RolePolicy(
    `${name}-delivery-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: deliveryRole.name, policy: policyDocument(rights(s, made, deliveryLogGroup)) },
      transform.deliveryPolicy,
    ),
    opts,
  );
  const delivery = new aws.kinesis.FirehoseDeliveryStream(
    `${name}-delivery`,
    override<aws.kinesis.FirehoseDeliveryStreamArgs>(
      {
        destination: "extended_s3",
        serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: args.keyArn },
        extendedS3Configuration: destination(s, made, deliveryRole, deliveryLogGroup, deliveryLogStream),
      },
      transform.delivery,
    ),
    // Firehose reads the table's schema with the role when it is created.
    { ...opts, protect: args.keep, dependsOn: [deliveryPolicy] },
  );
  return { deliveryLogGroup, deliveryLogStream, deliveryRole, deliveryPolicy, delivery };
}

/** Folder of the table in its bucket, with the slash at the end. */
function folder(s: Settled): pulumi.Output<string> {
  return pulumi.output(s.args.table.location).apply((location) => location.replace(/^s3:\/\/[^/]+\/|\/?$/g, "") + "/");
}

/** Beside the tables, so that no query takes a failed row for data. */
function errorFolder(s: Settled): string {
  return `_errors/${s.name}/`;
}

function destination(
  s: Settled,
  { failures }: Made,
  role: aws.iam.Role,
  logGroup: aws.cloudwatch.LogGroup,
  logStream: aws.cloudwatch.LogStream,
): S3 {
  const { table, lake, keyArn } = s.args;
  const path = s.partitions
    .map((p) => `${p.name}=!{${"query" in p ? `partitionKeyFromQuery:${p.name}` : `timestamp:${p.arrival}`}}/`)
    .join("");
  const cloudwatchLoggingOptions = { enabled: true, logGroupName: logGroup.name, logStreamName: logStream.name };
  return {
    roleArn: role.arn,
    bucketArn: lake.zones[table.zone].bucketArn,
    kmsKeyArn: lake.keyArn,
    prefix: pulumi.interpolate`${folder(s)}${path}`,
    errorOutputPrefix: `${errorFolder(s)}!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/`,
    customTimeZone: s.files.timeZone,
    bufferingInterval: s.files.seconds,
    bufferingSize: s.files.mebibytes,
    cloudwatchLoggingOptions,
    dataFormatConversionConfiguration: {
      inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
      // Parquet compresses inside: `compressionFormat` stays as it is.
      outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
      schemaConfiguration: {
        databaseName: table.databaseName,
        tableName: table.tableName,
        roleArn: role.arn,
        versionId: "LATEST",
      },
    },
    ...(s.dynamic && dynamicPartitioning(s)),
    ...(s.args.keepRaw === true && {
      s3BackupMode: "Enabled",
      s3BackupConfiguration: {
        roleArn: role.arn,
        bucketArn: failures.arn,
        kmsKeyArn: keyArn,
        prefix: "raw/",
        errorOutputPrefix: "raw-errors/",
        compressionFormat: "GZIP",
        bufferingInterval: 300,
        bufferingSize: 64,
        cloudwatchLoggingOptions,
      },
    }),
  };
}

function dynamicPartitioning(s: Settled): Pick<S3, "dynamicPartitioningConfiguration" | "processingConfiguration"> {
  const queries = s.partitions.flatMap((p) => ("query" in p ? [`${p.name}:${p.query}`] : []));
  return {
    dynamicPartitioningConfiguration: { enabled: true, retryDuration: 300 },
    processingConfiguration: {
      enabled: true,
      processors: [
        {
          type: "MetadataExtraction",
          parameters: [
            { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
            { parameterName: "MetadataExtractionQuery", parameterValue: `{${queries.join(",")}}` },
          ],
        },
      ],
    },
  };
}

function rights(s: Settled, { stream, failures }: Made, logGroup: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
  const { table, lake, keyArn, keepRaw } = s.args;
  const { partition, region, account } = placeOf(stream);
  const { bucketArn } = lake.zones[table.zone];
  const catalog = pulumi.interpolate`arn:${partition}:glue:${region}:${account}`;
  return [
    // AWS: Firehose developer guide, "Grant Firehose access to an Amazon S3 destination" and "... to AWS Glue for data
    // format conversion".
    ...files(bucketArn, [
      pulumi.interpolate`${bucketArn}/${folder(s)}*`,
      pulumi.interpolate`${bucketArn}/${errorFolder(s)}*`,
    ]),
    ...(keepRaw === true ? files(failures.arn, [pulumi.interpolate`${failures.arn}/raw*`]) : []),
    {
      Effect: "Allow",
      Action: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
      Resource: [
        pulumi.interpolate`${catalog}:catalog`,
        pulumi.interpolate`${catalog}:database/${table.databaseName}`,
        pulumi.interpolate`${catalog}:table/${table.databaseName}/${table.tableName}`,
      ],
    },
    keyThrough(stream, "s3", ["kms:Decrypt", "kms:GenerateDataKey"], lake.keyArn),
    ...(keepRaw === true ? [keyThrough(stream, "s3", ["kms:Decrypt", "kms:GenerateDataKey"], keyArn)] : []),
    { Effect: "Allow", Action: "logs:PutLogEvents", Resource: pulumi.interpolate`${logGroup.arn}:*` },
  ];
}

function files(bucketArn: pulumi.Input<string>, objects: pulumi.Input<string>[]): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: bucketArn,
    },
    { Effect: "Allow", Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], Resource: objects },
  ];
}
