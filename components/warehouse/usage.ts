import * as aws from "@pulumi/aws";
import type { Resource } from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { RedshiftNodes } from "./redshift";
import type { Settled, SettledRedshift } from "./settle";

/** The limits that stop the bill, and an alarm before the day's is reached. */
export function createLimits(
  parent: Resource,
  { name, args }: Settled,
  r: SettledRedshift,
  workgroup: aws.redshiftserverless.Workgroup,
): Pick<RedshiftNodes, "dailyLimit" | "monthlyLimit" | "usageAlarm"> {
  const transform = args.transform ?? {};
  const limit = (period: "daily" | "monthly", amount: number): aws.redshiftserverless.UsageLimit =>
    new aws.redshiftserverless.UsageLimit(
      `${name}-${period}-limit`,
      override<aws.redshiftserverless.UsageLimitArgs>(
        { resourceArn: workgroup.arn, usageType: "serverless-compute", period, amount, breachAction: "deactivate" },
        transform[`${period}Limit`],
      ),
      { parent },
    );
  const dailyLimit = limit("daily", r.dailyRpuHours);
  const usageAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-usage-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name} has used 80 % of a day's ${r.dailyRpuHours} RPU-hours; at the limit every query is refused until ` +
          "midnight UTC. Find the query in SYS_QUERY_HISTORY and stop it, or raise redshift.limits.dailyRpuHours.",
        namespace: "AWS/Redshift-Serverless",
        metricName: "UsageLimitConsumed",
        dimensions: {
          UsageLimitId: dailyLimit.id,
          UsageType: "SERVERLESS_COMPUTE",
          Workgroup: workgroup.workgroupName,
        },
        statistic: "Maximum",
        period: 300,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: r.dailyRpuHours * 0.8,
        // Nothing is reported while nobody asks.
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
      },
      transform.usageAlarm,
    ),
    { parent },
  );
  return { dailyLimit, monthlyLimit: limit("monthly", r.monthlyRpuHours), usageAlarm };
}
