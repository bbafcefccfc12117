import * as aws from "@pulumi/aws";

import { kept, key, opts } from "./base";
import { databaseGroup, open } from "./network";

// db-reachability
const subnets = new aws.rds.SubnetGroup("subnets", { subnetIds: [open.id] }, opts);

// aurora-force-ssl, aurora-log-exports, aurora-backup, db-managed-password, db-admin-name-iam, minor-upgrades,
// and with one instance: aurora-multi-az
const cluster = new aws.rds.Cluster(
  "cluster",
  {
    engine: "aurora-postgresql",
    dbSubnetGroupName: subnets.name,
    vpcSecurityGroupIds: [databaseGroup.id],
    masterUsername: "shopowner",
    masterPassword: "not-a-real-password",
    storageEncrypted: true,
    kmsKeyId: key.arn,
    backupRetentionPeriod: 1,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "cluster-final",
    deleteAutomatedBackups: false,
    deletionProtection: true,
    autoMinorVersionUpgrade: false,
    copyTagsToSnapshot: true,
  },
  kept,
);

// rds-not-public
new aws.rds.ClusterInstance(
  "writer",
  {
    clusterIdentifier: cluster.id,
    engine: "aurora-postgresql",
    instanceClass: "db.serverless",
    publiclyAccessible: true,
  },
  opts,
);

// rds-encrypted, rds-aux-keys, tag-copy-to-snapshots
new aws.rds.Instance(
  "instance",
  {
    engine: "postgres",
    instanceClass: "db.t4g.medium",
    allocatedStorage: 20,
    username: "shopowner",
    manageMasterUserPassword: true,
    iamDatabaseAuthenticationEnabled: true,
    backupRetentionPeriod: 14,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "instance-final",
    deleteAutomatedBackups: false,
    deletionProtection: true,
  },
  kept,
);

// rds-proxy-tls
const secret = new aws.secretsmanager.Secret("proxy", { kmsKeyId: key.arn }, kept);
const rotation = "arn:aws:lambda:ap-northeast-1:333333333333:function:rotation";
new aws.secretsmanager.SecretRotation(
  "proxy",
  { secretId: secret.id, rotationLambdaArn: rotation, rotationRules: { automaticallyAfterDays: 30 } },
  opts,
);
new aws.rds.Proxy(
  "proxy",
  {
    engineFamily: "POSTGRESQL",
    roleArn: "arn:aws:iam::333333333333:role/proxy",
    vpcSubnetIds: [open.id],
    requireTls: false,
    auths: [{ secretArn: secret.arn, iamAuth: "REQUIRED" }],
  },
  opts,
);
