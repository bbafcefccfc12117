import type * as aws from "@pulumi/aws";

import { openStatements } from "../lib/documents";
import { isLogTarget } from "../lib/logs";
import { on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

/** Settings of a bucket, inside it (`logging`, of the older type `loggings`) and in a resource of their own. */
function settings(stack: Stack, bucket: Node, keys: readonly string[], beside: readonly string[]): Value[] {
  const inside = keys.map((key) => bucket.props.dig(key)).filter((value) => value.unknown || !value.isEmpty());
  return [...inside, ...stack.referrers(bucket, "bucket", beside).map((node) => node.props)];
}

export const s3VersioningLifecycle = stackRule(
  {
    name: "s3-versioning-lifecycle",
    description: "Buckets keep old versions of an object, and for a limited time",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["S3.13", "S3 general purpose buckets should have Lifecycle configurations"],
    remediationSteps:
      "Add a BucketVersioning, Enabled, and a BucketLifecycleConfiguration that ends old versions and aborted uploads.",
  },
  types.bucket,
  ({ stack, report }) => {
    for (const bucket of stack.ofType(types.bucket)) {
      const versioning = settings(stack, bucket, ["versioning"], types.bucketVersioning);
      const versioned = versioning.some((value) =>
        value.unknown
          ? true
          : value.dig("enabled").is(true) || !value.dig("versioningConfiguration", "status").isNot("Enabled"),
      );
      if (!versioned) report(bucket, "versioning", "is not on", "add an aws.s3.BucketVersioning with status Enabled");
      const rules = settings(stack, bucket, ["lifecycleRules"], types.bucketLifecycle).flatMap(rulesOf);
      for (const [keys, what] of lifecycle) {
        const found = rules.some(
          (rule) => rule.unknown || (isActive(rule) && keys.some((key) => !rule.dig(key).isEmpty())),
        );
        if (!found) report(bucket, "lifecycle", `has no end for ${what}`, `add a rule with ${keys[0]}`);
      }
    }
  },
);

/** What grows unseen: the property of a lifecycle rule that ends it, and that of the older type. */
const lifecycle: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["noncurrentVersionExpiration"], "old versions"],
  [["abortIncompleteMultipartUpload", "abortIncompleteMultipartUploadDays"], "uploads that were never finished"],
];

function rulesOf(configuration: Value): Value[] {
  if (configuration.unknown) return [configuration];
  const rules = configuration.dig("rules");
  if (rules.unknown) return [rules];
  // `lifecycleRules` is the list itself.
  return configuration.dig("rules").isEmpty() ? configuration.items() : rules.items();
}

function isActive(rule: Value): boolean {
  return !rule.dig("status").isNot("Enabled") || rule.dig("enabled").is(true);
}

export const s3AccessLogs = stackRule(
  {
    name: "s3-access-logs",
    description: "Buckets log who read and wrote them, but those that take logs",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["S3.9", "S3 general purpose buckets should have server access logging enabled"],
    remediationSteps: "Add an aws.s3.BucketLogging to the stack's log bucket.",
  },
  types.bucket,
  ({ stack, report }) => {
    for (const bucket of stack.ofType(types.bucket)) {
      // A log of the log bucket would log itself.
      if (isLogTarget(stack, bucket)) continue;
      const logs = settings(stack, bucket, ["logging", "loggings"], types.bucketLogging);
      if (logs.some((one) => one.unknown || one.items().some((to) => !to.dig("targetBucket").isEmpty()))) continue;
      report(bucket, "logging", "is off", "add an aws.s3.BucketLogging to the stack's log bucket");
    }
  },
);

/** Groups of S3's access control lists that stand for everyone, and for everyone with an AWS account. */
const everyone = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

export const s3AclPolicy = rule(
  {
    name: "s3-acl-policy",
    description: "No access control list and no bucket policy lets everyone in",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["S3.2", "S3 general purpose buckets should block public read access"],
    remediationSteps: "Set objectOwnership to BucketOwnerEnforced and name the principals in the bucket policy.",
  },
  on<aws.s3.BucketArgs>(types.bucket, ({ props, report }) => {
    publicAcl(props.at("acl"), report);
    publicGrants(props.at("grants"), report);
    publicPolicy(props.at("policy"), report);
  }),
  on<aws.s3.BucketAclArgs>(types.bucketAcl, ({ props, report }) => {
    publicAcl(props.at("acl"), report);
    publicGrants(props.at("accessControlPolicy").at("grants"), report);
  }),
  on<aws.s3.BucketOwnershipControlsArgs>(types.bucketOwnership, ({ props, report }) => {
    const ownership = props.at("rule").at("objectOwnership");
    const set = "set it to BucketOwnerEnforced";
    if (ownership.isNot("BucketOwnerEnforced")) report(ownership, "leaves access control lists in force", set);
  }),
  on<aws.s3.BucketPolicyArgs>(types.bucketPolicy, ({ props, report }) => publicPolicy(props.at("policy"), report)),
);

type Report = (at: Value, wrong: string, set: string) => void;

function publicAcl(acl: Value, report: Report): void {
  if (acl.is("public-read", "public-read-write", "authenticated-read")) {
    report(acl, "lets everyone in", "remove it, and serve public files through CloudFront");
  }
}

function publicGrants(grants: Value, report: Report): void {
  for (const grant of grants.items()) {
    if (grant.strings().some((text) => everyone.test(text))) report(grant, "lets everyone in", "name an account");
  }
}

function publicPolicy(policy: Value, report: Report): void {
  for (const statement of openStatements(policy)) {
    report(statement, "lets everyone in", "name the principals, or add a condition on account, organisation or VPC");
  }
}
