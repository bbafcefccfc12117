import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { Faults } from "../shared/check";
import type { LogDestination } from "../shared/placement";
import { createLoggedBucket, deleteMarkers, type LoggedBucket, type LoggedBucketTransform } from "../shared/bucket";
import { backendUrl, stateBucketName } from "./place";

/** What a StateBucket is made of. */
export interface StateBucketArgs {
  /** First part of the bucket's name; account, region and `-an` follow. Changing it replaces the bucket. */
  prefix: string;
  /** The account, as the name and the address of the backend hold it. */
  accountId: string;
  /** Region of the bucket. */
  region: string;
  /** ARN of the key that encrypts the states; who reads them needs it. */
  keyArn: pulumi.Input<string>;
  /** Where the log of its readers and writers goes. */
  logArchive: LogDestination;
  /** Protects the bucket from deletion. Without it, destroying the stack deletes every state in it. */
  keep: boolean;
  /** Days that an overwritten state can be brought back. @default 365 */
  restoreDays?: number;
  /** Last say on each child's arguments. */
  transform?: LoggedBucketTransform;
}

/**
 * The bucket that holds an account's Pulumi states, versioned and encrypted, under a name that only the account itself can
 * ever have. Every stack of the account keeps its state here, each below its project's name.
 */
export class StateBucket extends pulumi.ComponentResource {
  /** Name of the bucket. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket, once its policy is there. */
  public readonly bucketArn: pulumi.Output<string>;
  /** Address of the backend: what `PULUMI_BACKEND_URL` takes. */
  public readonly backendUrl: string;
  /** The resources themselves. */
  public readonly nodes: LoggedBucket;

  constructor(name: string, args: StateBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const { accountId, region, keyArn, logArchive, keep, transform = {} } = args;
    const restoreDays = args.restoreDays ?? 365;
    const bucket = stateBucketName(args);
    check(name, args, { bucket, restoreDays });
    super("kiban:index:StateBucket", name, {}, opts);

    this.nodes = createLoggedBucket(this, {
      prefix: name,
      named: { bucket, bucketNamespace: "account-regional" },
      keyArn,
      logArchive,
      keep,
      transform,
      lifecycle: lifecycle(restoreDays),
      admit: (arn) => [onlyWithin(arn, accountId), onlyWithKey(arn, keyArn)],
    });
    this.bucketName = this.nodes.bucket.bucket;
    this.bucketArn = pulumi.all([this.nodes.bucket.arn, this.nodes.policy.id]).apply(([arn]) => arn);
    this.backendUrl = backendUrl({ prefix: args.prefix, accountId, region });
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn, backendUrl: this.backendUrl });
  }
}

function check(
  name: string,
  args: StateBucketArgs,
  { bucket, restoreDays }: { bucket: string; restoreDays: number },
): void {
  const faults = new Faults("StateBucket", name);
  const most = 63 - (bucket.length - args.prefix.length);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(args.prefix) || bucket.length > 63) {
    faults.add(
      "prefix",
      args.prefix,
      `lower case, digits and -, at most ${most}`,
      "set a short one, such as kiban-state",
    );
  }
  if (!/^\d{12}$/.test(args.accountId)) {
    faults.add("accountId", args.accountId, "12 digits", "set the stack's account");
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(args.region)) {
    faults.add("region", args.region, "an AWS region, such as ap-northeast-1", "set the stack's region");
  }
  faults.integer("restoreDays", restoreDays, 1, 3650);
  faults.raise();
}

function lifecycle(noncurrentDays: number): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "forget-overwritten",
      status: "Enabled",
      filter: {},
      // However old: Pulumi writes the state at each step of an update, and the last ones are what is looked for.
      noncurrentVersionExpiration: { noncurrentDays, newerNoncurrentVersions: 20 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    deleteMarkers,
  ];
}

/** No other account, whatever its own policies or a mistaken one here say. */
function onlyWithin(bucketArn: pulumi.Output<string>, accountId: string): aws.iam.PolicyStatement {
  return {
    Sid: "ThisAccountOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    // AWS's own services, such as the log of the bucket, come without an account.
    Condition: {
      StringNotEquals: { "aws:PrincipalAccount": accountId },
      Bool: { "aws:PrincipalIsAWSService": "false" },
    },
  };
}

/** A state that says with which key it is to be encrypted has to say this one; one that says nothing gets it. */
function onlyWithKey(bucketArn: pulumi.Output<string>, keyArn: pulumi.Input<string>): aws.iam.PolicyStatement {
  const header = "s3:x-amz-server-side-encryption-aws-kms-key-id";
  return {
    Sid: "ThisKeyOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/*`,
    // A negated comparison alone would be true of a request without the header.
    Condition: { Null: { [header]: "false" }, StringNotEquals: { [header]: keyArn } },
  };
}
