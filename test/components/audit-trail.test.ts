import * as assert from "node:assert/strict";

import { AuditTrail, type AuditTrailArgs } from "../../components/audit-trail/audit-trail";
import { children, resource, run } from "../harness";

const account = "111111111111";
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`;
const least: AuditTrailArgs = {
  keyArn,
  retentionDays: 365,
  logArchive: { bucketName: "logs", bucketArn: "arn:aws:s3:::logs" },
  keep: true,
};
const make = (args: Partial<AuditTrailArgs> = {}) => run(() => void new AuditTrail("audit", { ...least, ...args }));

const types = {
  bucket: "aws:s3/bucket:Bucket",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  trail: "aws:cloudtrail/trail:Trail",
};
const trailArn = `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/audit`;

describe("AuditTrail", () => {
  it("makes the trail and the bucket of its log", async () => {
    assert.deepEqual(children(await make(), "audit"), [
      `${types.trail} audit-trail`,
      `${types.bucket} audit-bucket`,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration audit-lifecycle",
      "aws:s3/bucketLogging:BucketLogging audit-logging",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls audit-ownership",
      `${types.policy} audit-policy`,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock audit-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration audit-encryption",
      "aws:s3/bucketVersioning:BucketVersioning audit-versioning",
    ]);
  });

  it("looks at every region, signs what it writes, encrypts it with the key", async () => {
    const result = await make();
    assert.deepEqual(resource(result, types.trail, "audit-trail").inputs, {
      name: "audit",
      s3BucketName: resource(result, types.bucket, "audit-bucket").outputs["bucket"],
      kmsKeyId: keyArn,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
    });
    assert.deepEqual(resource(result, "kiban:index:AuditTrail", "audit").outputs, {
      trailArn,
      bucketName: resource(result, types.bucket, "audit-bucket").outputs["bucket"],
    });
  });

  it("waits with the trail until the bucket admits it", async () => {
    const trail = resource(await make(), types.trail, "audit-trail");
    assert.ok(trail.dependencies.some((urn) => urn.endsWith("::audit-policy")));
  });

  it("admits this trail alone, below the account's folder", async () => {
    const result = await make();
    const arn = resource(result, types.bucket, "audit-bucket").outputs["arn"] as string;
    const policy = JSON.parse(resource(result, types.policy, "audit-policy").checked["policy"] as string) as {
      Statement: object[];
    };
    assert.deepEqual(policy.Statement, [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "TrailChecksBucket",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:GetBucketAcl",
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceArn": trailArn } },
      },
      {
        Sid: "TrailWrites",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arn}/AWSLogs/${account}/*`,
        Condition: { StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ]);
  });

  for (const keep of [true, false]) {
    it(`with keep ${keep}: protects bucket and trail: ${keep}`, async () => {
      const result = await make({ keep });
      assert.equal(resource(result, types.bucket, "audit-bucket").options["protect"], keep);
      assert.equal(resource(result, types.bucket, "audit-bucket").inputs["forceDestroy"], !keep);
      assert.equal(resource(result, types.trail, "audit-trail").options["protect"], keep);
    });
  }

  for (const retentionDays of [89, 3651, 90.5]) {
    it(`refuses ${retentionDays} days`, async () => {
      const result = await make({ retentionDays });
      assert.equal(
        result.error?.message,
        `AuditTrail "audit":\n  retentionDays: was ${retentionDays}; allowed: a whole number from 90 to 3650; set one in that range`,
      );
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const s3BucketName = "other";
    const result = await make({ transform: { trail: { s3BucketName }, bucket: { forceDestroy: true } } });
    assert.equal(resource(result, types.trail, "audit-trail").inputs["s3BucketName"], s3BucketName);
    assert.equal(resource(result, types.bucket, "audit-bucket").inputs["forceDestroy"], true);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new AuditTrail(name, least);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 20);
  });
});
