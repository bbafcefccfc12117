import type * as aws from "@pulumi/aws";

import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";

export const dynamodbPitr = rule(
  {
    name: "dynamodb-pitr",
    description: "Tables and their replicas can be restored to any second of the last days",
    severity: "high",
    levels: "R/M/M",
    fsbp: ["DynamoDB.2", "DynamoDB tables should have point-in-time recovery enabled"],
    remediationSteps: "Set pointInTimeRecovery.enabled to true.",
    remedy: { "pointInTimeRecovery.enabled": true, pointInTimeRecovery: true, "replicas[].pointInTimeRecovery": true },
    config: { days: { type: "integer", minimum: 1, maximum: 35, default: 7, description: "least days of recovery" } },
  },
  on<aws.dynamodb.TableArgs>(types.table, ({ props, config, report }) => {
    const recovery = props.at("pointInTimeRecovery").at("enabled");
    if (recovery.isNot(true)) report(recovery, "is not on", "set it to true");
    const least = Number(config.days);
    const days = props.at("pointInTimeRecovery").at("recoveryPeriodInDays");
    // AWS: 35 where nothing is said.
    if (Number(days.known ?? 35) < least) report(days, `is less than ${least} days`, `set it to ${least} or more`);
    for (const replica of props.at("replicas").items()) {
      const own = replica.at("pointInTimeRecovery");
      if (own.isNot(true)) report(own, "is not on", "set it to true");
    }
  }),
  on<aws.dynamodb.TableReplicaArgs>(types.tableReplica, ({ props, report }) => {
    const recovery = props.at("pointInTimeRecovery");
    if (recovery.isNot(true)) report(recovery, "is not on", "set it to true");
  }),
);

export const dynamodbCapacity = stackRule(
  {
    name: "dynamodb-capacity",
    description: "Tables take what comes: on demand, in dev under a ceiling, or by autoscaling",
    severity: "medium",
    levels: "A/A/A",
    fsbp: ["DynamoDB.1", "DynamoDB tables should automatically scale capacity with demand"],
    remediationSteps:
      "Set billingMode to PAY_PER_REQUEST, or add an aws.appautoscaling.Target; in dev, set onDemandThroughput.",
  },
  types.table,
  ({ stack, environment, report }) => {
    for (const table of stack.ofType(types.table)) {
      const mode = table.props.dig("billingMode");
      if (mode.is("PAY_PER_REQUEST")) {
        if (environment !== "dev") continue;
        // -1 takes a ceiling away. In dev nobody waits for the request that it refuses, and a loop can cost much.
        for (const key of ["maxReadRequestUnits", "maxWriteRequestUnits"]) {
          const ceiling = table.props.dig("onDemandThroughput", key);
          if (ceiling.isEmpty() || ceiling.is(-1)) {
            report(table, ceiling, "is not set", "set it, so that a loop cannot cost much");
          }
        }
      } else if (!mode.unknown && stack.referrers(table, "resourceId", types.scalableTarget).length === 0) {
        report(table, mode, "is not PAY_PER_REQUEST", "set it, or let an aws.appautoscaling.Target scale the table");
      }
    }
  },
);
