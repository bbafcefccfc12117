import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { BudgetArgs } from "./budget";
import type { BudgetNodes } from "./types";

type AnomalyNodes = Pick<BudgetNodes, "monitor" | "topicSubscription" | "emailSubscription">;

/** The account's monitor, unless it is there, and a subscription for each kind of receiver. */
export function createAnomalies(parent: pulumi.Resource, name: string, args: BudgetArgs): AnomalyNodes {
  const { anomalies, receivers, transform = {} } = args;
  if (anomalies === undefined) {
    return { monitor: undefined, topicSubscription: undefined, emailSubscription: undefined };
  }
  const monitor =
    anomalies.monitorArn === undefined
      ? new aws.costexplorer.AnomalyMonitor(
          `${name}-anomalies`,
          override<aws.costexplorer.AnomalyMonitorArgs>(
            { monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" },
            transform.monitor,
          ),
          { parent },
        )
      : undefined;
  const monitorArn = anomalies.monitorArn ?? monitor?.arn ?? "";
  const common = {
    monitorArnLists: [monitorArn],
    thresholdExpression: {
      dimension: {
        key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        matchOptions: ["GREATER_THAN_OR_EQUAL"],
        values: [String(anomalies.fromUsd)],
      },
    },
  };
  const { emails = [], topicArn } = receivers;
  // AWS: Cost Explorer API reference, AnomalySubscription: a topic is told at once, addresses once a day.
  const topicSubscription =
    topicArn === undefined
      ? undefined
      : new aws.costexplorer.AnomalySubscription(
          `${name}-anomalies-topic`,
          override<aws.costexplorer.AnomalySubscriptionArgs>(
            { ...common, frequency: "IMMEDIATE", subscribers: [{ type: "SNS", address: topicArn }] },
            transform.topicSubscription,
          ),
          { parent },
        );
  const emailSubscription =
    emails.length === 0
      ? undefined
      : new aws.costexplorer.AnomalySubscription(
          `${name}-anomalies-emails`,
          override<aws.costexplorer.AnomalySubscriptionArgs>(
            {
              ...common,
              frequency: "DAILY",
              subscribers: emails.map((address) => ({ type: "EMAIL", address })),
            },
            transform.emailSubscription,
          ),
          { parent },
        );
  return { monitor, topicSubscription, emailSubscription };
}
