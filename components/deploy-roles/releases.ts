import type * as aws from "@pulumi/aws";
import { type Input, interpolate } from "@pulumi/pulumi";

import { immutableFolder, releasesFolder } from "../static-site/release";
import { document, type Place } from "./place";

/** Images of every repository of the account: pull, to promote one by its digest, and push. */
export function pushRights({ accountId, partition, region }: Place): aws.iam.PolicyDocument {
  return document([
    {
      Sid: "Images",
      Effect: "Allow",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:DescribeImageScanFindings",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      Resource: interpolate`arn:${partition}:ecr:${region}:${accountId}:repository/*`,
    },
    {
      Sid: "SignIn",
      Effect: "Allow",
      Action: "ecr:GetAuthorizationToken",
      Resource: "*", // The token is for the whole registry; the action knows no resource.
    },
    {
      // To find a stack's repositories by their names.
      Sid: "Find",
      Effect: "Allow",
      Action: "ecr:DescribeRepositories",
      Resource: interpolate`arn:${partition}:ecr:${region}:${accountId}:repository/*`,
    },
  ]);
}

/**
 * A site's release: its files, and the pointer to it. As a StaticSite's own `deploy`, but by the buckets' names, since the
 * sites are not there yet when the account is set up.
 */
export function siteRights({ accountId, partition, siteBuckets }: Place): aws.iam.PolicyDocument {
  const arns = siteBuckets.map((name) => interpolate`arn:${partition}:s3:::${name}`);
  const own = { "aws:ResourceAccount": accountId };
  const folder = (name: string): Input<string>[] => arns.map((arn) => interpolate`${arn}/${name}/*`);
  return document([
    {
      Sid: "UploadOnce",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: [...folder(releasesFolder), ...folder(immutableFolder)],
      Condition: { Null: { "s3:if-none-match": "false" }, StringEquals: own },
    },
    {
      Sid: "SeeReleases",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: arns,
      Condition: { StringLike: { "s3:prefix": [`${releasesFolder}/*`, `${immutableFolder}/*`] }, StringEquals: own },
    },
    {
      Sid: "ClearOldReleases",
      Effect: "Allow",
      Action: "s3:DeleteObject",
      Resource: folder(releasesFolder),
      Condition: { StringEquals: own },
    },
    {
      Sid: "EncryptFiles",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: interpolate`arn:${partition}:kms:*:${accountId}:key/*`,
      // With a bucket key the context is the bucket.
      Condition: { StringLike: { "kms:EncryptionContext:aws:s3:arn": arns } },
    },
    {
      Sid: "SwitchRelease",
      Effect: "Allow",
      Action: ["DescribeKeyValueStore", "GetKey", "ListKeys", "UpdateKeys"].map((a) => `cloudfront-keyvaluestore:${a}`),
      Resource: interpolate`arn:${partition}:cloudfront::${accountId}:key-value-store/*`,
    },
  ]);
}
