import * as assert from "node:assert/strict";

import * as aws from "@pulumi/aws";

import { archiveLifecycle } from "../../components/log-archive/lifecycle";
import { LogArchive, type LogArchiveArgs } from "../../components/log-archive/log-archive";
import { children, resource, run } from "../harness";

const account = "111111111111";
const make = (args: Partial<LogArchiveArgs> = {}) =>
  run(() => void new LogArchive("logs", { retentionDays: 400, keep: false, ...args }));

/** A policy as an object: it is registered as one, and checked into a string. */
function documentOf(value: unknown): unknown {
  return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
}

describe("LogArchive", () => {
  it("makes one bucket and all that guards it", async () => {
    assert.deepEqual(children(await make(), "logs"), [
      "aws:s3/bucket:Bucket logs-bucket",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration logs-lifecycle",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls logs-ownership",
      "aws:s3/bucketPolicy:BucketPolicy logs-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock logs-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration logs-encryption",
      "aws:s3/bucketVersioning:BucketVersioning logs-versioning",
    ]);
  });

  for (const keep of [true, false]) {
    it(`with keep ${keep}: protect ${keep}, forceDestroy ${!keep}`, async () => {
      const bucket = resource(await make({ keep }), "aws:s3/bucket:Bucket", "logs-bucket");
      assert.equal(bucket.options["protect"], keep);
      assert.equal(bucket.inputs["forceDestroy"], !keep);
    });
  }

  it("is closed to the public, its objects its own, versioned, encrypted by S3", async () => {
    const result = await make();
    const block = resource(
      result,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "logs-public-access",
    ).inputs;
    for (const key of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]) {
      assert.equal(block[key], true, key);
    }
    const ownership = resource(result, "aws:s3/bucketOwnershipControls:BucketOwnershipControls", "logs-ownership");
    assert.deepEqual(ownership.inputs["rule"], { objectOwnership: "BucketOwnerEnforced" });
    const versioning = resource(result, "aws:s3/bucketVersioning:BucketVersioning", "logs-versioning");
    assert.deepEqual(versioning.inputs["versioningConfiguration"], { status: "Enabled" });
    const encryption = resource(
      result,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "logs-encryption",
    );
    assert.deepEqual(encryption.inputs["rules"], [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
  });

  it("lets each sender write for this account alone, and nobody without TLS", async () => {
    const result = await make();
    const arn = resource(result, "aws:s3/bucket:Bucket", "logs-bucket").outputs["arn"] as string;
    const policy = resource(result, "aws:s3/bucketPolicy:BucketPolicy", "logs-policy").inputs["policy"];
    const deliveries = { "aws:SourceArn": `arn:aws:logs:*:${account}:*` };
    assert.deepEqual(documentOf(policy), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "LoadBalancerLogs",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: [`${arn}/AWSLogs/${account}/*`, `${arn}/*/AWSLogs/${account}/*`],
        },
        {
          Sid: "VendedLogs",
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${arn}/*`,
          Condition: {
            StringEquals: { "aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control" },
            ArnLike: deliveries,
          },
        },
        {
          Sid: "VendedLogsBucketCheck",
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["s3:GetBucketAcl", "s3:ListBucket"],
          Resource: arn,
          Condition: { StringEquals: { "aws:SourceAccount": account }, ArnLike: deliveries },
        },
        {
          Sid: "BucketAccessLogs",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${arn}/*`,
          Condition: { StringEquals: { "aws:SourceAccount": account }, ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } },
        },
      ],
    });
  });

  it("sets the policy after the settings that it could collide with", async () => {
    const result = await make();
    const { dependencies } = resource(result, "aws:s3/bucketPolicy:BucketPolicy", "logs-policy");
    for (const name of ["logs-public-access", "logs-ownership"]) {
      assert.ok(
        dependencies.some((urn) => urn.endsWith(`::${name}`)),
        name,
      );
    }
  });

  it("gives out its name and ARN when the policy is there", async () => {
    // A consumer that takes the outputs depends on the policy, so AWS's test write finds it.
    const result = await run(() => {
      const logs = new LogArchive("logs", { retentionDays: 30, keep: false });
      new aws.s3.BucketLogging("by-name", { bucket: "other", targetBucket: logs.bucketName, targetPrefix: "x/" });
      new aws.s3.BucketLogging("by-arn", { bucket: "other", targetBucket: logs.bucketArn, targetPrefix: "x/" });
    });
    for (const name of ["by-name", "by-arn"]) {
      const consumer = resource(result, "aws:s3/bucketLogging:BucketLogging", name);
      assert.ok(
        consumer.dependencies.some((urn) => urn.endsWith("::logs-policy")),
        name,
      );
    }
    const bucket = resource(result, "aws:s3/bucket:Bucket", "logs-bucket");
    const outputs = resource(result, "kiban:index:LogArchive", "logs").outputs;
    assert.equal(outputs["bucketArn"], bucket.outputs["arn"]);
    assert.equal(outputs["bucketName"], bucket.outputs["bucket"]);
  });

  describe("lifecycle", () => {
    for (const [days, transitions] of [
      [1, undefined],
      [59, undefined],
      [60, [{ days: 30, storageClass: "STANDARD_IA" }]],
      [179, [{ days: 30, storageClass: "STANDARD_IA" }]],
      [
        180,
        [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 90, storageClass: "GLACIER_IR" },
        ],
      ],
    ] as const) {
      it(`for ${days} days: ${transitions?.length ?? 0} cheaper classes`, () => {
        assert.deepEqual(archiveLifecycle(days)[0]?.transitions, transitions);
      });
    }

    it("is on the bucket, after versioning", async () => {
      const result = await make({ retentionDays: 30 });
      const lifecycle = resource(
        result,
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "logs-lifecycle",
      );
      assert.ok(lifecycle.dependencies.some((urn) => urn.endsWith("::logs-versioning")));
      assert.deepEqual(lifecycle.inputs["rules"], [
        {
          id: "expire",
          status: "Enabled",
          filter: {},
          expiration: { days: 30 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        { id: "delete-markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
      ]);
    });
  });

  for (const retentionDays of [0, -1, 1.5]) {
    it(`refuses ${retentionDays} days`, async () => {
      const result = await make({ retentionDays });
      assert.equal(
        result.error?.message,
        `LogArchive "logs":\n  retentionDays: was ${retentionDays}; allowed: a whole number from 1; set how many days the logs are kept`,
      );
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const result = await make({
      transform: {
        bucket: { forceDestroy: false },
        ownership: { rule: { objectOwnership: "ObjectWriter" } },
        publicAccess: { blockPublicAcls: false },
        encryption: { rules: [] },
        versioning: { versioningConfiguration: { status: "Suspended" } },
        lifecycle: (ours) => ({ ...ours, rules: [] }),
        policy: { policy: "{}" },
      },
    });
    const input = (type: string, name: string, key: string) => resource(result, `aws:s3/${type}`, name).inputs[key];
    assert.equal(input("bucket:Bucket", "logs-bucket", "forceDestroy"), false);
    assert.deepEqual(input("bucketOwnershipControls:BucketOwnershipControls", "logs-ownership", "rule"), {
      objectOwnership: "ObjectWriter",
    });
    const block = "bucketPublicAccessBlock:BucketPublicAccessBlock";
    assert.equal(input(block, "logs-public-access", "blockPublicAcls"), false);
    const encryption = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assert.deepEqual(input(encryption, "logs-encryption", "rules"), []);
    assert.deepEqual(input("bucketVersioning:BucketVersioning", "logs-versioning", "versioningConfiguration"), {
      status: "Suspended",
    });
    const lifecycle = "bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    assert.deepEqual(input(lifecycle, "logs-lifecycle", "rules"), []);
    assert.deepEqual(documentOf(input("bucketPolicy:BucketPolicy", "logs-policy", "policy")), {});
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new LogArchive(name, { retentionDays: 30, keep: false });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 16);
  });
});
