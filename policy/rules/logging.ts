import type * as aws from "@pulumi/aws";

import { on, rule, stackRule } from "../lib/rule";
import { types } from "../lib/types";

export const albLogs = rule(
  {
    name: "alb-logs",
    description: "Load balancers log requests and connections",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["ELB.5", "Application and Classic Load Balancers logging should be enabled"],
    remediationSteps: "Set accessLogs and connectionLogs, each with enabled and the log bucket.",
  },
  on<aws.lb.LoadBalancerArgs>(types.loadBalancer, ({ props, report }) => {
    // AWS: a network load balancer logs TLS alone, a gateway load balancer nothing.
    if (props.at("loadBalancerType").is("network", "gateway")) return;
    for (const logs of [props.at("accessLogs"), props.at("connectionLogs")]) {
      if (logs.at("enabled").isNot(true)) report(logs.at("enabled"), "is not on", "set it to true");
      else if (logs.at("bucket").isEmpty()) report(logs.at("bucket"), "is not set", "set it to the log bucket");
    }
  }),
);

export const stateMachineLogs = rule(
  {
    name: "state-machine-logs",
    description: "State machines log what went wrong in an execution",
    severity: "medium",
    levels: "A/A/M",
    fsbp: ["StepFunctions.1", "Step Functions state machines should have logging turned on"],
    remediationSteps:
      "Set loggingConfiguration: level ERROR or ALL, and logDestination, a log group's ARN with `:*` behind it.",
  },
  on<aws.sfn.StateMachineArgs>(types.stateMachine, ({ props, report }) => {
    const logging = props.at("loggingConfiguration");
    const level = logging.at("level");
    const destination = logging.at("logDestination");
    if (level.isNot("ALL", "ERROR", "FATAL")) report(level, "is OFF, or not set", "set it to ERROR, or to ALL");
    else if (destination.isEmpty()) {
      report(destination, "is not set", "set it to a log group's ARN with `:*` behind it");
    }
  }),
);

export const alarmsHaveActions = stackRule(
  {
    name: "alarms-have-actions",
    description: "Every alarm tells somebody, or is part of one that does",
    severity: "medium",
    levels: "0/A/A",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
    remediationSteps: "Set alarmActions to a topic, and leave actionsEnabled on.",
  },
  types.metricAlarm,
  ({ stack, report }) => {
    for (const alarm of stack.ofType(types.metricAlarm)) {
      // A part of a composite alarm, which speaks for it.
      if (stack.referrers(alarm, "alarmRule", types.compositeAlarm).length > 0) continue;
      const actions = alarm.props.dig("alarmActions");
      if (actions.isEmpty()) report(alarm, actions, "are not set", "set them to the topic of the alarms");
      const enabled = alarm.props.dig("actionsEnabled");
      if (enabled.is(false)) report(alarm, enabled, "is off", "remove it, or set it to true");
    }
  },
);
