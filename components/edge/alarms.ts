import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import { edgeRegion } from "./region";

/** What differs between one alarm and another. */
export interface ErrorsAlarm {
  readonly errorRatePercent: number;
  readonly topicArn: pulumi.Input<string>;
  /** Which answer points where. @default for a load balancer behind */
  readonly advice?: string;
}

const loadBalancerAdvice =
  "502 and 504 mean that it does not reach the load balancer, or does not trust its certificate; 500 and 503 come " +
  "from the services.";

/** Tells when users get errors, whoever made them. */
export function createErrorsAlarm(
  parent: pulumi.Resource,
  name: string,
  distributionId: pulumi.Input<string>,
  settings: ErrorsAlarm,
  transform: Override<aws.cloudwatch.MetricAlarmArgs> | undefined,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-errors-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        region: edgeRegion,
        namespace: "AWS/CloudFront",
        metricName: "5xxErrorRate",
        dimensions: { DistributionId: distributionId, Region: "Global" },
        statistic: "Average",
        period: 60,
        // 3 of 5 minutes: one failed request in a quiet minute is 100 %, and no reason to wake anybody.
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        threshold: settings.errorRatePercent,
        comparisonOperator: "GreaterThanThreshold",
        // Without requests there is no rate.
        treatMissingData: "notBreaching",
        alarmActions: [settings.topicArn],
        okActions: [settings.topicArn],
        alarmDescription:
          `Users get 5xx from CloudFront. ${settings.advice ?? loadBalancerAdvice} ` +
          "Look at x-edge-detailed-result-type in the log.",
      },
      transform,
    ),
    { parent },
  );
}
