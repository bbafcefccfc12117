import type * as aws from "@pulumi/aws";
import { type Input, interpolate, type Resource } from "@pulumi/pulumi";

import { createBucketLogging, createBucketPolicy, createPrivateBucket, lifecycleRules } from "../shared/bucket";
import { immutableFolder, releasesFolder } from "./release";
import type { SiteBucket, StaticSiteArgs, StaticSiteTransform } from "./types";

/** The private, versioned bucket of the files. */
export function createBucket(
  parent: Resource,
  name: string,
  args: Pick<StaticSiteArgs, "keyArn" | "keep" | "logArchive"> & { readonly restoreDays: number },
  transform: StaticSiteTransform,
): SiteBucket {
  const { keyArn, keep, logArchive, restoreDays } = args;
  // Nothing expires by its age: S3 knows ages alone, and the current release of a site that nobody touched for a year is a
  // year old. CI deletes the releases that it no longer wants; they can be brought back for a while.
  const lifecycle = lifecycleRules({ id: "forget-deleted" }, restoreDays);
  const made = createPrivateBucket(parent, { prefix: name, keyArn, keep, lifecycle, transform });
  return { ...made, logging: createBucketLogging(parent, name, made, logArchive, transform.logging) };
}

/** TLS alone, and reading by this distribution alone. */
export function createPolicy(
  parent: Resource,
  name: string,
  files: SiteBucket,
  distributionArn: Input<string>,
  transform: StaticSiteTransform,
): aws.s3.BucketPolicy {
  const { arn } = files.bucket;
  const cloudfront = { Service: "cloudfront.amazonaws.com" };
  const thisDistribution = { StringEquals: { "aws:SourceArn": distributionArn } };
  const statements: aws.iam.PolicyStatement[] = [
    {
      Sid: "CloudFrontReads",
      Effect: "Allow",
      Principal: cloudfront,
      Action: "s3:GetObject",
      Resource: siteFolders(arn),
      Condition: thisDistribution,
    },
    {
      // Without it S3 answers 403, not 404, for what is not there. No list gets out: no path that reaches S3 is empty.
      Sid: "CloudFrontSeesWhatIsMissing",
      Effect: "Allow",
      Principal: cloudfront,
      Action: "s3:ListBucket",
      Resource: arn,
      Condition: thisDistribution,
    },
  ];
  return createBucketPolicy(parent, name, files, statements, transform.policy);
}

/** All objects that belong to the site. */
export function siteFolders(bucketArn: Input<string>): Input<string>[] {
  return [releasesFolder, immutableFolder].map((folder) => interpolate`${bucketArn}/${folder}/*`);
}
