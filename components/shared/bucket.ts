import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";

import { policyDocument } from "./policy-document";
import { override, type Override } from "./override";
import type { LogDestination } from "./placement";

type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** What every bucket is made of, whatever it holds. */
export interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  readonly ownership: aws.s3.BucketOwnershipControls;
  readonly publicAccess: aws.s3.BucketPublicAccessBlock;
  readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
  readonly versioning: aws.s3.BucketVersioning;
  readonly lifecycle: aws.s3.BucketLifecycleConfiguration;
}

/** A bucket with its own policy, whose readers are logged. */
export interface LoggedBucket extends PrivateBucket {
  readonly logging: aws.s3.BucketLogging;
  readonly policy: aws.s3.BucketPolicy;
}

/** Last say on the arguments of each resource. */
export interface PrivateBucketTransform {
  bucket?: Override<aws.s3.BucketArgs> | undefined;
  ownership?: Override<aws.s3.BucketOwnershipControlsArgs> | undefined;
  publicAccess?: Override<aws.s3.BucketPublicAccessBlockArgs> | undefined;
  encryption?: Override<aws.s3.BucketServerSideEncryptionConfigurationArgs> | undefined;
  versioning?: Override<aws.s3.BucketVersioningArgs> | undefined;
  lifecycle?: Override<aws.s3.BucketLifecycleConfigurationArgs> | undefined;
}

/** Last say on the arguments of each resource. */
export interface LoggedBucketTransform extends PrivateBucketTransform {
  logging?: Override<aws.s3.BucketLoggingArgs> | undefined;
  policy?: Override<aws.s3.BucketPolicyArgs> | undefined;
}

/** What differs between buckets. */
export interface PrivateBucketArgs {
  /** What the Pulumi names begin with: `<prefix>-ownership`, `<prefix>-encryption` and so on. */
  readonly prefix: string;
  /** Pulumi name of the bucket itself. @default <prefix>-bucket */
  readonly name?: string;
  /** What sets the name in AWS; left to Pulumi without. */
  readonly named?: Pick<aws.s3.BucketArgs, "bucket" | "bucketNamespace">;
  /** Key that encrypts it. Absent: SSE-S3, which is all that some senders of logs deliver to. */
  readonly keyArn?: Input<string>;
  readonly keep: boolean;
  readonly lifecycle: LifecycleRule[];
  readonly transform: PrivateBucketTransform;
}

/** What differs between buckets whose readers are logged. */
export interface LoggedBucketArgs extends PrivateBucketArgs {
  readonly logArchive: LogDestination;
  /** Statements of the policy beside the one that refuses requests without TLS. */
  readonly admit?: (bucketArn: Output<string>) => aws.iam.PolicyStatement[];
  readonly transform: LoggedBucketTransform;
}

/** A private bucket with its policy and its access logs. */
export function createLoggedBucket(parent: Resource, args: LoggedBucketArgs): LoggedBucket {
  const { prefix, logArchive, admit, transform } = args;
  const made = createPrivateBucket(parent, args);
  return {
    ...made,
    logging: createBucketLogging(parent, prefix, made, logArchive, transform.logging),
    policy: createBucketPolicy(parent, prefix, made, admit?.(made.bucket.arn) ?? [], transform.policy),
  };
}

