import type * as aws from "@pulumi/aws";
import { type Input, interpolate } from "@pulumi/pulumi";

/** What the log archive admits: each log sender, for this account alone. */
export function archiveStatements(place: {
  readonly bucketArn: Input<string>;
  readonly accountId: Input<string>;
  readonly partition: Input<string>;
}): aws.iam.PolicyStatement[] {
  const { bucketArn, accountId, partition } = place;
  const objects = interpolate`${bucketArn}/*`;
  const account = { "aws:SourceAccount": accountId };
  // Flow logs come from the stack's region, CloudFront's from us-east-1.
  const deliveries = { ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:logs:*:${accountId}:*` } };
  return [
    {
      Sid: "LoadBalancerLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      // The path is the limit: a load balancer writes below its own account's id. AWS's example has no condition, and
      // one on a key that the sender does not set would lose the logs without an error.
      Resource: [
        interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
        interpolate`${bucketArn}/*/AWSLogs/${accountId}/*`, // with a prefix
      ],
    },
    {
      Sid: "VendedLogs",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      // The whole bucket, since prefixes differ: `AWSLogs/aws-account-id=<id>/` (Hive), `AWSLogs/<id>/`, or the delivery's own.
      Resource: objects,
      Condition: { StringEquals: { ...account, "s3:x-amz-acl": "bucket-owner-full-control" }, ...deliveries },
    },
    {
      Sid: "VendedLogsBucketCheck",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: bucketArn,
      Condition: { StringEquals: account, ...deliveries },
    },
    {
      Sid: "BucketAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: objects,
      Condition: { StringEquals: account, ArnLike: { "aws:SourceArn": interpolate`arn:${partition}:s3:::*` } },
    },
  ];
}
