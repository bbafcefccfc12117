import type { Input } from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import type { ListenerPlacement } from "../shared/placement";

export type { Capacity, ContainerHealthCheck, WritablePath } from "../task/types";

/** How requests reach the service: its rule on the load balancer's listeners. */
export interface HttpArgs {
  /** The load balancer. LoadBalancer fits. */
  listener: ListenerPlacement;
  /** TCP port that the container listens on, 1 to 65535. */
  port: number;
  /** Place of the service's rule among those of the listener: 1 (first) to 50000, each value once per load balancer. */
  priority: number;
  /** Path patterns, such as `/api/*`; any of them matches. With `hosts`, at most 5 values. @default ["/*"] */
  paths?: string[];
  /** Host names, such as `api.example.com`; any of them matches. With `paths`, at most 5 values. @default any host */
  hosts?: string[];
  /** Path that answers 200 when the task can serve. @default "/healthz" */
  healthCheckPath?: string;
  /** How long a new task may fail its health check, in seconds. @default 60 */
  healthCheckGracePeriodSeconds?: number;
  /** How long requests under way may finish when a task leaves, in seconds, 0 to 3600. @default 30 */
  deregistrationDelaySeconds?: number;
}

/** Where in a deployment a hook is called. AWS: API reference, DeploymentLifecycleHook, `lifecycleStages`. */
export type DeploymentStage =
  | "RECONCILE_SERVICE"
  | "PRE_SCALE_UP"
  | "POST_SCALE_UP"
  | "TEST_TRAFFIC_SHIFT"
  | "POST_TEST_TRAFFIC_SHIFT"
  | "PRODUCTION_TRAFFIC_SHIFT"
  | "POST_PRODUCTION_TRAFFIC_SHIFT";

/** A Lambda function that ECS asks, at the given stages, whether the deployment may go on. */
export interface DeploymentHook {
  /** ARN of the function. It answers `{ "hookStatus": "SUCCEEDED" | "FAILED" | "IN_PROGRESS" }`. */
  functionArn: Input<string>;
  /** When it is called. */
  stages: DeploymentStage[];
  /** What ECS passes to each call as `hookDetails`. */
  details?: Record<string, string | number | boolean>;
  /** How long one call may need, in minutes, 1 to 1440: added to the time that an update waits. @default 5 */
  timeoutMinutes?: number;
}

interface TrafficShift {
  /** How long the old revision stays beside the new one after the switch, in minutes, 0 to 1440. @default 5 */
  bakeMinutes?: number;
  /** Functions that test the new revision on the way. @default none */
  hooks?: DeploymentHook[];
}

/** All traffic switches at once, and back at once. */
export interface BlueGreenDeployment extends TrafficShift {
  strategy: "blueGreen";
}

/** A small share of the traffic first, the rest after a while. */
export interface CanaryDeployment extends TrafficShift {
  strategy: "canary";
  /** Share of the traffic that the new revision takes first, in percent, 0.1 to 100. @default 5 */
  canaryPercent?: number;
  /** How long it stays at that share, in minutes, 0 to 1440. @default 10 */
  canaryMinutes?: number;
}

/** The traffic moves in equal steps. */
export interface LinearDeployment extends TrafficShift {
  strategy: "linear";
  /** Share of the traffic that each step moves, in percent, 3 to 100. @default 10 */
  stepPercent?: number;
  /** Time between two steps, in minutes, 0 to 1440. @default 6 */
  stepMinutes?: number;
}

/** Tasks are replaced a few at a time; the circuit breaker rolls back a revision that does not start. */
export interface RollingDeployment {
  strategy: "rolling";
}

/** How a new revision takes over from the old one. */
export type Deployment = BlueGreenDeployment | CanaryDeployment | LinearDeployment | RollingDeployment;

/**
 * A command of the new image that runs once, on its own, before a deployment starts its first task. It runs with every
 * deployment, beside the old revision, and again when a deployment is tried again.
 */
export interface Migration {
  /** The command, in place of the image's own: `["node", "migrate.js"]`. Exit code 0 lets the deployment go on. */
  command: string[];
  /** How long it may take, its start included, in minutes, 1 to 1380: it is stopped then. @default 15 */
  timeoutMinutes?: number;
  /** CPU of the task, in units of 1/1024 vCPU. @default the service's */
  cpu?: number;
  /** Memory of the task, in MiB. @default the service's */
  memory?: number;
  /** What it uses in place of the service's `uses`, by a role and a security group of its own. @default the service's */
  uses?: Access[];
}

/** A change of the scaling limits at a time. */
export interface ScalingSchedule {
  /** Names the action, kebab-case: `night`. */
  name: string;
  /** `cron(0 20 ? * MON-FRI *)`, `at(2026-04-01T09:00:00)` or `rate(1 day)`. */
  expression: string;
  /** IANA time zone of the expression. @default "Etc/UTC" */
  timezone?: string;
  /** Fewest tasks from then on. */
  min: number;
  /** Most tasks from then on; 0 with `min` 0 stops the service. */
  max: number;
}

/** How many tasks run, and by what measure. Without any of the three targets, CPU at 60 percent is tracked. */
export interface Scaling {
  /** Fewest tasks. */
  min: number;
  /** Most tasks. */
  max: number;
  /** Average CPU use to hold, in percent of the task's CPU. @default 60 when no other target is set */
  cpuPercent?: number;
  /** Average memory use to hold, in percent of the task's memory. @default not tracked */
  memoryPercent?: number;
  /** Requests a minute to hold for each task. Needs `http`. @default not tracked */
  requestsPerTarget?: number;
  /** Changes of `min` and `max` by the clock. @default none */
  schedules?: ScalingSchedule[];
}

/** When the alarms go off. They tell the topic, and those on requests also roll a deployment back. */
export interface AlarmThresholds {
  /** Share of answers that are server errors or failed connections, in percent. @default 5 */
  serverErrorPercent?: number;
  /** Requests a minute below which the share of errors says nothing. @default 10 */
  minimumRequests?: number;
  /** Slowest acceptable answer at `latencyPercentile`, in seconds. @default 2 */
  latencySeconds?: number;
  /** Which of the answers `latencySeconds` looks at. @default "p95" */
  latencyPercentile?: "p95" | "p99";
  /** Tasks that fail the load balancer's health check. @default 1 */
  unhealthyTasks?: number;
  /** Average CPU use, in percent. @default 90 */
  cpuPercent?: number;
  /** Average memory use, in percent. @default 90 */
  memoryPercent?: number;
}
