import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";

/** What an AccountBaseline is made of. */
export interface AccountBaselineArgs {
  /** Looks for attacks in CloudTrail, DNS and flow logs; billed by what it reads, after 30 free days. @default false */
  guardDuty?: boolean;
  /** Last say on each child's arguments. */
  transform?: AccountBaselineTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface AccountBaselineTransform {
  publicAccess?: Override<aws.s3.AccountPublicAccessBlockArgs>;
  diskEncryption?: Override<aws.ebs.EncryptionByDefaultArgs>;
  snapshotAccess?: Override<aws.ebs.SnapshotBlockPublicAccessArgs>;
  metadata?: Override<aws.ec2.InstanceMetadataDefaultsArgs>;
  passwords?: Override<aws.iam.AccountPasswordPolicyArgs>;
  analyzer?: Override<aws.accessanalyzer.AnalyzerArgs>;
  detector?: Override<aws.guardduty.DetectorArgs>;
}

/**
 * What holds for an account whatever runs in it: nothing in S3 or of a disk is public, new disks are encrypted, instances
 * ask for session tokens, and what lets outsiders in is found. Each is one setting of the account, or of it in its region.
 */
export class AccountBaseline extends pulumi.ComponentResource {
  /** ARN of the analyzer, whose findings say what lets outsiders in. */
  public readonly analyzerArn: pulumi.Output<string>;
  /** The resources themselves. */
  public readonly nodes: {
    readonly publicAccess: aws.s3.AccountPublicAccessBlock;
    readonly diskEncryption: aws.ebs.EncryptionByDefault;
    readonly snapshotAccess: aws.ebs.SnapshotBlockPublicAccess;
    readonly metadata: aws.ec2.InstanceMetadataDefaults;
    readonly passwords: aws.iam.AccountPasswordPolicy;
    readonly analyzer: aws.accessanalyzer.Analyzer;
    readonly detector: aws.guardduty.Detector | undefined;
  };

  constructor(name: string, args: AccountBaselineArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const { guardDuty = false, transform = {} } = args;
    super("kiban:index:AccountBaseline", name, {}, opts);

    const parent = { parent: this };
    const analyzer = new aws.accessanalyzer.Analyzer(
      `${name}-analyzer`,
      // The name is the analyzer's id in its region.
      override<aws.accessanalyzer.AnalyzerArgs>(
        { analyzerName: `${name}-outsiders`, type: "ACCOUNT" },
        transform.analyzer,
      ),
      parent,
    );
    const detector = guardDuty
      ? new aws.guardduty.Detector(
          `${name}-detector`,
          override<aws.guardduty.DetectorArgs>(
            { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
            transform.detector,
          ),
          parent,
        )
      : undefined;

    this.analyzerArn = analyzer.arn;
    this.nodes = { ...createSettings(parent, name, transform), analyzer, detector };
    this.registerOutputs({ analyzerArn: this.analyzerArn });
  }
}

/** The settings that are on or off. */
function createSettings(parent: pulumi.CustomResourceOptions, name: string, transform: AccountBaselineTransform) {
  const publicAccess = new aws.s3.AccountPublicAccessBlock(
    `${name}-public-access`,
    override<aws.s3.AccountPublicAccessBlockArgs>(
      { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      transform.publicAccess,
    ),
    parent,
  );
  const diskEncryption = new aws.ebs.EncryptionByDefault(
    `${name}-disk-encryption`,
    override<aws.ebs.EncryptionByDefaultArgs>({ enabled: true }, transform.diskEncryption),
    parent,
  );
  const snapshotAccess = new aws.ebs.SnapshotBlockPublicAccess(
    `${name}-snapshot-access`,
    override<aws.ebs.SnapshotBlockPublicAccessArgs>({ state: "block-all-sharing" }, transform.snapshotAccess),
    parent,
  );
  const metadata = new aws.ec2.InstanceMetadataDefaults(
    `${name}-metadata`,
    // 2: a container on the instance is one hop further away.
    override<aws.ec2.InstanceMetadataDefaultsArgs>(
      { httpTokens: "required", httpPutResponseHopLimit: 2 },
      transform.metadata,
    ),
    parent,
  );
  const passwords = new aws.iam.AccountPasswordPolicy(
    `${name}-passwords`,
    // CIS AWS Foundations Benchmark, 1.7 and 1.8. Nobody should need one: people come through IAM Identity Center.
    override<aws.iam.AccountPasswordPolicyArgs>(
      {
        minimumPasswordLength: 14,
        passwordReusePrevention: 24,
        requireLowercaseCharacters: true,
        requireUppercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        allowUsersToChangePassword: true,
      },
      transform.passwords,
    ),
    parent,
  );
  return { publicAccess, diskEncryption, snapshotAccess, metadata, passwords };
}