/** A private, versioned and encrypted bucket; its policy comes from createBucketPolicy, its access logs from createBucketLogging. */
export function createPrivateBucket(parent: Resource, args: PrivateBucketArgs): PrivateBucket {
  const { prefix, name = `${prefix}-bucket`, named, keep, transform } = args;
  const opts = { parent };
  const made = new aws.s3.Bucket(
    name,
    override<aws.s3.BucketArgs>({ forceDestroy: !keep, ...named }, transform.bucket),
    { ...opts, protect: keep },
  );
  const { bucket } = made;
  const ownership = new aws.s3.BucketOwnershipControls(
    `${prefix}-ownership`,
    override<aws.s3.BucketOwnershipControlsArgs>(
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      transform.ownership,
    ),
    opts,
  );
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${prefix}-public-access`,
    override<aws.s3.BucketPublicAccessBlockArgs>(
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      transform.publicAccess,
    ),
    opts,
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${prefix}-encryption`,
    override<aws.s3.BucketServerSideEncryptionConfigurationArgs>(
      { bucket, rules: [encryptionRule(args.keyArn)] },
      transform.encryption,
    ),
    opts,
  );
  return { bucket: made, ownership, publicAccess, encryption, ...createHistory(opts, args, bucket) };
}

function encryptionRule(
  keyArn: Input<string> | undefined,
): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  if (keyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
    // One call of KMS for many files: without it each read would be one.
    bucketKeyEnabled: true,
  };
}

function createHistory(
  opts: CustomResourceOptions,
  { prefix, transform, lifecycle: rules }: PrivateBucketArgs,
  bucket: Output<string>,
): Pick<PrivateBucket, "versioning" | "lifecycle"> {
  const versioning = new aws.s3.BucketVersioning(
    `${prefix}-versioning`,
    override<aws.s3.BucketVersioningArgs>(
      { bucket, versioningConfiguration: { status: "Enabled" } },
      transform.versioning,
    ),
    opts,
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${prefix}-lifecycle`,
    override<aws.s3.BucketLifecycleConfigurationArgs>({ bucket, rules }, transform.lifecycle),
    // Rules about noncurrent versions come after versioning (AWS provider: aws_s3_bucket_lifecycle_configuration).
    { ...opts, dependsOn: [versioning] },
  );
  return { versioning, lifecycle };
}

/** The lifecycle of a bucket: what is said of its files, an end to what was deleted or never finished. */
export function lifecycleRules(
  own: Omit<LifecycleRule, "status"> & { id: string },
  restoreDays: number,
): LifecycleRule[] {
  return [
    {
      ...own,
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: restoreDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    deleteMarkers,
  ];
}

/** Its own rule: S3 takes `days` and `expiredObjectDeleteMarker` not in one. */
export const deleteMarkers: LifecycleRule = {
  id: "delete-markers",
  status: "Enabled",
  filter: {},
  expiration: { expiredObjectDeleteMarker: true },
};

/** Access logs to the archive, under `s3/<prefix>/`. */
export function createBucketLogging(
  parent: Resource,
  prefix: string,
  { bucket }: PrivateBucket,
  to: LogDestination,
  transform: Override<aws.s3.BucketLoggingArgs> | undefined,
): aws.s3.BucketLogging {
  return new aws.s3.BucketLogging(
    `${prefix}-logging`,
    override<aws.s3.BucketLoggingArgs>(
      {
        bucket: bucket.bucket,
        targetBucket: to.bucketName,
        targetPrefix: `s3/${prefix}/`,
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      transform,
    ),
    { parent },
  );
}

/** Refuses whatever does not come over TLS. */
export function tlsOnly(bucketArn: Input<string>): aws.iam.PolicyStatement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** The bucket's policy: TLS alone, and what else is said. */
export function createBucketPolicy(
  parent: Resource,
  prefix: string,
  { bucket, publicAccess, ownership }: PrivateBucket,
  statements: readonly aws.iam.PolicyStatement[],
  transform: Override<aws.s3.BucketPolicyArgs> | undefined,
): aws.s3.BucketPolicy {
  const policy = policyDocument([tlsOnly(bucket.arn), ...statements]);
  return new aws.s3.BucketPolicy(
    `${prefix}-policy`,
    override<aws.s3.BucketPolicyArgs>({ bucket: bucket.bucket, policy }, transform),
    // S3 refuses two changes of one bucket at a time (OperationAborted).
    { parent, dependsOn: [publicAccess, ownership] },
  );
}
