import type * as aws from "@pulumi/aws";
import { type Input, interpolate } from "@pulumi/pulumi";

import type { StatePlace } from "./types";

/** Where the roles work. */
export interface Place {
  readonly accountId: Input<string>;
  readonly partition: Input<string>;
  readonly region: Input<string>;
  readonly state: StatePlace;
  /** Names of the buckets with the sites' files, with wildcards. */
  readonly siteBuckets: readonly string[];
}

/** A policy of these statements. */
export const document = (Statement: aws.iam.PolicyStatement[]): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement,
});

/** To see which release a site shows: refreshing its pointer, as the search for drift does, asks for it. */
export function readSitePointers({ accountId, partition }: Place): aws.iam.PolicyStatement {
  return {
    Sid: "CompareSitePointers",
    Effect: "Allow",
    Action: ["DescribeKeyValueStore", "GetKey", "ListKeys"].map((action) => `cloudfront-keyvaluestore:${action}`),
    Resource: interpolate`arn:${partition}:cloudfront::${accountId}:key-value-store/*`,
  };
}

/**
 * Reading, of the types that the platform makes, that AWS's ReadOnlyAccess has not: everything of QuickSight, and the tags of
 * Bedrock's and S3 Vectors' resources. How they are set up, no data.
 */
export function readUnlisted({ accountId, partition }: Place): aws.iam.PolicyStatement {
  const all = (service: string): Input<string> => interpolate`arn:${partition}:${service}:*:${accountId}:*`;
  return {
    Sid: "ReadWhatReadOnlyAccessLeavesOut",
    Effect: "Allow",
    Action: [
      "bedrock:ListTagsForResource",
      "quicksight:DescribeDashboard",
      "quicksight:DescribeDashboardPermissions",
      "quicksight:DescribeDataSet",
      "quicksight:DescribeDataSetPermissions",
      "quicksight:DescribeDataSetRefreshProperties",
      "quicksight:DescribeDataSource",
      "quicksight:DescribeDataSourcePermissions",
      "quicksight:DescribeGroup",
      "quicksight:DescribeGroupMembership",
      "quicksight:DescribeRefreshSchedule",
      "quicksight:DescribeVPCConnection",
      "quicksight:ListTagsForResource",
      "s3vectors:ListTagsForResource",
    ],
    Resource: [all("bedrock"), all("quicksight"), all("s3vectors")],
  };
}

/** To read the state, and to decrypt with its key what Pulumi keeps secret there and in the stack file. */
export function readState({ bucketArn, keyArn }: StatePlace): aws.iam.PolicyStatement[] {
  return [
    { Sid: "FindState", Effect: "Allow", Action: ["s3:GetBucketLocation", "s3:ListBucket"], Resource: bucketArn },
    { Sid: "ReadState", Effect: "Allow", Action: "s3:GetObject", Resource: interpolate`${bucketArn}/*` },
    { Sid: "DecryptState", Effect: "Allow", Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: keyArn },
  ];
}
