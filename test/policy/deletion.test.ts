import assert from "node:assert/strict";

import * as rules from "../../policy/rules/deletion";
import { type Break, analyse, assertLevels, testRule } from "./harness";

const environments = ["dev", "stg", "prod"] as const;
const bucket = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
const repository = "aws:ecr/repository:Repository";
const secret = "aws:secretsmanager/secret:Secret";
const [cluster, globalCluster] = ["aws:rds/cluster:Cluster", "aws:rds/globalCluster:GlobalCluster"];
const [instance, table] = ["aws:rds/instance:Instance", "aws:dynamodb/table:Table"];

describe("deletion", () => {
  const off = (path: string): Break[] =>
    [undefined, false].map((value) => [path, value, `${path} is not on: set it to true`]);

  for (const type of [cluster, globalCluster, instance]) {
    testRule(rules.dbDeletionProtection, type, { deletionProtection: true }, off("deletionProtection"));
  }
  for (const type of [table, "aws:dynamodb/tableReplica:TableReplica"]) {
    testRule(rules.dbDeletionProtection, type, { deletionProtectionEnabled: true }, off("deletionProtectionEnabled"));
  }

  for (const type of ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"]) {
    testRule(rules.otherDeletionProtection, type, { enableDeletionProtection: true }, off("enableDeletionProtection"));
  }
  testRule(rules.otherDeletionProtection, "aws:cognito/userPool:UserPool", { deletionProtection: "ACTIVE" }, [
    ["deletionProtection", undefined, "deletionProtection is not ACTIVE: set it to ACTIVE"],
    ["deletionProtection", "INACTIVE", "deletionProtection is not ACTIVE: set it to ACTIVE"],
  ]);
  testRule(
    rules.otherDeletionProtection,
    "aws:cloudwatch/logGroup:LogGroup",
    { deletionProtectionEnabled: true },
    off("deletionProtectionEnabled"),
  );

  for (const type of [
    ...bucket,
    ...[cluster, globalCluster, instance, table],
    "aws:cognito/userPool:UserPool",
    "aws:kms/key:Key",
    secret,
    "aws:kinesis/stream:Stream",
    repository,
  ]) {
    it(`pulumi-protect wants ${type} protected`, () => {
      for (const environment of environments) {
        const found = analyse(rules.pulumiProtect, type, {}, { stack: environment });
        const message = "protect is not on: give the resource the option protect: true";
        assertLevels(rules.pulumiProtect, environment, found, [message]);
        const safe = analyse(rules.pulumiProtect, type, {}, { stack: environment, protect: true });
        assertLevels(rules.pulumiProtect, environment, safe, []);
      }
    });
  }
  it("pulumi-protect leaves alone what can be made again", () => {
    for (const type of ["aws:rds/clusterInstance:ClusterInstance", "aws:ecs/service:Service"]) {
      assert.equal(typeof analyse(rules.pulumiProtect, type, {}), "string");
    }
  });

  const forced = (path: string): Break => [path, true, `${path} lets its content go with it: remove it`];
  for (const type of [
    ...bucket,
    globalCluster,
    "aws:athena/database:Database",
    "aws:athena/workgroup:Workgroup",
    "aws:backup/vault:Vault",
  ]) {
    testRule(rules.noForceDestroy, type, { forceDestroy: false }, [forced("forceDestroy")]);
    testRule(rules.noForceDestroy, type, {}, []);
  }
  testRule(rules.noForceDestroy, repository, { forceDelete: false }, [forced("forceDelete")]);
  testRule(rules.noForceDestroy, secret, { recoveryWindowInDays: 7 }, [
    ["recoveryWindowInDays", 0, "recoveryWindowInDays deletes the secret at once: set it to 7 to 30"],
  ]);
  testRule(rules.noForceDestroy, secret, {}, []);

  for (const type of ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"]) {
    testRule(rules.kmsDeletionWindow, type, { deletionWindowInDays: 30 }, [
      ...[7, 29].map((days): Break => [
        "deletionWindowInDays",
        days,
        "deletionWindowInDays is less than 30: set it to 30, or remove it",
      ]),
    ]);
    testRule(rules.kmsDeletionWindow, type, {}, []);
  }
});
