import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { masterUsername } from "./engine";
import { identifierOf } from "./foundation";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";
import type { RestoreFrom } from "./types";

type Database = Pick<AuroraClusterNodes, "cluster" | "writer" | "readers" | "masterRotation">;
type Below = Pick<
  AuroraClusterNodes,
  "suffix" | "subnetGroup" | "securityGroup" | "parameterGroup" | "logGroups" | "monitoringRole" | "monitoringPolicy"
>;

/** The cluster and its instances, which all have the range of capacities of the cluster. */
export function createDatabase(parent: pulumi.Resource, s: Settled, below: Below): Database {
  const { name, args } = s;
  const transform = args.transform ?? {};
  const cluster = new aws.rds.Cluster(
    `${name}-cluster`,
    override<aws.rds.ClusterArgs>(clusterArgs(s, below), transform.cluster),
    {
      parent,
      protect: args.keep,
      dependsOn: [...below.logGroups],
      ignoreChanges: [
        // They say how a cluster begins; a change would replace it, and lose what was written since.
        "snapshotIdentifier",
        "restoreToPointInTime",
        // AWS raises minor versions by itself, and refuses to go back to the one that is written here.
        ...(s.allowMajorVersionUpgrade ? [] : ["engineVersion"]),
      ],
    },
  );
  const instance = (role: string, promotionTier: number, edit: typeof transform.writer): aws.rds.ClusterInstance =>
    new aws.rds.ClusterInstance(
      `${name}-${role}`,
      override<aws.rds.ClusterInstanceArgs>(
        {
          identifier: pulumi.interpolate`${identifierOf(s, below.suffix)}-${role}`,
          clusterIdentifier: cluster.id,
          engine: s.engine.type,
          instanceClass: "db.serverless",
          dbSubnetGroupName: below.subnetGroup.name,
          promotionTier,
          publiclyAccessible: false,
          autoMinorVersionUpgrade: true,
          copyTagsToSnapshot: true,
          applyImmediately: s.applyImmediately,
          ...(args.maintenanceWindow !== undefined && { preferredMaintenanceWindow: args.maintenanceWindow }),
          ...(below.monitoringRole !== undefined &&
            args.enhancedMonitoringSeconds !== undefined && {
              monitoringInterval: args.enhancedMonitoringSeconds,
              monitoringRoleArn: below.monitoringRole.arn,
            }),
        },
        edit,
      ),
      {
        parent,
        protect: args.keep,
        ...(below.monitoringPolicy !== undefined && { dependsOn: [below.monitoringPolicy] }),
      },
    );
  const writer = instance("writer", 0, transform.writer);
  const readers = s.readers.map(({ promotionTier }, i) =>
    instance(`reader-${i + 1}`, promotionTier, transform.readers),
  );
  const masterRotation = new aws.secretsmanager.SecretRotation(
    `${name}-master-rotation`,
    override<aws.secretsmanager.SecretRotationArgs>(
      {
        // RDS rotates its own secret, without a function of ours; this is its schedule.
        secretId: masterSecretArn(cluster),
        rotationRules: { automaticallyAfterDays: s.masterRotationDays },
        rotateImmediately: false,
      },
      transform.masterRotation,
    ),
    { parent },
  );
  return { cluster, writer, readers, masterRotation };
}

/** The secret that RDS keeps the master user's password in. */
export function masterSecretArn(cluster: aws.rds.Cluster): pulumi.Output<string> {
  return cluster.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? "");
}

function clusterArgs(s: Settled, below: Below): aws.rds.ClusterArgs {
  const { args, engine, insights } = s;
  const identifier = identifierOf(s, below.suffix);
  const { acu } = args;
  return {
    clusterIdentifier: identifier,
    engine: engine.type,
    engineMode: "provisioned",
    engineVersion: args.engineVersion,
    allowMajorVersionUpgrade: s.allowMajorVersionUpgrade,
    serverlessv2ScalingConfiguration: {
      minCapacity: acu.min,
      maxCapacity: acu.max,
      ...(acu.min === 0 && { secondsUntilAutoPause: acu.secondsUntilAutoPause ?? 300 }),
    },
    // A restored cluster has the database and the master user of its source.
    ...(args.restoreFrom === undefined ? { databaseName: s.databaseName, masterUsername } : source(args.restoreFrom)),
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: args.keyArn,
    iamDatabaseAuthenticationEnabled: true,
    // The cluster makes its users through the Data API; who may call it, IAM decides.
    enableHttpEndpoint: true,
    port: engine.port,
    dbSubnetGroupName: below.subnetGroup.name,
    vpcSecurityGroupIds: [below.securityGroup.id],
    dbClusterParameterGroupName: below.parameterGroup.name,
    storageEncrypted: true,
    kmsKeyId: args.keyArn,
    enabledCloudwatchLogsExports: [...s.logs],
    databaseInsightsMode: insights,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: args.keyArn,
    // AWS: RDS API reference, CreateDBCluster, `DatabaseInsightsMode`: advanced wants exactly 465 days.
    performanceInsightsRetentionPeriod: insights === "advanced" ? 465 : 7,
    backupRetentionPeriod: s.backupRetentionDays,
    ...(args.backupWindow !== undefined && { preferredBackupWindow: args.backupWindow }),
    ...(args.maintenanceWindow !== undefined && { preferredMaintenanceWindow: args.maintenanceWindow }),
    copyTagsToSnapshot: true,
    deletionProtection: args.keep,
    deleteAutomatedBackups: !args.keep,
    skipFinalSnapshot: !s.finalSnapshot,
    ...(s.finalSnapshot && { finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final` }),
    applyImmediately: s.applyImmediately,
  };
}

function source(from: RestoreFrom): Pick<aws.rds.ClusterArgs, "snapshotIdentifier" | "restoreToPointInTime"> {
  if ("snapshotIdentifier" in from) return { snapshotIdentifier: from.snapshotIdentifier };
  const { sourceClusterIdentifier, sourceClusterResourceId, restoreToTime, copyOnWrite } = from.pointInTime;
  return {
    restoreToPointInTime: {
      ...(sourceClusterIdentifier !== undefined && { sourceClusterIdentifier }),
      ...(sourceClusterResourceId !== undefined && { sourceClusterResourceId }),
      ...(restoreToTime === undefined ? { useLatestRestorableTime: true } : { restoreToTime }),
      restoreType: copyOnWrite === true ? "copy-on-write" : "full-copy",
    },
  };
}
