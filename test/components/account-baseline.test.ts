import * as assert from "node:assert/strict";

import { AccountBaseline, type AccountBaselineArgs } from "../../components/account-baseline/account-baseline";
import { children, resource, run } from "../harness";

const make = (args?: AccountBaselineArgs) => run(() => void new AccountBaseline("baseline", args));

const types = {
  analyzer: "aws:accessanalyzer/analyzer:Analyzer",
  disks: "aws:ebs/encryptionByDefault:EncryptionByDefault",
  snapshots: "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
  metadata: "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
  detector: "aws:guardduty/detector:Detector",
  passwords: "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
  publicAccess: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
};
const settings: [type: string, name: string, inputs: object][] = [
  [types.analyzer, "baseline-analyzer", { analyzerName: "baseline-outsiders", type: "ACCOUNT" }],
  [types.disks, "baseline-disk-encryption", { enabled: true }],
  [types.snapshots, "baseline-snapshot-access", { state: "block-all-sharing" }],
  [types.metadata, "baseline-metadata", { httpTokens: "required", httpPutResponseHopLimit: 2 }],
  [
    types.passwords,
    "baseline-passwords",
    {
      minimumPasswordLength: 14,
      passwordReusePrevention: 24,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      allowUsersToChangePassword: true,
    },
  ],
  [
    types.publicAccess,
    "baseline-public-access",
    { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  ],
];

describe("AccountBaseline", () => {
  it("makes each setting", async () => {
    const result = await make();
    assert.deepEqual(
      children(result, "baseline"),
      settings.map(([type, name]) => `${type} ${name}`),
    );
    for (const [type, name, inputs] of settings) assert.deepEqual(resource(result, type, name).inputs, inputs, name);
  });

  it("looks for attacks by switch", async () => {
    const result = await make({ guardDuty: true });
    assert.deepEqual(
      children(result, "baseline"),
      [...settings.map(([type, name]) => `${type} ${name}`), `${types.detector} baseline-detector`].sort(),
    );
    assert.deepEqual(resource(result, types.detector, "baseline-detector").inputs, {
      enable: true,
      findingPublishingFrequency: "FIFTEEN_MINUTES",
    });
  });

  it("gives out the analyzer", async () => {
    assert.deepEqual(resource(await make(), "kiban:index:AccountBaseline", "baseline").outputs, {
      analyzerArn: "arn:aws:access-analyzer:ap-northeast-1:111111111111:analyzer/baseline-outsiders",
    });
  });

  it("gives each transform its child", async () => {
    const result = await make({
      guardDuty: true,
      transform: {
        publicAccess: { blockPublicAcls: false },
        diskEncryption: { enabled: false },
        snapshotAccess: { state: "unblocked" },
        metadata: { httpTokens: "optional" },
        passwords: { minimumPasswordLength: 20 },
        analyzer: { type: "ORGANIZATION" },
        detector: (ours) => ({ ...ours, enable: false }),
      },
    });
    const input = (type: string, name: string, key: string) => resource(result, type, name).inputs[key];
    assert.equal(input(types.publicAccess, "baseline-public-access", "blockPublicAcls"), false);
    assert.equal(input(types.disks, "baseline-disk-encryption", "enabled"), false);
    assert.equal(input(types.snapshots, "baseline-snapshot-access", "state"), "unblocked");
    assert.equal(input(types.metadata, "baseline-metadata", "httpTokens"), "optional");
    assert.equal(input(types.passwords, "baseline-passwords", "minimumPasswordLength"), 20);
    assert.equal(input(types.analyzer, "baseline-analyzer", "type"), "ORGANIZATION");
    assert.equal(input(types.detector, "baseline-detector", "enable"), false);
  });

  it("lives twice, for two regions", async () => {
    const result = await run(() => {
      for (const name of ["tokyo", "virginia"]) new AccountBaseline(name);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 14);
  });
});
