import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate, type Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { Settled, SettledLifecycle } from "./settle";
import type { LakeBucket } from "./types";

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** What of a bucket differs between zones and query results. */
export interface BucketKind {
  /** Part of the names: the zone, or `results`. */
  readonly role: string;
  readonly lifecycle: SettledLifecycle;
  readonly restoreDays: number;
}

/** A private, versioned bucket, encrypted with the stack's key and reached over TLS alone. */
export function createBucket(parent: Resource, s: Settled, kind: BucketKind): LakeBucket {
  const { transform = {}, keep, keyArn } = s.args;
  const name = `${s.name}-${kind.role}`;
  const opts = { parent };
  const made = new aws.s3.Bucket(
    `${name}-bucket`,
    override<aws.s3.BucketArgs>({ forceDestroy: !keep }, transform.bucket),
    { ...opts, protect: keep },
  );
  const { bucket } = made;
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    override<aws.s3.BucketOwnershipControlsArgs>(
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      transform.ownership,
    ),
    opts,
  );
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    override<aws.s3.BucketPublicAccessBlockArgs>(
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      transform.publicAccess,
    ),
    opts,
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    override<aws.s3.BucketServerSideEncryptionConfigurationArgs>(
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            // A query opens thousands of files: without it each would be a call of KMS.
            bucketKeyEnabled: true,
          },
        ],
      },
      transform.encryption,
    ),
    opts,
  );
  const policy = createPolicy(opts, name, s, { bucket: made, dependsOn: [publicAccess, ownership] });
  return {
    ...{ bucket: made, ownership, publicAccess, encryption, policy },
    ...createHistory(opts, name, s, { bucket, kind }),
  };
}

function createHistory(
  opts: CustomResourceOptions,
  name: string,
  s: Settled,
  { bucket, kind }: { readonly bucket: Input<string>; readonly kind: BucketKind },
): Pick<LakeBucket, "versioning" | "lifecycle" | "logging"> {
  const { transform = {}, logArchive } = s.args;
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    override<aws.s3.BucketVersioningArgs>(
      { bucket, versioningConfiguration: { status: "Enabled" } },
      transform.versioning,
    ),
    opts,
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    override<aws.s3.BucketLifecycleConfigurationArgs>({ bucket, rules: lifecycleRules(kind) }, transform.lifecycle),
    // Rules about noncurrent versions come after versioning (AWS provider: aws_s3_bucket_lifecycle_configuration).
    { ...opts, dependsOn: [versioning] },
  );
  const logging = new aws.s3.BucketLogging(
    `${name}-logging`,
    override<aws.s3.BucketLoggingArgs>(
      {
        bucket,
        targetBucket: logArchive.bucketName,
        targetPrefix: `s3/${name}/`,
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      transform.logging,
    ),
    opts,
  );
  return { versioning, lifecycle, logging };
}

/** Tiering by use, expiry where asked, and an end to what was deleted or never finished. */
export function lifecycleRules({ lifecycle, restoreDays }: Pick<BucketKind, "lifecycle" | "restoreDays">): Rule[] {
  const { tierAfterDays, expireAfterDays } = lifecycle;
  return [
    {
      id: "age",
      status: "Enabled",
      filter: {},
      ...(tierAfterDays !== undefined && {
        transitions: [{ days: tierAfterDays, storageClass: "INTELLIGENT_TIERING" }],
      }),
      ...(expireAfterDays !== undefined && { expiration: { days: expireAfterDays } }),
      noncurrentVersionExpiration: { noncurrentDays: restoreDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    // Its own rule: S3 takes `days` and `expiredObjectDeleteMarker` not in one.
    { id: "delete-markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
  ];
}

function createPolicy(
  opts: CustomResourceOptions,
  name: string,
  s: Settled,
  { bucket, dependsOn }: { readonly bucket: aws.s3.Bucket; readonly dependsOn: Resource[] },
): aws.s3.BucketPolicy {
  const policy: aws.iam.PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket.arn, interpolate`${bucket.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
  return new aws.s3.BucketPolicy(
    `${name}-policy`,
    override<aws.s3.BucketPolicyArgs>({ bucket: bucket.bucket, policy }, s.args.transform?.policy),
    // S3 refuses two changes of one bucket at a time (OperationAborted).
    { ...opts, dependsOn },
  );
}
