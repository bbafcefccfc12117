import type * as aws from "@pulumi/aws";

import { on, rule, type StackSubject, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const ecsLogsInsights = rule(
  {
    name: "ecs-logs-insights",
    description: "Containers log, and clusters but dev's measure with Container Insights",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["ECS.9", "ECS task definitions should have a logging configuration"],
    remediationSteps:
      "Set logConfiguration in each container; set the cluster's containerInsights to enabled or enhanced.",
  },
  on<aws.ecs.TaskDefinitionArgs>(types.taskDefinition, ({ props, report }) => {
    const containers = props.at("containerDefinitions").json<{ logConfiguration?: { logDriver?: string } }[]>();
    for (const container of containers.items()) {
      const driver = container.at("logConfiguration").at("logDriver");
      if (driver.isEmpty()) report(driver, "is not set", "set it to awslogs, or to awsfirelens");
    }
  }),
  on<aws.ecs.ClusterArgs>(types.cluster, ({ props, environment, report }) => {
    // Each task's metrics are paid for by month; nobody is woken by those of dev.
    if (environment === "dev") return;
    const settings = props.at("settings");
    const insights = settings
      .items()
      .find((one) => one.at("name").is("containerInsights"))
      ?.at("value");
    if (insights === undefined && (settings.unknown || settings.items().some((one) => one.at("name").unknown))) return;
    if (insights === undefined || insights.isNot("enabled", "enhanced")) {
      report("settings.containerInsights", "is not on", "set it to enabled or enhanced");
    }
  }),
);

/** AWS: the newest platform versions of Linux and of Windows, which LATEST means. As read in 2026. */
const newest = ["LATEST", "1.4.0", "1.0.0"];

export const ecsPlatform = rule(
  {
    name: "ecs-platform",
    description: "Tasks run on Fargate's newest platform",
    severity: "medium",
    levels: "A/A/M",
    fsbp: ["ECS.10", "ECS Fargate services should run on the latest Fargate platform version"],
    remediationSteps: "Remove platformVersion, or set it to LATEST.",
  },
  on<aws.ecs.ServiceArgs>(types.service, ({ props, report }) => current(props.at("platformVersion"), report)),
  on<aws.scheduler.ScheduleArgs>(types.schedule, ({ props, report }) => {
    current(props.at("target").at("ecsParameters").at("platformVersion"), report);
  }),
  on<aws.cloudwatch.EventTargetArgs>(types.eventTarget, ({ props, report }) => {
    current(props.at("ecsTarget").at("platformVersion"), report);
  }),
);

function current(at: Value, report: (at: Value, wrong: string, set: string) => void): void {
  if (!at.isEmpty() && at.isNot(...newest)) report(at, "is an old platform", "remove it, or set it to LATEST");
}

export const ecsRollout = stackRule(
  {
    name: "ecs-rollout",
    description: "A release that fails goes back by itself, targets are checked, and prod runs two tasks or more",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    remediationSteps:
      "Set deploymentCircuitBreaker (or alarms) with enable and rollback, healthCheck on target groups, two tasks.",
  },
  [...types.service, ...types.targetGroup],
  ({ stack, environment, report }) => {
    for (const service of stack.ofType(types.service)) {
      // Others deploy these, and have their own way back.
      if (!service.props.dig("deploymentController", "type").isNot("CODE_DEPLOY", "EXTERNAL")) continue;
      wayBack(service, report);
      if (environment === "prod" && runsAlone(stack, service)) {
        const count = service.props.dig("desiredCount");
        report(service, count, "leaves nobody when a task fails", "set it to 2, or scale from 2 upwards");
      }
    }
    for (const group of stack.ofType(types.targetGroup)) {
      if (!group.props.dig("protocol").is("HTTP", "HTTPS")) continue;
      const check = group.props.dig("healthCheck");
      if (check.isEmpty() || check.dig("enabled").is(false)) {
        report(group, check, "is AWS's, which asks for /", "set it, with the path that tells of the program's health");
      }
    }
  },
);

function wayBack(service: Node, report: StackSubject["report"]): void {
  const alarms = service.props.dig("alarms");
  if (!alarms.dig("enable").isNot(true) && !alarms.dig("rollback").isNot(true)) return;
  const strategy = service.props.dig("deploymentConfiguration", "strategy");
  if (strategy.unknown) return;
  // AWS: the circuit breaker belongs to rolling updates; a shift of traffic is watched by alarms alone.
  if (strategy.is("BLUE_GREEN", "LINEAR", "CANARY")) {
    report(service, alarms, "do not take a release back", "set them, with enable and rollback");
    return;
  }
  for (const key of ["enable", "rollback"]) {
    const value = service.props.dig("deploymentCircuitBreaker", key);
    if (value.isNot(true)) report(service, value, "is not on", "set it to true");
  }
}

/** Known to run one task or none: by its number, and by what scales it. */
function runsAlone(stack: Stack, service: Node): boolean {
  if (service.props.dig("schedulingStrategy").is("DAEMON")) return false;
  const count = service.props.dig("desiredCount");
  if (count.unknown || Number(count.known ?? 0) >= 2) return false;
  return !stack.referrers(service, "resourceId", types.scalableTarget).some((target) => {
    const least = target.props.dig("minCapacity");
    return least.unknown || Number(least.known ?? 0) >= 2;
  });
}

export const lambdaLimits = rule(
  {
    name: "lambda-limits",
    description: "Functions say how long and how large they may run, and in a network run in two zones",
    severity: "low",
    levels: "0/A/A",
    fsbp: ["Lambda.5", "VPC Lambda functions should operate in multiple Availability Zones"],
    remediationSteps: "Set timeout and memorySize to what was measured; give vpcConfig subnets of two zones.",
    config: {
      reserved: {
        type: "boolean",
        default: false,
        description: "ask for reservedConcurrentExecutions, which is taken from the account's own limit",
      },
    },
  },
  on<aws.lambda.FunctionArgs>(types.lambda, ({ props, config, report }) => {
    // The provider fills in what is not set, and the engine does not show that it did.
    for (const [key, awsOwn] of [
      ["timeout", 3],
      ["memorySize", 128],
    ] as const) {
      const value = props.at(key);
      if (value.isEmpty() || value.is(awsOwn)) report(value, "is AWS's", "set it to what was measured");
    }
    const subnets = props.at("vpcConfig").at("subnetIds");
    if (!subnets.unknown && subnets.items().length === 1) {
      report(subnets, "are in one zone", "add a subnet of another zone");
    }
    const reserved = props.at("reservedConcurrentExecutions");
    if (config.reserved === true && (reserved.isEmpty() || reserved.is(-1))) {
      report(reserved, "is not set", "set it to the most that may run at once");
    }
  }),
);

/** Who waits for a function's answer, and where a trace of the request begins. */
const frontDoors = ["apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com", "cloudfront.amazonaws.com"];

export const lambdaTracingLogs = stackRule(
  {
    name: "lambda-tracing-logs",
    description: "Functions log in JSON to a group of the stack's, and those that answer requests are traced",
    severity: "low",
    levels: "0/A/A",
    fsbp: ["Lambda.7", "Lambda functions should have AWS X-Ray active tracing enabled"],
    remediationSteps: "Set loggingConfig with logFormat JSON and logGroup; set tracingConfig.mode to Active.",
    config: {
      everyFunction: { type: "boolean", default: false, description: "ask functions that nobody waits for as well" },
    },
  },
  types.lambda,
  ({ stack, config, report }) => {
    for (const fn of stack.ofType(types.lambda)) {
      const logging = fn.props.dig("loggingConfig");
      if (logging.dig("logFormat").isNot("JSON")) {
        report(fn, logging.dig("logFormat"), "is not JSON", "set it to JSON, which Logs Insights reads by field");
      }
      if (logging.dig("logGroup").isEmpty()) {
        report(fn, logging.dig("logGroup"), "is not set", "set it to a group with a retention and a key");
      }
      const mode = fn.props.dig("tracingConfig", "mode");
      if ((config.everyFunction === true || answersRequests(stack, fn)) && mode.isNot("Active")) {
        report(fn, mode, "is not Active", "set it, and allow the role xray:PutTraceSegments");
      }
    }
  },
);

function answersRequests(stack: Stack, fn: Node): boolean {
  if (["functionName", "functionArn"].some((key) => stack.referrers(fn, key, types.lambdaUrl).length > 0)) return true;
  return stack
    .referrers(fn, "function", types.lambdaPermission)
    .some((permission) => permission.props.dig("principal").is(...frontDoors));
}
