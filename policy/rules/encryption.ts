import type * as aws from "@pulumi/aws";

import { openStatements } from "../lib/documents";
import { lacksCustomerKey } from "../lib/keys";
import { isLogTarget } from "../lib/logs";
import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

const own = "is not a customer-managed key";

export const s3SseKms = stackRule(
  {
    name: "s3-sse-kms",
    description: "Buckets encrypt with a customer-managed key; those that take delivered logs may use SSE-S3",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
    remediationSteps: "Add a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms and the stack's key.",
  },
  types.bucket,
  ({ stack, report }) => {
    for (const bucket of stack.ofType(types.bucket)) {
      // Load balancers deliver to no bucket with a customer-managed key, and one bucket takes all logs.
      if (isLogTarget(stack, bucket)) continue;
      const configurations = [
        ...elements(bucket.props.dig("serverSideEncryptionConfiguration")),
        ...elements(bucket.props.dig("serverSideEncryptionConfigurations")),
        ...stack.referrers(bucket, "bucket", types.bucketEncryption).map((node) => node.props),
      ];
      const rules = configurations.flatMap((configuration) => [
        configuration.dig("rule"),
        ...elements(configuration.dig("rules")),
      ]);
      const encrypting = rules.filter(hasCustomerKey);
      if (encrypting.length === 0) {
        const at = "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId";
        report(bucket, at, own, 'add a BucketServerSideEncryptionConfiguration with "aws:kms" and the stack\'s key');
      }
      // Money, not safety. AWS: dual-layer encryption knows no bucket keys.
      const dear = encrypting.find(
        (rule) => byDefault(rule).dig("sseAlgorithm").is("aws:kms") && rule.dig("bucketKeyEnabled").isNot(true),
      );
      if (dear !== undefined) {
        const wrong = "is not on, and S3 pays KMS for every object";
        report(bucket, "rules[0].bucketKeyEnabled", wrong, "set it to true", "advisory");
      }
      // AWS: buckets made since April 2026 refuse keys that clients bring, unless NONE says otherwise.
      if (
        rules.some((rule) =>
          rule
            .dig("blockedEncryptionTypes")
            .items()
            .some((type) => type.is("NONE")),
        )
      ) {
        const wrong = "let objects in under keys that nobody but their writer has";
        report(bucket, "rules[0].blockedEncryptionTypes", wrong, "set them to SSE-C, or remove them");
      }
    }
  },
);

const byDefault = (rule: Value): Value => rule.dig("applyServerSideEncryptionByDefault");

/** Whether an encryption rule names a key of the customer's, or may. */
function hasCustomerKey(rule: Value): boolean {
  const encryption = byDefault(rule);
  return (
    !encryption.dig("sseAlgorithm").isNot("aws:kms", "aws:kms:dsse") &&
    !lacksCustomerKey(encryption.dig("kmsMasterKeyId"))
  );
}

/** A list's elements; the list itself, which answers for them, while it is unknown. */
function elements(values: Value): Value[] {
  return values.unknown ? [values] : values.items();
}

export const sqsSse = rule(
  {
    name: "sqs-sse",
    description: "Queues say that they encrypt, and by which key: KMS's or SQS's own",
    severity: "high",
    levels: "R/M/M",
    fsbp: ["SQS.1", "Amazon SQS queues should be encrypted at rest"],
    remediationSteps: "Set kmsMasterKeyId to the stack's key, or sqsManagedSseEnabled to true.",
    // A key is for a person to choose.
    remedy: { sqsManagedSseEnabled: true },
  },
  on<aws.sqs.QueueArgs>(types.queue, ({ props, report }) => {
    const managed = props.at("sqsManagedSseEnabled");
    if (!props.at("kmsMasterKeyId").isEmpty() || !managed.isNot(true)) return;
    report(
      managed,
      "is not on, and kmsMasterKeyId is not set",
      "set kmsMasterKeyId to the stack's key, or this to true",
    );
  }),
);

export const snsSse = rule(
  {
    name: "sns-sse",
    description: "Topics encrypt with a customer-managed key",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    remediationSteps: "Set kmsMasterKeyId to the stack's key.",
  },
  on<aws.sns.TopicArgs>(types.topic, ({ props, report }) => {
    const key = props.at("kmsMasterKeyId");
    if (lacksCustomerKey(key)) report(key, own, "set it to the stack's key");
  }),
);

export const logsKms = rule(
  {
    name: "logs-kms",
    description: "Log groups encrypt with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    remediationSteps: "Set kmsKeyId to the ARN of the stack's key.",
  },
  on<aws.cloudwatch.LogGroupArgs>(types.logGroup, ({ props, report }) => {
    const key = props.at("kmsKeyId");
    if (lacksCustomerKey(key)) report(key, own, "set it to the ARN of the stack's key");
  }),
);

