import * as assert from "node:assert/strict";

import { backendUrl } from "../../components/state-bucket/place";
import { StateBucket, type StateBucketArgs } from "../../components/state-bucket/state-bucket";
import { children, resource, run } from "../harness";

const account = "111111111111";
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`;
const least: StateBucketArgs = {
  prefix: "kiban-state",
  accountId: account,
  region: "ap-northeast-1",
  keyArn,
  logArchive: { bucketName: "logs", bucketArn: "arn:aws:s3:::logs" },
  keep: true,
};
const make = (args: Partial<StateBucketArgs> = {}) => run(() => void new StateBucket("state", { ...least, ...args }));

const types = {
  bucket: "aws:s3/bucket:Bucket",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  logging: "aws:s3/bucketLogging:BucketLogging",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
};
const bucketName = `kiban-state-${account}-ap-northeast-1-an`;
const bucketArn = `arn:aws:s3:::${bucketName}`;

describe("StateBucket", () => {
  it("makes a bucket and its settings", async () => {
    assert.deepEqual(
      children(await make(), "state"),
      [
        `${types.bucket} state-bucket`,
        `${types.encryption} state-encryption`,
        `${types.lifecycle} state-lifecycle`,
        `${types.logging} state-logging`,
        `${types.ownership} state-ownership`,
        `${types.policy} state-policy`,
        `${types.publicAccess} state-public-access`,
        `${types.versioning} state-versioning`,
      ].sort(),
    );
  });

  for (const keep of [true, false]) {
    it(`is called what nobody else can call one; with keep ${keep} protected: ${keep}`, async () => {
      const { inputs, options } = resource(await make({ keep }), types.bucket, "state-bucket");
      assert.deepEqual(inputs, { bucket: bucketName, bucketNamespace: "account-regional", forceDestroy: !keep });
      assert.equal(options["protect"], keep);
    });
  }

  it("gives the backend's address", async () => {
    const url = `s3://${bucketName}?region=ap-northeast-1`;
    assert.equal(backendUrl(least), url);
    assert.deepEqual(resource(await make(), "kiban:index:StateBucket", "state").outputs, {
      bucketName,
      bucketArn,
      backendUrl: url,
    });
  });

  it("encrypts with the key, keeps versions, lets nobody in, logs who came", async () => {
    const result = await make();
    const inputs = (type: string, name: string) => resource(result, type, name).inputs;
    assert.deepEqual(inputs(types.encryption, "state-encryption")["rules"], [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ]);
    assert.deepEqual(inputs(types.versioning, "state-versioning")["versioningConfiguration"], { status: "Enabled" });
    assert.deepEqual(inputs(types.ownership, "state-ownership")["rule"], { objectOwnership: "BucketOwnerEnforced" });
    assert.deepEqual(inputs(types.publicAccess, "state-public-access"), {
      bucket: bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.equal(inputs(types.logging, "state-logging")["targetBucket"], "logs");
    assert.equal(inputs(types.logging, "state-logging")["targetPrefix"], "s3/state/");
  });

  it("keeps what was overwritten, and the last versions whatever their age", async () => {
    const { inputs } = resource(await make({ restoreDays: 30 }), types.lifecycle, "state-lifecycle");
    assert.deepEqual(inputs["rules"], [
      {
        id: "forget-overwritten",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 20 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      { id: "delete-markers", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true } },
    ]);
  });

  it("refuses what does not come over TLS, from another account, or with another key", async () => {
    const { checked } = resource(await make(), types.policy, "state-policy");
    const key = "s3:x-amz-server-side-encryption-aws-kms-key-id";
    assert.deepEqual(JSON.parse(checked["policy"] as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucketArn, `${bucketArn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "ThisAccountOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucketArn, `${bucketArn}/*`],
          Condition: {
            StringNotEquals: { "aws:PrincipalAccount": account },
            Bool: { "aws:PrincipalIsAWSService": "false" },
          },
        },
        {
          Sid: "ThisKeyOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: `${bucketArn}/*`,
          Condition: { Null: { [key]: "false" }, StringNotEquals: { [key]: keyArn } },
        },
      ],
    });
  });

  const faults: [Partial<StateBucketArgs>, string][] = [
    [
      { prefix: "Kiban" },
      'prefix: was "Kiban"; allowed: lower case, digits and -, at most 32; set a short one, such as kiban-state',
    ],
    [
      { prefix: "k".repeat(33) },
      `prefix: was "${"k".repeat(33)}"; allowed: lower case, digits and -, at most 32; set a short one, such as kiban-state`,
    ],
    [{ accountId: "1" }, 'accountId: was "1"; allowed: 12 digits; set the stack\'s account'],
    [
      { region: "tokyo" },
      'region: was "tokyo"; allowed: an AWS region, such as ap-northeast-1; set the stack\'s region',
    ],
    [{ restoreDays: 0 }, "restoreDays: was 0; allowed: a whole number from 1 to 3650; set one in that range"],
  ];
  for (const [args, line] of faults) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      const result = await make(args);
      assert.equal(result.error?.message, `StateBucket "state":\n  ${line}`);
      assert.deepEqual(result.resources, []);
    });
  }

  it("gives each transform its child", async () => {
    const bucket = "other";
    const result = await make({
      transform: {
        bucket: { bucket },
        ownership: { bucket },
        publicAccess: { bucket },
        encryption: { bucket },
        versioning: { bucket },
        lifecycle: { bucket },
        logging: { bucket },
        policy: (ours) => ({ ...ours, bucket }),
      },
    });
    for (const child of result.resources.filter((r) => r.custom)) {
      assert.equal(child.inputs["bucket"], bucket, child.name);
    }
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const prefix of ["one", "two"]) new StateBucket(prefix, { ...least, prefix });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 18);
  });
});
