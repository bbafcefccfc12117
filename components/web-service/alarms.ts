import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { type Override, override } from "../shared/override";
import { errorPercent, higherOf, sumOf } from "./metric-math";
import type { WebServiceNodes } from "./nodes";
import type { Settled } from "./settle";

type RequestAlarms = Pick<WebServiceNodes, "serverErrorsAlarm" | "latencyAlarm" | "unhealthyAlarm">;
type LoadAlarms = Pick<WebServiceNodes, "cpuAlarm" | "memoryAlarm">;
type MetricQuery = aws.types.input.cloudwatch.MetricAlarmMetricQuery;

/** What users notice, over both target groups. These roll a deployment back, so they come before the service. */
export function createRequestAlarms(
  parent: pulumi.Resource,
  s: Settled,
  { blueTargetGroup, greenTargetGroup }: Pick<WebServiceNodes, "blueTargetGroup" | "greenTargetGroup">,
): RequestAlarms {
  const { name, http, alarms } = s;
  if (http === undefined || blueTargetGroup === undefined || greenTargetGroup === undefined) {
    return { serverErrorsAlarm: undefined, latencyAlarm: undefined, unhealthyAlarm: undefined };
  }
  const both = (blue: string, green: string, metricName: string, stat: string): MetricQuery[] =>
    [
      { id: blue, group: blueTargetGroup },
      { id: green, group: greenTargetGroup },
    ].map(({ id, group }) => ({
      id,
      returnData: false,
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName,
        stat,
        period: 60,
        dimensions: { LoadBalancer: http.listener.arnSuffix, TargetGroup: group.arnSuffix },
      },
    }));
  const transform = s.args.transform ?? {};

  const errors = [sumOf("blueErrors", "greenErrors"), sumOf("blueFailures", "greenFailures")].join(" + ");
  const serverErrorsAlarm = alarm(parent, s, "server-errors", transform.serverErrorsAlarm, {
    alarmDescription:
      `${name}: ${alarms.serverErrorPercent} percent of the answers or more are server errors or failed connections. ` +
      "Look at the service's logs and its last deployment.",
    threshold: alarms.serverErrorPercent,
    metricQueries: [
      ...both("blueErrors", "greenErrors", "HTTPCode_Target_5XX_Count", "Sum"),
      // A task that is gone gives no 5xx of its own: the load balancer answers for it.
      ...both("blueFailures", "greenFailures", "TargetConnectionErrorCount", "Sum"),
      ...both("blueRequests", "greenRequests", "RequestCount", "Sum"),
      { id: "errors", expression: errors, returnData: false },
      { id: "requests", expression: sumOf("blueRequests", "greenRequests"), returnData: false },
      {
        id: "percent",
        label: "Server errors (percent)",
        expression: errorPercent("errors", "requests", alarms.minimumRequests),
        returnData: true,
      },
    ],
  });
  const latencyAlarm = alarm(parent, s, "latency", transform.latencyAlarm, {
    alarmDescription:
      `${name}: ${alarms.latencyPercentile} of the answers took ${alarms.latencySeconds} s or more. ` +
      "Look at CPU, memory and the databases behind it.",
    threshold: alarms.latencySeconds,
    metricQueries: [
      ...both("blue", "green", "TargetResponseTime", alarms.latencyPercentile),
      { id: "latency", label: "Response time (s)", expression: higherOf("blue", "green"), returnData: true },
    ],
  });
  const unhealthyAlarm = alarm(parent, s, "unhealthy", transform.unhealthyAlarm, {
    alarmDescription:
      `${name}: ${alarms.unhealthyTasks} or more tasks fail the health check ${http.healthCheckPath}. ` +
      "Look at the service's events and at the logs of the stopped tasks.",
    threshold: alarms.unhealthyTasks,
    metricQueries: [
      ...both("blue", "green", "UnHealthyHostCount", "Maximum"),
      { id: "unhealthy", label: "Unhealthy tasks", expression: sumOf("blue", "green"), returnData: true },
    ],
  });
  return { serverErrorsAlarm, latencyAlarm, unhealthyAlarm };
}

/** What the tasks themselves use. */
export function createLoadAlarms(
  parent: pulumi.Resource,
  s: Settled,
  { service }: Pick<WebServiceNodes, "service">,
): LoadAlarms {
  const use = (metricName: string): Partial<aws.cloudwatch.MetricAlarmArgs> => ({
    namespace: "AWS/ECS",
    metricName,
    statistic: "Average",
    period: 60,
    dimensions: { ClusterName: s.args.cluster.name, ServiceName: service.name },
  });
  const transform = s.args.transform ?? {};
  const cpuAlarm = alarm(parent, s, "cpu", transform.cpuAlarm, {
    ...use("CPUUtilization"),
    alarmDescription: `${s.name}: CPU at ${s.alarms.cpuPercent} percent or more. Raise scaling.max, or cpu.`,
    threshold: s.alarms.cpuPercent,
  });
  const memoryAlarm = alarm(parent, s, "memory", transform.memoryAlarm, {
    ...use("MemoryUtilization"),
    alarmDescription: `${s.name}: memory at ${s.alarms.memoryPercent} percent or more. Look for a leak, or raise memory.`,
    threshold: s.alarms.memoryPercent,
  });
  return { cpuAlarm, memoryAlarm };
}

function alarm(
  parent: pulumi.Resource,
  s: Settled,
  role: string,
  transform: Override<aws.cloudwatch.MetricAlarmArgs> | undefined,
  args: aws.cloudwatch.MetricAlarmArgs,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${s.name}-${role}-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // Three of five: the newest minute arrives late and counts as 0 until then.
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        // No traffic and no tasks (a service at 0 for the night) are no fault.
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
