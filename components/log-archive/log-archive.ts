import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  createBucketPolicy,
  createPrivateBucket,
  type LoggedBucket,
  type LoggedBucketTransform,
} from "../shared/bucket";
import { Faults } from "../shared/check";
import { archiveLifecycle } from "./lifecycle";
import { archiveStatements } from "./policy";

/** What a LogArchive is made of. */
export interface LogArchiveArgs {
  /** Days until a log expires; a further 30 days it can be brought back. */
  retentionDays: number;
  /** Protects the bucket from deletion. Without it, destroying the stack deletes the logs too. */
  keep: boolean;
  /** Last say on each child's arguments. */
  transform?: LogArchiveTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export type LogArchiveTransform = Omit<LoggedBucketTransform, "logging">;

/**
 * One bucket for the access logs of load balancers, CloudFront and buckets, and for VPC flow logs. Its outputs wait for
 * the bucket policy, since AWS tests at creation of a sender whether it may write.
 */
export class LogArchive extends pulumi.ComponentResource {
  /** Name of the bucket, once its policy is there. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket, once its policy is there. */
  public readonly bucketArn: pulumi.Output<string>;
  /** The resources themselves. */
  public readonly nodes: Omit<LoggedBucket, "logging">;

  constructor(name: string, args: LogArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    const { retentionDays, keep, transform = {} } = args;
    check(name, args);
    super("kiban:index:LogArchive", name, {}, opts);

    const parent = { parent: this };
    // Without a key, by SSE-S3: load balancers and server access logging deliver to nothing else.
    const files = createPrivateBucket(this, {
      prefix: name,
      keep,
      lifecycle: archiveLifecycle(retentionDays),
      transform,
    });
    const { bucket } = files;
    const senders = archiveStatements({
      bucketArn: bucket.arn,
      accountId: aws.getCallerIdentityOutput({}, parent).accountId,
      partition: aws.getPartitionOutput({}, parent).partition,
    });
    const policy = createBucketPolicy(this, name, files, senders, transform.policy);

    this.bucketName = policy.bucket;
    this.bucketArn = pulumi.all([bucket.arn, policy.id]).apply(([arn]) => arn);
    this.nodes = { ...files, policy };
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

function check(name: string, { retentionDays }: LogArchiveArgs): void {
  const faults = new Faults("LogArchive", name);
  if (!Number.isInteger(retentionDays) || retentionDays < 1) {
    faults.add("retentionDays", retentionDays, "a whole number from 1", "set how many days the logs are kept");
  }
  faults.raise();
}
