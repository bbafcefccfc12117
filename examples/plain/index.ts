import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const provider = new aws.Provider("aws", {
  region: "ap-northeast-1",
  allowedAccountIds: ["333333333333"],
  defaultTags: {
    tags: {
      Project: "plain",
      Environment: pulumi.getStack(),
      Owner: "orders",
      CostCenter: "CC-2000",
      ManagedBy: "pulumi",
      DataClass: "internal",
    },
  },
});
const opts = { provider };
const kept = { provider, protect: true };

const { accountId } = aws.getCallerIdentityOutput({}, opts);
const root = pulumi.interpolate`arn:aws:iam::${accountId}:root`;
const key = new aws.kms.Key(
  "orders",
  {
    enableKeyRotation: true,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" },
        {
          Effect: "Allow",
          Principal: { Service: ["sns.amazonaws.com", "logs.ap-northeast-1.amazonaws.com"] },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ],
    }),
  },
  kept,
);

/** Refuses what does not come over TLS. */
const overTls = (action: string, resource: pulumi.Input<string>): aws.iam.PolicyStatement => ({
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const topic = new aws.sns.Topic("orders", { kmsMasterKeyId: key.arn }, opts);
new aws.sns.TopicPolicy(
  "orders",
  { arn: topic.arn, policy: { Version: "2012-10-17", Statement: [overTls("sns:Publish", topic.arn)] } },
  opts,
);

const failed = new aws.sqs.Queue("failed", { kmsMasterKeyId: key.arn, messageRetentionSeconds: 1_209_600 }, opts);
const redrivePolicy = pulumi.jsonStringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: 5 });
const queue = new aws.sqs.Queue(
  "orders",
  { kmsMasterKeyId: key.arn, visibilityTimeoutSeconds: 180, redrivePolicy },
  opts,
);
new aws.sqs.QueuePolicy(
  "failed",
  { queueUrl: failed.url, policy: { Version: "2012-10-17", Statement: [overTls("sqs:*", failed.arn)] } },
  opts,
);
new aws.sqs.QueuePolicy(
  "orders",
  {
    queueUrl: queue.url,
    policy: {
      Version: "2012-10-17",
      Statement: [
        overTls("sqs:*", queue.arn),
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue.arn,
          Condition: { ArnEquals: { "aws:SourceArn": topic.arn } },
        },
      ],
    },
  },
  opts,
);
new aws.sns.TopicSubscription(
  "orders",
  {
    topic: topic.arn,
    protocol: "sqs",
    endpoint: queue.arn,
    redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: failed.arn }),
  },
  opts,
);

const table = new aws.dynamodb.Table(
  "orders",
  {
    attributes: [{ name: "id", type: "S" }],
    hashKey: "id",
    billingMode: "PAY_PER_REQUEST",
    onDemandThroughput: { maxReadRequestUnits: 1000, maxWriteRequestUnits: 1000 },
    serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
    pointInTimeRecovery: { enabled: true },
    deletionProtectionEnabled: true,
  },
  kept,
);

const role = new aws.iam.Role(
  "writer",
  {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  },
  opts,
);
const group = new aws.cloudwatch.LogGroup(
  "writer",
  { kmsKeyId: key.arn, retentionInDays: 365, deletionProtectionEnabled: true },
  opts,
);
new aws.iam.RolePolicy(
  "writer",
  {
    role: role.name,
    policy: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "dynamodb:PutItem", Resource: table.arn },
        {
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: queue.arn,
        },
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: key.arn },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: pulumi.interpolate`${group.arn}:*`,
        },
      ],
    },
  },
  opts,
);
const writer = new aws.lambda.Function(
  "writer",
  {
    role: role.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset("export const handler = async () => ({});\n"),
    }),
    timeout: 30,
    memorySize: 256,
    kmsKeyArn: key.arn,
    environment: { variables: { TABLE_NAME: table.name } },
    loggingConfig: { logFormat: "JSON", logGroup: group.name },
  },
  opts,
);
new aws.lambda.EventSourceMapping(
  "orders",
  { eventSourceArn: queue.arn, functionName: writer.arn, batchSize: 10, scalingConfig: { maximumConcurrency: 10 } },
  opts,
);

new aws.cloudwatch.MetricAlarm(
  "logs",
  {
    alarmDescription: "Programs wrote a gigabyte or more to logs within an hour",
    namespace: "AWS/Logs",
    metricName: "IncomingBytes",
    statistic: "Sum",
    period: 3600,
    evaluationPeriods: 1,
    threshold: 1_000_000_000,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
  },
  opts,
);

export const orders = topic.arn;
