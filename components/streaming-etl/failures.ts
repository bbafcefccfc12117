import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, interpolate, type Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { Settled } from "./settle";
import type { FailuresBucket } from "./types";

type History = Pick<FailuresBucket, "failuresVersioning" | "failuresLifecycle" | "failuresLogging">;

/** The private bucket of the batches that were given up, with their payload, and of raw records where they are kept. */
export function createFailures(parent: Resource, s: Settled): FailuresBucket {
  const { name, args } = s;
  const transform = args.transform ?? {};
  const opts = { parent };
  const failures = new aws.s3.Bucket(
    `${name}-failures`,
    override<aws.s3.BucketArgs>({ forceDestroy: !args.keep }, transform.failures),
    { ...opts, protect: args.keep },
  );
  const { bucket } = failures;
  const failuresOwnership = new aws.s3.BucketOwnershipControls(
    `${name}-failures-ownership`,
    override<aws.s3.BucketOwnershipControlsArgs>(
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      transform.failuresOwnership,
    ),
    opts,
  );
  const failuresPublicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-failures-public-access`,
    override<aws.s3.BucketPublicAccessBlockArgs>(
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      transform.failuresPublicAccess,
    ),
    opts,
  );
  const failuresEncryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-failures-encryption`,
    override<aws.s3.BucketServerSideEncryptionConfigurationArgs>(
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
            bucketKeyEnabled: true,
          },
        ],
      },
      transform.failuresEncryption,
    ),
    opts,
  );
  const policy: aws.iam.PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [failures.arn, interpolate`${failures.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
  const failuresPolicy = new aws.s3.BucketPolicy(
    `${name}-failures-policy`,
    override<aws.s3.BucketPolicyArgs>({ bucket, policy }, transform.failuresPolicy),
    // S3 refuses two changes of one bucket at a time (OperationAborted).
    { ...opts, dependsOn: [failuresPublicAccess, failuresOwnership] },
  );
  const history = createHistory(opts, s, failures);
  return { failures, failuresOwnership, failuresPublicAccess, failuresEncryption, failuresPolicy, ...history };
}

function createHistory(opts: CustomResourceOptions, s: Settled, { bucket }: aws.s3.Bucket): History {
  const { name, args, failureDays } = s;
  const transform = args.transform ?? {};
  const failuresVersioning = new aws.s3.BucketVersioning(
    `${name}-failures-versioning`,
    override<aws.s3.BucketVersioningArgs>(
      { bucket, versioningConfiguration: { status: "Enabled" } },
      transform.failuresVersioning,
    ),
    opts,
  );
  const failuresLifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-failures-lifecycle`,
    override<aws.s3.BucketLifecycleConfigurationArgs>(
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days: failureDays },
            // What a replay deleted can be brought back for a while.
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
          // Its own rule: S3 takes `days` and `expiredObjectDeleteMarker` not in one.
          { id: "delete-markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
        ],
      },
      transform.failuresLifecycle,
    ),
    // Rules about noncurrent versions come after versioning (AWS provider: aws_s3_bucket_lifecycle_configuration).
    { ...opts, dependsOn: [failuresVersioning] },
  );
  const failuresLogging = new aws.s3.BucketLogging(
    `${name}-failures-logging`,
    override<aws.s3.BucketLoggingArgs>(
      {
        bucket,
        targetBucket: args.logArchive.bucketName,
        targetPrefix: `s3/${name}-failures/`,
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      transform.failuresLogging,
    ),
    opts,
  );
  return { failuresVersioning, failuresLifecycle, failuresLogging };
}
