import assert from "node:assert/strict";

import { s3AccessLogs, s3AclPolicy, s3VersioningLifecycle } from "../../policy/rules/buckets";
import { type Break, type Props, StackBuilder, UNKNOWN, assertLevels, replaced, testRule } from "./harness";

const bucket = "aws:s3/bucket:Bucket";
const oldBucket = "aws:s3/bucketV2:BucketV2";
const environments = ["dev", "stg", "prod"] as const;

describe("s3-versioning-lifecycle", () => {
  const rule = s3VersioningLifecycle;
  const link = { links: { bucket: ["data"] } };
  const versioning = { versioningConfiguration: { status: "Enabled" } };
  const lifecycle = {
    rules: [
      { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
      { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } },
    ],
  };
  const build = (v: Props | undefined, l: Props | undefined, stack = "prod", suffix = "") => {
    const built = new StackBuilder(stack).add(bucket, "data", {});
    if (v !== undefined) built.add(`aws:s3/bucketVersioning${suffix}:BucketVersioning${suffix}`, "versioning", v, link);
    const type = `aws:s3/bucketLifecycleConfiguration${suffix}:BucketLifecycleConfiguration${suffix}`;
    if (l !== undefined) built.add(type, "lifecycle", l, link);
    return built;
  };
  const unversioned = "versioning is not on: add an aws.s3.BucketVersioning with status Enabled";
  const versions = "lifecycle has no end for old versions: add a rule with noncurrentVersionExpiration";
  const uploads =
    "lifecycle has no end for uploads that were never finished: add a rule with abortIncompleteMultipartUpload";

  it("passes both, of either type, inside the bucket, and unknown", () => {
    for (const suffix of ["", "V2"]) assert.deepEqual(build(versioning, lifecycle, "prod", suffix).messages(rule), []);
    for (const [v, l] of [
      [{ versioningConfiguration: UNKNOWN }, lifecycle],
      [{ versioningConfiguration: { status: UNKNOWN } }, lifecycle],
      [versioning, { rules: UNKNOWN }],
      [versioning, { rules: [UNKNOWN] }],
      [versioning, replaced(lifecycle, "rules[0].status", UNKNOWN)],
    ] as const) {
      assert.deepEqual(build(v, l).messages(rule), [], JSON.stringify([v, l]));
    }
    const inside = {
      versioning: { enabled: true },
      lifecycleRules: [
        { enabled: true, abortIncompleteMultipartUploadDays: 7, noncurrentVersionExpiration: { days: 30 } },
      ],
    };
    for (const type of [bucket, oldBucket]) {
      assert.deepEqual(new StackBuilder().add(type, "data", inside).messages(rule), []);
      assert.deepEqual(
        new StackBuilder().add(type, "data", { versioning: UNKNOWN, lifecycleRules: UNKNOWN }).messages(rule),
        [],
      );
    }
  });

  it("reports each part that is missing or off", () => {
    for (const environment of environments) {
      for (const [v, l, messages] of [
        [undefined, lifecycle, [unversioned]],
        [{ versioningConfiguration: { status: "Suspended" } }, lifecycle, [unversioned]],
        [versioning, undefined, [versions, uploads]],
        [versioning, { rules: [] }, [versions, uploads]],
        [versioning, replaced(lifecycle, "rules[0].status", "Disabled"), [uploads]],
        [versioning, replaced(lifecycle, "rules[1].status", "Disabled"), [versions]],
        [versioning, replaced(lifecycle, "rules[1].noncurrentVersionExpiration", undefined), [versions]],
        [versioning, replaced(lifecycle, "rules[0].abortIncompleteMultipartUpload", undefined), [uploads]],
      ] as const) {
        assertLevels(rule, environment, build(v, l, environment).check(rule), messages);
      }
    }
    assert.equal(build(versioning, lifecycle).add(bucket, "other", {}).messages(rule).length, 3);
  });
});

describe("s3-access-logs", () => {
  const off = "logging is off: add an aws.s3.BucketLogging to the stack's log bucket";

  it("wants every bucket to log, but those that take logs", () => {
    for (const environment of environments) {
      const bare = new StackBuilder(environment).add(bucket, "data", {});
      assertLevels(s3AccessLogs, environment, bare.check(s3AccessLogs), [off]);
    }
    for (const suffix of ["", "V2"]) {
      const stack = new StackBuilder().add(bucket, "data", {}).add(bucket, "logs", {});
      const links = { links: { bucket: ["data"], targetBucket: ["logs"] } };
      stack.add(`aws:s3/bucketLogging${suffix}:BucketLogging${suffix}`, "logging", { targetBucket: UNKNOWN }, links);
      assert.deepEqual(stack.messages(s3AccessLogs), []);
      assert.deepEqual(stack.add(bucket, "other", {}).messages(s3AccessLogs), [`other: ${off}`]);
    }
    const inside = new StackBuilder().add(oldBucket, "data", { loggings: [{ targetBucket: "logs" }] });
    assert.deepEqual(inside.add(bucket, "more", { logging: UNKNOWN }).messages(s3AccessLogs), []);
  });
});

describe("s3-acl-policy", () => {
  const cure = "remove it, and serve public files through CloudFront";
  const acls = ["public-read", "public-read-write", "authenticated-read"].map((acl): Break => [
    "acl",
    acl,
    `acl lets everyone in: ${cure}`,
  ]);
  const group = (name: string) => ({ grantee: { uri: `http://acs.amazonaws.com/groups/global/${name}` } });
  const statement = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "s3:GetObject" };
  const policy = (changed: object) => JSON.stringify({ Statement: [statement, { ...statement, ...changed }] });
  const everyone =
    "policy.Statement[1] lets everyone in: name the principals, or add a condition on account, organisation or VPC";
  const policies: Break[] = [
    ["policy", policy({ Principal: "*" }), everyone],
    ["policy", policy({ Principal: { AWS: ["*"] } }), everyone],
    ["policy", policy({ Principal: "*", Condition: {} }), everyone],
  ];
  for (const type of [bucket, oldBucket]) {
    testRule(s3AclPolicy, type, { acl: "private", policy: policy({}), grants: [group("LogDelivery")] }, [
      ...acls,
      ...policies,
      ["grants[0]", group("AllUsers"), "grants[0] lets everyone in: name an account"],
    ]);
    testRule(s3AclPolicy, type, {}, []);
  }
  for (const type of ["aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2"]) {
    const path = "accessControlPolicy.grants[0]";
    testRule(s3AclPolicy, type, { acl: "private", accessControlPolicy: { grants: [group("LogDelivery")] } }, [
      ...acls,
      ...["AllUsers", "AuthenticatedUsers"].map((name): Break => [
        path,
        group(name),
        `${path} lets everyone in: name an account`,
      ]),
    ]);
  }
  const ownership = "rule.objectOwnership";
  const controls = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
  testRule(s3AclPolicy, controls, { rule: { objectOwnership: "BucketOwnerEnforced" } }, [
    ...["BucketOwnerPreferred", "ObjectWriter"].map((value): Break => [
      ownership,
      value,
      `${ownership} leaves access control lists in force: set it to BucketOwnerEnforced`,
    ]),
  ]);
  testRule(s3AclPolicy, "aws:s3/bucketPolicy:BucketPolicy", { policy: policy({}) }, policies);
  for (const passing of [
    { Principal: "*", Effect: "Deny" },
    { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } },
  ]) {
    testRule(s3AclPolicy, "aws:s3/bucketPolicy:BucketPolicy", { policy: policy(passing) }, []);
  }
});
