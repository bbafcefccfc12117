import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { archiveLifecycle } from "../log-archive/lifecycle";
import { createLoggedBucket, type LoggedBucket, type LoggedBucketTransform } from "../shared/bucket";
import { Faults } from "../shared/check";
import { override, type Override } from "../shared/override";
import type { LogDestination } from "../shared/placement";

/** What an AuditTrail is made of. */
export interface AuditTrailArgs {
  /** ARN of the key that encrypts the log; its policy admits `cloudtrail`. */
  keyArn: pulumi.Input<string>;
  /** Days that the log is kept. */
  retentionDays: number;
  /** Where the log of the bucket's readers goes. */
  logArchive: LogDestination;
  /** Protects the log from deletion. Without it, destroying the stack deletes the log too. */
  keep: boolean;
  /** Last say on each child's arguments. */
  transform?: AuditTrailTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface AuditTrailTransform extends LoggedBucketTransform {
  trail?: Override<aws.cloudtrail.TrailArgs>;
}

/**
 * Who did what in the account, in every region: a CloudTrail trail whose log is encrypted, versioned, and cannot be changed
 * without it being noticed.
 */
export class AuditTrail extends pulumi.ComponentResource {
  /** ARN of the trail. */
  public readonly trailArn: pulumi.Output<string>;
  /** Name of the bucket with the log. */
  public readonly bucketName: pulumi.Output<string>;
  /** The resources themselves. */
  public readonly nodes: LoggedBucket & { readonly trail: aws.cloudtrail.Trail };

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keyArn, retentionDays, logArchive, keep, transform = {} } = args;
    const faults = new Faults("AuditTrail", name);
    // 90 days are in CloudTrail's own event history, without a trail and free.
    faults.integer("retentionDays", retentionDays, 90, 3650);
    faults.raise();
    super("kiban:index:AuditTrail", name, {}, opts);

    const parent = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    const { partition } = aws.getPartitionOutput({}, parent);
    const { region } = aws.getRegionOutput({}, parent);
    // Its own name: the bucket has to admit the trail before it exists.
    const trailArn = pulumi.interpolate`arn:${partition}:cloudtrail:${region}:${accountId}:trail/${name}`;
    const bucket = createLoggedBucket(this, {
      prefix: name,
      keyArn,
      logArchive,
      keep,
      transform,
      lifecycle: archiveLifecycle(retentionDays),
      admit: (bucketArn) => admitTrail(bucketArn, trailArn, accountId),
    });
    const trail = new aws.cloudtrail.Trail(
      `${name}-trail`,
      override<aws.cloudtrail.TrailArgs>(
        {
          name,
          s3BucketName: bucket.bucket.bucket,
          kmsKeyId: keyArn,
          isMultiRegionTrail: true,
          includeGlobalServiceEvents: true,
          enableLogFileValidation: true,
        },
        transform.trail,
      ),
      // CloudTrail tries to write when the trail is made.
      { ...parent, protect: keep, dependsOn: [bucket.policy] },
    );

    this.trailArn = trail.arn;
    this.bucketName = bucket.bucket.bucket;
    this.nodes = { ...bucket, trail };
    this.registerOutputs({ trailArn: this.trailArn, bucketName: this.bucketName });
  }
}

/** AWS: CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail": for this trail, below this account's folder. */
function admitTrail(
  bucketArn: pulumi.Output<string>,
  trailArn: pulumi.Output<string>,
  accountId: pulumi.Output<string>,
): aws.iam.PolicyStatement[] {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "TrailChecksBucket",
      Effect: "Allow",
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: { "aws:SourceArn": trailArn } },
    },
    {
      Sid: "TrailWrites",
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
      Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
}
