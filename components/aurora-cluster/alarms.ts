import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type Override, override } from "../shared/override";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";

type Alarms = Pick<
  AuroraClusterNodes,
  "capacityAlarm" | "cpuAlarm" | "connectionsAlarm" | "replicaLagAlarm" | "storageAlarm"
>;

const gibibyte = 1024 ** 3;

/** What runs out, and what falls behind. */
export function createAlarms(
  parent: pulumi.Resource,
  s: Settled,
  { cluster }: Pick<AuroraClusterNodes, "cluster">,
): Alarms {
  const { name, alarms, args } = s;
  const transform = args.transform ?? {};
  const DBClusterIdentifier = cluster.clusterIdentifier;
  const { capacityPercent, cpuPercent, connectionsPercent, replicaLagMilliseconds, storageGiB } = alarms;

  const capacityAlarm = alarm(parent, s, "capacity", transform.capacityAlarm, {
    alarmDescription:
      `${name}: an instance uses ${capacityPercent} percent or more of its largest capacity, ${args.acu.max} ACU. ` +
      "Look for dear queries, or raise acu.max.",
    metricName: "ACUUtilization",
    // Over all instances: the busiest one, which the others' rest would hide.
    statistic: "Maximum",
    dimensions: { DBClusterIdentifier },
    threshold: capacityPercent,
    ...quarterOfAnHour,
  });
  const cpuAlarm = alarm(parent, s, "cpu", transform.cpuAlarm, {
    alarmDescription:
      `${name}: the writer's CPU is at ${cpuPercent} percent or more. Look for dear queries, move reads to the readers, ` +
      "or raise acu.max.",
    metricName: "CPUUtilization",
    statistic: "Average",
    dimensions: { DBClusterIdentifier, Role: "WRITER" },
    threshold: cpuPercent,
    ...quarterOfAnHour,
  });
  const connectionsAlarm = alarm(parent, s, "connections", transform.connectionsAlarm, {
    alarmDescription:
      `${name}: an instance has ${connectionsPercent} percent or more of the ${s.connections} connections that it takes. ` +
      "Look for a service that leaks them, share them by the proxy, or raise acu.max and restart the instances.",
    metricName: "DatabaseConnections",
    statistic: "Maximum",
    dimensions: { DBClusterIdentifier },
    threshold: Math.floor((s.connections * connectionsPercent) / 100),
    ...fiveMinutes,
  });
  const replicaLagAlarm = !s.hasReaders
    ? undefined
    : alarm(parent, s, "replica-lag", transform.replicaLagAlarm, {
        alarmDescription:
          `${name}: a reader is ${replicaLagMilliseconds} ms or more behind the writer. Look for long transactions and ` +
          "heavy writes; a reader of promotion tier 2 or more may be too small for them.",
        metricName: "AuroraReplicaLag",
        statistic: "Maximum",
        dimensions: { DBClusterIdentifier, Role: "READER" },
        threshold: replicaLagMilliseconds,
        ...fiveMinutes,
      });
  const storageAlarm = alarm(parent, s, "storage", transform.storageAlarm, {
    alarmDescription:
      `${name}: the data takes ${storageGiB} GiB or more. Storage grows, and is paid, by itself: look for what grew, or ` +
      "raise alarms.storageGiB.",
    metricName: "VolumeBytesUsed",
    statistic: "Maximum",
    dimensions: { DBClusterIdentifier },
    threshold: storageGiB * gibibyte,
    // Reported every five minutes, less often when little happens.
    period: 3600,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
  });
  return { capacityAlarm, cpuAlarm, connectionsAlarm, replicaLagAlarm, storageAlarm };
}

/** Longer than a scaling or a batch job takes. */
const quarterOfAnHour = { period: 300, evaluationPeriods: 3, datapointsToAlarm: 3 };
const fiveMinutes = { period: 60, evaluationPeriods: 5, datapointsToAlarm: 3 };

function alarm(
  parent: pulumi.Resource,
  s: Settled,
  role: string,
  transform: Override<aws.cloudwatch.MetricAlarmArgs> | undefined,
  args: Omit<aws.cloudwatch.MetricAlarmArgs, "comparisonOperator">,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${s.name}-${role}-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        namespace: "AWS/RDS",
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // A paused instance reports nothing.
        treatMissingData: "notBreaching",
        alarmActions: [s.args.alarmTopicArn],
        okActions: [s.args.alarmTopicArn],
        ...args,
      },
      transform,
    ),
    { parent },
  );
}
