import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { sumOfReported } from "./metric-math";
import type { WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";

type ScalingNodes = Pick<
  WebServiceNodes,
  "scalingTarget" | "cpuPolicy" | "memoryPolicy" | "requestsPolicy" | "schedules"
>;
type Tracking = aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration;

/** Scaling limits, the measures that move the count between them, and their changes by the clock. */
export function createScaling(
  parent: pulumi.Resource,
  s: Settled,
  made: Pick<WebServiceNodes, "service" | "blueTargetGroup" | "greenTargetGroup">,
): ScalingNodes {
  const { name, scaling } = s;
  const none = { scalingTarget: undefined, cpuPolicy: undefined, memoryPolicy: undefined, requestsPolicy: undefined };
  if (scaling === undefined) return { ...none, schedules: [] };
  const transform = s.args.transform ?? {};
  const opts = { parent };

  const scalingTarget = new aws.appautoscaling.Target(
    `${name}-scaling`,
    override(
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${s.args.cluster.name}/${made.service.name}`,
        minCapacity: scaling.min,
        maxCapacity: scaling.max,
      },
      transform.scalingTarget,
    ),
    opts,
  );
  // Through the target's outputs, so that its policies and schedules come after it.
  const { serviceNamespace, scalableDimension, resourceId } = scalingTarget;
  const track = (measure: "cpu" | "memory" | "requests", targetValue: number | undefined, by: Partial<Tracking>) =>
    targetValue === undefined
      ? undefined
      : new aws.appautoscaling.Policy(
          `${name}-scale-by-${measure}`,
          override(
            {
              policyType: "TargetTrackingScaling",
              serviceNamespace,
              scalableDimension,
              resourceId,
              // Out within a minute, in after five: too many tasks cost a little, too few cost users.
              targetTrackingScalingPolicyConfiguration: {
                targetValue,
                scaleOutCooldown: 60,
                scaleInCooldown: 300,
                ...by,
              },
            },
            transform[`${measure}Policy`],
          ),
          opts,
        );
  const average = (metric: "CPU" | "Memory"): Partial<Tracking> => ({
    predefinedMetricSpecification: { predefinedMetricType: `ECSServiceAverage${metric}Utilization` },
  });
  const cpuPolicy = track("cpu", scaling.cpuPercent, average("CPU"));
  const memoryPolicy = track("memory", scaling.memoryPercent, average("Memory"));
  const requestsPolicy = track("requests", scaling.requestsPerTarget, requestsPerTask(s, made));

  const schedules = (scaling.schedules ?? []).map(
    (schedule) =>
      new aws.appautoscaling.ScheduledAction(
        `${name}-schedule-${schedule.name}`,
        override(
          {
            serviceNamespace,
            scalableDimension,
            resourceId,
            schedule: schedule.expression,
            timezone: schedule.timezone ?? "Etc/UTC",
            scalableTargetAction: { minCapacity: schedule.min, maxCapacity: schedule.max },
          },
          transform.schedules,
        ),
        opts,
      ),
  );
  return { scalingTarget, cpuPolicy, memoryPolicy, requestsPolicy, schedules };
}

/**
 * Requests a minute and task over both groups. `ALBRequestCountPerTarget`, the ready-made measure, names one group and
 * would see nothing after a deployment. RequestCountPerTarget is each group's requests divided by its tasks; as both
 * groups have the service's count of tasks while they share the traffic, the sum of the two is all requests by that
 * count.
 */
function requestsPerTask(
  s: Settled,
  { blueTargetGroup, greenTargetGroup }: Pick<WebServiceNodes, "blueTargetGroup" | "greenTargetGroup">,
): Partial<Tracking> {
  if (s.http === undefined || blueTargetGroup === undefined || greenTargetGroup === undefined) return {};
  const { arnSuffix } = s.http.listener;
  const query = (id: string, group: aws.lb.TargetGroup) => ({
    id,
    returnData: false,
    metricStat: {
      // Sum is the one valid statistic; it stands for the average of the targets.
      stat: "Sum",
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCountPerTarget",
        dimensions: [
          { name: "LoadBalancer", value: arnSuffix },
          { name: "TargetGroup", value: group.arnSuffix },
        ],
      },
    },
  });
  return {
    customizedMetricSpecification: {
      metrics: [
        query("blue", blueTargetGroup),
        query("green", greenTargetGroup),
        { id: "requests", label: "Requests per task", expression: sumOfReported("blue", "green"), returnData: true },
      ],
    },
  };
}
