import { types } from "../../../policy/lib/types";
import { auroraMultiAz } from "../../../policy/rules/aurora";
import { s3VersioningLifecycle } from "../../../policy/rules/buckets";
import { auroraBackup, minorUpgrades, rdsAuxKeys } from "../../../policy/rules/database";
import {
  dbDeletionProtection,
  kmsDeletionWindow,
  noForceDestroy,
  otherDeletionProtection,
  pulumiProtect,
} from "../../../policy/rules/deletion";
import { dynamodbCapacity, dynamodbPitr } from "../../../policy/rules/dynamodb";
import {
  EMPTIED,
  type Proof,
  atLeast,
  atLeastOrUnset,
  customerKey,
  given,
  isFalse,
  isTrue,
  keyArn,
  notFalse,
  notTrue,
  one,
  oneOf,
  oneOfOrUnset,
  proof,
  values,
} from "../proof";

const bucket = { on: "bucket", at: "lifecycle" };
const versioned = { on: "bucket", at: "versioning" };
const ceiling = "onDemandThroughput";

export const keeping: readonly Proof[] = [
  proof(
    rdsAuxKeys,
    one(
      [...types.dbCluster, ...types.dbInstance],
      {
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: keyArn,
        performanceInsightsEnabled: true,
        performanceInsightsKmsKeyId: keyArn,
      },
      [
        customerKey("masterUserSecretKmsKeyId", { needs: ["manageMasterUserPassword"] }),
        customerKey("performanceInsightsKmsKeyId", { needs: ["performanceInsightsEnabled"] }),
      ],
    ),
    one(types.dbClusterInstance, { performanceInsightsEnabled: true, performanceInsightsKmsKeyId: keyArn }, [
      customerKey("performanceInsightsKmsKeyId"),
    ]),
  ),
  proof(
    auroraBackup,
    one(
      [...types.dbCluster, ...types.dbInstance],
      {
        backupRetentionPeriod: 14,
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: "last",
        deleteAutomatedBackups: false,
      },
      [
        atLeast("backupRetentionPeriod", 7),
        values("skipFinalSnapshot", [true], [undefined, false]),
        given("finalSnapshotIdentifier", { needs: ["skipFinalSnapshot"] }),
        isFalse("deleteAutomatedBackups"),
      ],
    ),
  ),
  proof(auroraMultiAz, {
    resources: {
      cluster: { type: types.dbCluster, inputs: { engine: "aurora-postgresql" } },
      first: {
        type: types.dbClusterInstance,
        inputs: { availabilityZone: "ap-northeast-1a" },
        links: { clusterIdentifier: "cluster" },
        needed: { on: "cluster", at: "readers" },
      },
      second: {
        type: types.dbClusterInstance,
        inputs: { availabilityZone: "ap-northeast-1c" },
        links: { clusterIdentifier: "cluster" },
        needed: { on: "cluster", at: "readers" },
        breaks: [values("availabilityZone", ["ap-northeast-1a"], [undefined])],
      },
    },
  }),
  proof(
    minorUpgrades,
    one([...types.dbClusterInstance, ...types.dbInstance, ...types.dbCluster], { autoMinorVersionUpgrade: true }, [
      notFalse("autoMinorVersionUpgrade"),
    ]),
  ),
  proof(
    dynamodbPitr,
    one(
      types.table,
      { pointInTimeRecovery: { enabled: true }, replicas: [{ regionName: "eu-west-1", pointInTimeRecovery: true }] },
      [
        isTrue("pointInTimeRecovery.enabled"),
        atLeastOrUnset("pointInTimeRecovery.recoveryPeriodInDays", 7),
        values("pointInTimeRecovery", [undefined]),
        isTrue("replicas[0].pointInTimeRecovery"),
      ],
    ),
    one(types.tableReplica, { pointInTimeRecovery: true }, [isTrue("pointInTimeRecovery")]),
  ),
  proof(
    dynamodbCapacity,
    one(types.table, { billingMode: "PAY_PER_REQUEST" }, [oneOf("billingMode", ["PAY_PER_REQUEST"], ["PROVISIONED"])]),
    one(
      types.table,
      { billingMode: "PAY_PER_REQUEST", [ceiling]: { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 } },
      ["maxReadRequestUnits", "maxWriteRequestUnits"].map((key) => values(`${ceiling}.${key}`, [undefined, -1], [1])),
      { stack: "dev" },
    ),
    {
      resources: {
        table: { type: types.table, inputs: { billingMode: "PROVISIONED" } },
        scaling: {
          type: types.scalableTarget,
          inputs: {},
          links: { resourceId: "table" },
          needed: { on: "table", at: "billingMode" },
        },
      },
    },
  ),
  proof(s3VersioningLifecycle, {
    resources: {
      bucket: { type: types.bucket, inputs: {} },
      versioning: {
        type: types.bucketVersioning,
        inputs: { versioningConfiguration: { status: "Enabled" } },
        links: { bucket: "bucket" },
        needed: versioned,
        breaks: [oneOf("versioningConfiguration.status", ["Enabled"], ["Suspended", "Disabled"], versioned)],
      },
      lifecycle: {
        type: types.bucketLifecycle,
        inputs: {
          rules: [
            { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } },
            { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
          ],
        },
        links: { bucket: "bucket" },
        needed: { on: "bucket", at: "lifecycle", findings: 2 },
        breaks: [
          oneOf("rules[0].status", ["Enabled"], ["Disabled"], {
            on: "bucket",
            at: "lifecycle has no end for old versions",
          }),
          oneOf("rules[1].status", ["Enabled"], ["Disabled"], { on: "bucket", at: "lifecycle has no end for uploads" }),
          given("rules[0].noncurrentVersionExpiration", bucket),
          given("rules[1].abortIncompleteMultipartUpload", bucket),
          values("rules", [undefined, EMPTIED], [], { ...bucket, findings: 2 }),
        ],
      },
    },
  }),
  proof(
    dbDeletionProtection,
    one([...types.dbCluster, ...types.dbGlobalCluster, ...types.dbInstance], { deletionProtection: true }, [
      isTrue("deletionProtection"),
    ]),
    one([...types.table, ...types.tableReplica], { deletionProtectionEnabled: true }, [
      isTrue("deletionProtectionEnabled"),
    ]),
  ),
  proof(
    otherDeletionProtection,
    one(types.loadBalancer, { enableDeletionProtection: true }, [isTrue("enableDeletionProtection")]),
    one(types.userPool, { deletionProtection: "ACTIVE" }, [oneOf("deletionProtection", ["ACTIVE"], ["INACTIVE"])]),
    one(types.logGroup, { deletionProtectionEnabled: true }, [isTrue("deletionProtectionEnabled")]),
  ),
  proof(
    pulumiProtect,
    one(pulumiProtect.types, {}, [values("@protect", [undefined, false], [true], { at: "protect" })], {
      options: { protect: true },
    }),
  ),
  proof(
    noForceDestroy,
    one(
      [
        ...types.bucket,
        ...types.dbGlobalCluster,
        ...types.athenaDatabase,
        ...types.athenaWorkgroup,
        ...types.backupVault,
      ],
      {},
      [notTrue("forceDestroy")],
    ),
    one(types.repository, {}, [notTrue("forceDelete")]),
    one(types.secret, { recoveryWindowInDays: 30 }, [values("recoveryWindowInDays", [0], [undefined, 7])]),
  ),
  proof(
    kmsDeletionWindow,
    one([...types.key, ...types.replicaKey], { deletionWindowInDays: 30 }, [
      oneOfOrUnset("deletionWindowInDays", [30], [7, 29]),
    ]),
  ),
];