export const ecrKms = rule(
  {
    name: "ecr-kms",
    description: "Image repositories encrypt with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    remediationSteps: "Set encryptionConfigurations to KMS with the stack's key; a change replaces the repository.",
  },
  on<aws.ecr.RepositoryArgs>(types.repository, ({ props, report }) => {
    const configurations = props.at("encryptionConfigurations");
    if (configurations.unknown) return;
    const [first] = configurations.items();
    const type = first?.at("encryptionType");
    if (type === undefined || type.isNot("KMS", "KMS_DSSE")) {
      report("encryptionConfigurations[0].encryptionType", "is not KMS", "set KMS with kmsKey, the stack's key");
    } else if (first !== undefined && lacksCustomerKey(first.at("kmsKey"))) {
      report(first.at("kmsKey"), own, "set it to the ARN of the stack's key");
    }
  }),
);

export const ecsStorageKms = rule(
  {
    name: "ecs-storage-kms",
    description: "ECS clusters encrypt their tasks' storage, and log and encrypt the sessions of ECS Exec",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-storage-encryption.html",
    remediationSteps: "Set managedStorageConfiguration's two keys, and key and log encryption of ECS Exec.",
  },
  on<aws.ecs.ClusterArgs>(types.cluster, ({ props, report }) => {
    const storage = props.at("configuration").at("managedStorageConfiguration");
    for (const key of [storage.at("kmsKeyId"), storage.at("fargateEphemeralStorageKmsKeyId")]) {
      if (lacksCustomerKey(key)) report(key, own, "set it to the stack's key");
    }
    const exec = props.at("configuration").at("executeCommandConfiguration");
    if (exec.isEmpty()) return;
    if (lacksCustomerKey(exec.at("kmsKeyId"))) report(exec.at("kmsKeyId"), own, "set it to the stack's key");
    const logging = exec.at("logging");
    if (!logging.isEmpty() && logging.isNot("OVERRIDE", "DEFAULT")) {
      report(logging, "keeps no record of a session", "set it to OVERRIDE, with logConfiguration");
    }
    const logs = exec.at("logConfiguration");
    if (!logs.at("cloudWatchLogGroupName").isEmpty() && logs.at("cloudWatchEncryptionEnabled").isNot(true)) {
      report(logs.at("cloudWatchEncryptionEnabled"), "is not on", "set it to true and encrypt the log group");
    }
    if (!logs.at("s3BucketName").isEmpty() && logs.at("s3BucketEncryptionEnabled").isNot(true)) {
      report(logs.at("s3BucketEncryptionEnabled"), "is not on", "set it to true and encrypt the bucket");
    }
  }),
);

/** Days between two rotations. AWS: KMS' own period, where nothing is said. */
const year = 365;

export const kmsRotation = rule(
  {
    name: "kms-rotation",
    description: "Symmetric keys rotate every year, are enabled and keep KMS's check against losing access to them",
    severity: "medium",
    levels: "R/R/M",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    remediationSteps: "Set enableKeyRotation to true.",
    remedy: { enableKeyRotation: true },
  },
  on<aws.kms.KeyArgs>(types.key, ({ props, report }) => {
    // KMS rotates no asymmetric or HMAC key, and none whose material lies outside KMS.
    const spec = props.at("customerMasterKeySpec");
    const symmetric = spec.isEmpty() || spec.is("SYMMETRIC_DEFAULT");
    const inKms = props.at("customKeyStoreId").isEmpty() && props.at("xksKeyId").isEmpty();
    if (symmetric && inKms && props.at("enableKeyRotation").isNot(true)) {
      report(props.at("enableKeyRotation"), "is not on", "set it to true");
    }
    const period = props.at("rotationPeriodInDays");
    if (Number(period.known ?? 0) > year) report(period, "is longer than a year", `set it to ${year} or less`);
    if (props.at("isEnabled").is(false)) report(props.at("isEnabled"), "is false", "remove it, or remove the key");
    const bypass = props.at("bypassPolicyLockoutSafetyCheck");
    if (bypass.is(true)) report(bypass, "is on", "remove it: a wrong policy would lock everyone out of the key");
  }),
);

export const kmsKeyPolicy = rule(
  {
    name: "kms-key-policy",
    description: "No key policy lets everyone in without a condition on who that is",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["KMS.5", "KMS keys should not be publicly accessible"],
    remediationSteps: "Name the principals, or narrow the statement by a condition such as kms:CallerAccount.",
  },
  on<aws.kms.KeyArgs>([...types.key, ...types.replicaKey, ...types.keyPolicy], ({ props, report }) => {
    for (const statement of openStatements(props.at("policy"))) {
      report(statement, "lets everyone use the key", "name the principals, or add a condition on the account");
    }
  }),
);
