import type * as aws from "@pulumi/aws";
import { type Input, interpolate, type Output } from "@pulumi/pulumi";

import { policyDocument } from "../shared/policy-document";

/**
 * AWS services that use a key on their own account, not with the rights of the caller, and so must stand in its policy.
 * What acts with the caller's rights or by grants made with them (ECR, RDS, DynamoDB, Kinesis, SQS, Secrets Manager,
 * EventBridge Scheduler) needs no entry: IAM policies decide there.
 *
 * - `logs`: CloudWatch Logs, for log groups with this key
 * - `cloudwatch`: alarms that publish to a topic with this key
 * - `events`: EventBridge rules that target a topic or queue with this key
 * - `budgets`, `costalerts`: AWS Budgets and Cost Anomaly Detection, publishing to a topic with this key
 * - `sns`: topics that deliver to a queue with this key
 * - `s3`: bucket notifications to a topic or queue with this key
 * - `cloudfront`: distributions that read a bucket with this key (origin access control)
 * - `cloudtrail`: trails that write with this key
 * - `fargate`: ephemeral storage of Fargate tasks with this key
 * - `s3vectors`: vector indexes with this key, which S3 keeps in order by itself
 */
export const keyServices = [
  "logs",
  "cloudwatch",
  "events",
  "budgets",
  "costalerts",
  "sns",
  "s3",
  "cloudfront",
  "cloudtrail",
  "fargate",
  "s3vectors",
] as const;

/** A service that a key's policy can admit. */
export type KeyService = (typeof keyServices)[number];

/** Where the key is: what its statements are narrowed to. */
export interface KeyPlace {
  readonly accountId: Input<string>;
  readonly partition: Input<string>;
  readonly region: Input<string>;
}

/** The key's policy: IAM policies of the account work, and each listed service for this account alone. */
export function keyPolicy(services: readonly KeyService[], place: KeyPlace): aws.iam.PolicyDocument {
  const admitted = keyServices.filter((service) => services.includes(service));
  return policyDocument([
    {
      Sid: "AccountThroughIam",
      Effect: "Allow",
      Principal: { AWS: interpolate`arn:${place.partition}:iam::${place.accountId}:root` },
      // Without it IAM policies have no effect on the key, and nobody could ever change it again.
      Action: "kms:*",
      Resource: thisKey,
    },
    ...admitted.flatMap((service) => statements[service](place)),
  ]);
}

/** In a key policy `*` is the key that the policy belongs to. */
const thisKey = "*";

/** What a service needs to send to an encrypted topic or queue. */
const send = ["kms:Decrypt", "kms:GenerateDataKey*"];

const statements: Record<KeyService, (place: KeyPlace) => aws.iam.PolicyStatement[]> = {
  // AWS: CloudWatch Logs user guide, "Encrypt log data using KMS": a principal per region, and the encryption context in
  // place of aws:SourceAccount. With the log group's ARN open, the groups of this account and region.
  logs: (place) => [
    {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: interpolate`logs.${place.region}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      Resource: thisKey,
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arnHere(place, "logs", "*") } },
    },
  ],
  cloudwatch: (place) => [forAccount(place, "CloudWatchAlarms", "cloudwatch.amazonaws.com", send)],
  // AWS: SNS developer guide, "Managing encryption keys": aws:SourceAccount and aws:SourceArn are not supported between
  // EventBridge and an encrypted topic, so the encryption context, which names the topic or queue, holds it to this account.
  events: (place) => [
    {
      Sid: "EventBridgeToTopics",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: send,
      Resource: thisKey,
      Condition: { ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": arnHere(place, "sns", "*") } },
    },
    {
      Sid: "EventBridgeToQueues",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: send,
      Resource: thisKey,
      Condition: { ArnLike: { "kms:EncryptionContext:aws:sqs:arn": arnHere(place, "sqs", "*") } },
    },
  ],
  budgets: (place) => [forAccount(place, "Budgets", "budgets.amazonaws.com", send)],
  costalerts: (place) => [forAccount(place, "CostAnomalyDetection", "costalerts.amazonaws.com", send)],
  sns: (place) => [forAccount(place, "TopicsToQueues", "sns.amazonaws.com", send)],
  s3: (place) => [forAccount(place, "BucketNotifications", "s3.amazonaws.com", send)],
  // Origin access control signs with the distribution's ARN, which holds the account. Reads only: no upload goes through.
  cloudfront: (place) => [
    {
      Sid: "CloudFrontOrigins",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: thisKey,
      Condition: {
        ArnLike: { "aws:SourceArn": interpolate`arn:${place.partition}:cloudfront::${place.accountId}:distribution/*` },
      },
    },
  ],
  // AWS: CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail": the trail's ARN as source and as context;
  // Decrypt because the trail's bucket uses an S3 bucket key.
  cloudtrail: (place) => {
    const trails = interpolate`arn:${place.partition}:cloudtrail:*:${place.accountId}:trail/*`;
    const service = { Service: "cloudtrail.amazonaws.com" };
    return [
      {
        Sid: "CloudTrailWrites",
        Effect: "Allow",
        Principal: service,
        Action: "kms:GenerateDataKey*",
        Resource: thisKey,
        Condition: {
          ArnLike: { "aws:SourceArn": trails },
          StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trails },
        },
      },
      {
        Sid: "CloudTrailBucketKey",
        Effect: "Allow",
        Principal: service,
        Action: ["kms:Decrypt", "kms:DescribeKey"],
        Resource: thisKey,
        Condition: { ArnLike: { "aws:SourceArn": trails } },
      },
    ];
  },
  // AWS: ECS developer guide, "Customer managed keys for Fargate ephemeral storage": narrowed by the cluster's account in
  // the encryption context. The cluster's name stays open, since the key is made before any cluster.
  fargate: (place) => {
    const cluster = { "kms:EncryptionContext:aws:ecs:clusterAccount": place.accountId };
    const service = { Service: "fargate.amazonaws.com" };
    return [
      {
        Sid: "FargateStorageDataKeys",
        Effect: "Allow",
        Principal: service,
        Action: "kms:GenerateDataKeyWithoutPlaintext",
        Resource: thisKey,
        Condition: { StringEquals: cluster },
      },
      {
        Sid: "FargateStorageGrants",
        Effect: "Allow",
        Principal: service,
        Action: "kms:CreateGrant",
        Resource: thisKey,
        Condition: { StringEquals: cluster, "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] } },
      },
    ];
  },
  // AWS: S3 user guide, "Data protection and encryption in S3 Vectors".
  s3vectors: (place) => [
    {
      Sid: "VectorIndexes",
      Effect: "Allow",
      Principal: { Service: "indexing.s3vectors.amazonaws.com" },
      Action: "kms:Decrypt",
      Resource: thisKey,
      Condition: {
        StringEquals: { "aws:SourceAccount": place.accountId },
        ArnLike: { "aws:SourceArn": arnHere(place, "s3vectors", "bucket/*") },
      },
    },
  ],
};

function forAccount(place: KeyPlace, sid: string, principal: string, actions: string[]): aws.iam.PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: principal },
    Action: actions,
    Resource: thisKey,
    Condition: { StringEquals: { "aws:SourceAccount": place.accountId } },
  };
}

function arnHere(place: KeyPlace, service: string, rest: string): Output<string> {
  return interpolate`arn:${place.partition}:${service}:${place.region}:${place.accountId}:${rest}`;
}
