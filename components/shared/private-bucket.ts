import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate, type Output, type Resource } from "@pulumi/pulumi";

import { override, type Override } from "./override";
import type { LogDestination } from "./placement";

/** A bucket that nobody but the account reads, and how long its contents stay. */
export interface PrivateBucketArgs {
  /** What sets the name; left to Pulumi without. */
  readonly named?: Pick<aws.s3.BucketArgs, "bucket" | "bucketNamespace">;
  readonly keyArn: Input<string>;
  readonly keep: boolean;
  readonly lifecycle: aws.types.input.s3.BucketLifecycleConfigurationRule[];
  readonly logArchive: LogDestination;
  /** Statements of the bucket policy beside the one that refuses requests without TLS. */
  readonly admit?: (bucketArn: Output<string>) => aws.iam.PolicyStatement[];
  readonly transform: PrivateBucketTransform;
}

/** Last say on the arguments of each resource. */
export interface PrivateBucketTransform {
  bucket?: Override<aws.s3.BucketArgs>;
  ownership?: Override<aws.s3.BucketOwnershipControlsArgs>;
  publicAccess?: Override<aws.s3.BucketPublicAccessBlockArgs>;
  encryption?: Override<aws.s3.BucketServerSideEncryptionConfigurationArgs>;
  versioning?: Override<aws.s3.BucketVersioningArgs>;
  lifecycle?: Override<aws.s3.BucketLifecycleConfigurationArgs>;
  logging?: Override<aws.s3.BucketLoggingArgs>;
  policy?: Override<aws.s3.BucketPolicyArgs>;
}

/** The resources of a private bucket. */
export interface PrivateBucketNodes {
  readonly bucket: aws.s3.Bucket;
  readonly ownership: aws.s3.BucketOwnershipControls;
  readonly publicAccess: aws.s3.BucketPublicAccessBlock;
  readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
  readonly versioning: aws.s3.BucketVersioning;
  readonly lifecycle: aws.s3.BucketLifecycleConfiguration;
  readonly logging: aws.s3.BucketLogging;
  readonly policy: aws.s3.BucketPolicy;
}

/** Bucket and settings, under the Pulumi names `${name}-bucket`, `-ownership`, `-public-access` and so on. */
export function createPrivateBucket(parent: Resource, name: string, args: PrivateBucketArgs): PrivateBucketNodes {
  const { keyArn, keep, transform } = args;
  const opts = { parent };
  const made = new aws.s3.Bucket(
    `${name}-bucket`,
    override<aws.s3.BucketArgs>({ forceDestroy: !keep, ...args.named }, transform.bucket),
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
            bucketKeyEnabled: true,
          },
        ],
      },
      transform.encryption,
    ),
    opts,
  );
  return {
    bucket: made,
    ownership,
    publicAccess,
    encryption,
    ...createRest(opts, name, made, args, [publicAccess, ownership]),
  };
}

function createRest(
  opts: CustomResourceOptions,
  name: string,
  { bucket, arn }: aws.s3.Bucket,
  { lifecycle: rules, logArchive, admit, transform }: PrivateBucketArgs,
  before: Resource[],
): Pick<PrivateBucketNodes, "versioning" | "lifecycle" | "logging" | "policy"> {
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
    override<aws.s3.BucketLifecycleConfigurationArgs>({ bucket, rules }, transform.lifecycle),
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
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    override<aws.s3.BucketPolicyArgs>(
      {
        bucket,
        policy: {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [arn, interpolate`${arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
            ...(admit?.(arn) ?? []),
          ],
        },
      },
      transform.policy,
    ),
    // S3 refuses two changes of one bucket at a time (OperationAborted).
    { ...opts, dependsOn: before },
  );
  return { versioning, lifecycle, logging, policy };
}
