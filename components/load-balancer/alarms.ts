import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { LoadBalancerTransform } from "./load-balancer";

/** Answers of the load balancer itself, not of a target: no service, no healthy task, or a target that hung up. */
export const errorsPer5Minutes = 10;

/** Alarms on what only the load balancer sees; each service watches its own target groups. */
export function createAlarms(
  parent: pulumi.Resource,
  name: string,
  arnSuffix: pulumi.Input<string>,
  topicArn: pulumi.Input<string>,
  transform: LoadBalancerTransform,
): { errorsAlarm: aws.cloudwatch.MetricAlarm; rejectedAlarm: aws.cloudwatch.MetricAlarm } {
  const alarm = (role: string, by: LoadBalancerTransform["errorsAlarm"], own: aws.cloudwatch.MetricAlarmArgs) =>
    new aws.cloudwatch.MetricAlarm(
      `${name}-${role}`,
      override<aws.cloudwatch.MetricAlarmArgs>(
        {
          namespace: "AWS/ApplicationELB",
          dimensions: { LoadBalancer: arnSuffix },
          statistic: "Sum",
          period: 300,
          evaluationPeriods: 1,
          comparisonOperator: "GreaterThanThreshold",
          // CloudWatch has these counts only when they are not zero.
          treatMissingData: "notBreaching",
          alarmActions: [topicArn],
          okActions: [topicArn],
          ...own,
        },
        by,
      ),
      { parent },
    );
  return {
    errorsAlarm: alarm("errors-alarm", transform.errorsAlarm, {
      metricName: "HTTPCode_ELB_5XX_Count",
      threshold: errorsPer5Minutes,
      alarmDescription:
        "The load balancer itself answers with 5xx. Look at the healthy hosts of the services behind it, then at " +
        "elb_status_code and target_status_code in its access log.",
    }),
    rejectedAlarm: alarm("rejected-alarm", transform.rejectedAlarm, {
      metricName: "RejectedConnectionCount",
      threshold: 0,
      alarmDescription:
        "The load balancer turned connections away: it is at its limit. Look for a flood of requests, and raise its " +
        "capacity reservation if they are wanted.",
    }),
  };
}
