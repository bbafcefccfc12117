import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { AuroraClusterNodes } from "./nodes";
import type { Settled } from "./settle";

type Scaling = Pick<AuroraClusterNodes, "scalingTarget" | "scalingPolicy">;

/** Adds readers under load; they get the writer's class, and tier 15, the last to take over. */
export function createScaling(
  parent: pulumi.Resource,
  s: Settled,
  { cluster, writer }: Pick<AuroraClusterNodes, "cluster" | "writer">,
): Scaling {
  const { name, readerScaling } = s;
  if (readerScaling === undefined) return { scalingTarget: undefined, scalingPolicy: undefined };
  const transform = s.args.transform ?? {};
  const scalingTarget = new aws.appautoscaling.Target(
    `${name}-reader-scaling`,
    override<aws.appautoscaling.TargetArgs>(
      {
        serviceNamespace: "rds",
        scalableDimension: "rds:cluster:ReadReplicaCount",
        resourceId: pulumi.interpolate`cluster:${cluster.id}`,
        minCapacity: readerScaling.min,
        maxCapacity: readerScaling.max,
      },
      transform.scalingTarget,
    ),
    // A new reader takes the writer's class, so there has to be one.
    { parent, dependsOn: [writer] },
  );
  const { serviceNamespace, scalableDimension, resourceId } = scalingTarget;
  const byConnections = readerScaling.connections !== undefined;
  const scalingPolicy = new aws.appautoscaling.Policy(
    `${name}-scale-readers`,
    override<aws.appautoscaling.PolicyArgs>(
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace,
        scalableDimension,
        resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: readerScaling.connections ?? readerScaling.cpuPercent ?? 0,
          predefinedMetricSpecification: {
            predefinedMetricType: byConnections
              ? "RDSReaderAverageDatabaseConnections"
              : "RDSReaderAverageCPUUtilization",
          },
          // A reader takes some minutes to start; asked sooner, the scaling would add another.
          scaleOutCooldown: 300,
          scaleInCooldown: 300,
        },
      },
      transform.scalingPolicy,
    ),
    { parent },
  );
  return { scalingTarget, scalingPolicy };
}
