import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate, type Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import { immutableFolder, releasesFolder } from "./release";
import type { SiteBucket, StaticSiteArgs, StaticSiteTransform } from "./types";

/** The private, versioned bucket of the files. */
export function createBucket(
  parent: Resource,
  name: string,
  args: Pick<StaticSiteArgs, "keyArn" | "keep" | "logArchive"> & { readonly restoreDays: number },
  transform: StaticSiteTransform,
): SiteBucket {
  const opts = { parent };
  const made = new aws.s3.Bucket(
    `${name}-bucket`,
    override<aws.s3.BucketArgs>({ forceDestroy: !args.keep }, transform.bucket),
    { ...opts, protect: args.keep },
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
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.keyArn },
            // One call of KMS for many files: without it each miss of CloudFront's cache would be one.
            bucketKeyEnabled: true,
          },
        ],
      },
      transform.encryption,
    ),
    opts,
  );
  return { bucket: made, ownership, publicAccess, encryption, ...createHistory(opts, name, bucket, args, transform) };
}

function createHistory(
  opts: CustomResourceOptions,
  name: string,
  bucket: Input<string>,
  { restoreDays, logArchive }: Pick<StaticSiteArgs, "logArchive"> & { readonly restoreDays: number },
  transform: StaticSiteTransform,
): Pick<SiteBucket, "versioning" | "lifecycle" | "logging"> {
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
    override<aws.s3.BucketLifecycleConfigurationArgs>(
      { bucket, rules: siteLifecycle(restoreDays) },
      transform.lifecycle,
    ),
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

/**
 * Nothing expires by its age: S3 knows ages alone, and the current release of a site that nobody touched for a year is a
 * year old. CI deletes the releases that it no longer wants; they can be brought back for a while.
 */
function siteLifecycle(restoreDays: number): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "forget-deleted",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: restoreDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    // Its own rule: S3 takes `days` and `expiredObjectDeleteMarker` not in one.
    { id: "delete-markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
  ];
}

/** TLS alone, and reading by this distribution alone. */
export function createPolicy(
  parent: Resource,
  name: string,
  { bucket, publicAccess, ownership }: SiteBucket,
  distributionArn: Input<string>,
  transform: StaticSiteTransform,
): aws.s3.BucketPolicy {
  const cloudfront = { Service: "cloudfront.amazonaws.com" };
  const thisDistribution = { StringEquals: { "aws:SourceArn": distributionArn } };
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
      {
        Sid: "CloudFrontReads",
        Effect: "Allow",
        Principal: cloudfront,
        Action: "s3:GetObject",
        Resource: siteFolders(bucket.arn),
        Condition: thisDistribution,
      },
      {
        // Without it S3 answers 403, not 404, for what is not there. No list gets out: no path that reaches S3 is empty.
        Sid: "CloudFrontSeesWhatIsMissing",
        Effect: "Allow",
        Principal: cloudfront,
        Action: "s3:ListBucket",
        Resource: bucket.arn,
        Condition: thisDistribution,
      },
    ],
  };
  return new aws.s3.BucketPolicy(
    `${name}-policy`,
    override<aws.s3.BucketPolicyArgs>({ bucket: bucket.bucket, policy }, transform.policy),
    // S3 refuses two changes of one bucket at a time (OperationAborted).
    { parent, dependsOn: [publicAccess, ownership] },
  );
}

/** All objects that belong to the site. */
export function siteFolders(bucketArn: Input<string>): Input<string>[] {
  return [releasesFolder, immutableFolder].map((folder) => interpolate`${bucketArn}/${folder}/*`);
}
