import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";

import type { Deployment, DeploymentHook } from "./types";

/** A deployment with every default filled in. */
export interface SettledDeployment {
  readonly strategy: Deployment["strategy"];
  readonly bakeMinutes: number;
  readonly hooks: readonly DeploymentHook[];
  /** Share and pause of the first step (canary) or of each (linear). */
  readonly percent: number;
  readonly minutes: number;
}

/** Blue/green behind a load balancer, where traffic can be switched; rolling for a worker, which has none. */
export function settleDeployment(deployment: Deployment | undefined, http: boolean): SettledDeployment {
  const given: Deployment = deployment ?? { strategy: http ? "blueGreen" : "rolling" };
  const base = { strategy: given.strategy, bakeMinutes: 0, hooks: [], percent: 100, minutes: 0 };
  if (given.strategy === "rolling") return base;
  const shift = { ...base, bakeMinutes: given.bakeMinutes ?? 5, hooks: given.hooks ?? [] };
  if (given.strategy === "canary") {
    return { ...shift, percent: given.canaryPercent ?? 5, minutes: given.canaryMinutes ?? 10 };
  }
  if (given.strategy === "linear") {
    return { ...shift, percent: given.stepPercent ?? 10, minutes: given.stepMinutes ?? 6 };
  }
  return shift;
}

/** Whether ECS moves traffic between two target groups. */
export function shiftsTraffic(deployment: SettledDeployment): boolean {
  return deployment.strategy !== "rolling";
}

/** How often ECS moves traffic: twice for a canary, once for each step of a linear deployment. */
export function shifts(deployment: SettledDeployment): number {
  return deployment.strategy === "canary" ? 2 : Math.ceil(100 / deployment.percent);
}

/**
 * How long `up` waits for a deployment, in minutes: bake time, pauses between shifts, hooks, the migration, and 20 for
 * starting the tasks, the health checks and stopping the old ones.
 */
export function deploymentMinutes(deployment: SettledDeployment, migrationMinutes: number): number {
  const pauses = (shifts(deployment) - 1) * deployment.minutes;
  const hooks = deployment.hooks.map((hook) => {
    // Canary and linear deployments call a hook of this stage before each shift.
    const calls = hook.stages.map((stage) => (stage === "PRODUCTION_TRAFFIC_SHIFT" ? shifts(deployment) : 1));
    return calls.reduce((sum, n) => sum + n, 0) * (hook.timeoutMinutes ?? 5);
  });
  return deployment.bakeMinutes + pauses + hooks.reduce((sum, n) => sum + n, 0) + migrationMinutes + 20;
}

const strategies = { blueGreen: "BLUE_GREEN", canary: "CANARY", linear: "LINEAR", rolling: "ROLLING" } as const;

/** The hook that runs the migration; its details depend on resources. */
export interface MigrationHook {
  readonly functionArn: Input<string>;
  /** JSON. */
  readonly details: Input<string>;
}

/** The service's `deploymentConfiguration`. `hookRoleArn` is there when the deployment has hooks or a migration. */
export function deploymentConfiguration(
  deployment: SettledDeployment,
  hookRoleArn: Input<string> | undefined,
  migration: MigrationHook | undefined,
): aws.types.input.ecs.ServiceDeploymentConfiguration {
  const strategy = strategies[deployment.strategy];
  if (!shiftsTraffic(deployment)) return { strategy };
  const { percent, minutes, hooks } = deployment;
  return {
    strategy,
    bakeTimeInMinutes: String(deployment.bakeMinutes),
    ...(deployment.strategy === "canary" && {
      canaryConfiguration: { canaryPercent: percent, canaryBakeTimeInMinutes: String(minutes) },
    }),
    ...(deployment.strategy === "linear" && {
      linearConfiguration: { stepPercent: percent, stepBakeTimeInMinutes: String(minutes) },
    }),
    ...(hookRoleArn !== undefined && {
      lifecycleHooks: [
        ...(migration === undefined
          ? []
          : [
              {
                hookTargetArn: migration.functionArn,
                roleArn: hookRoleArn,
                lifecycleStages: ["PRE_SCALE_UP"],
                hookDetails: migration.details,
              },
            ]),
        ...hooks.map((hook) => ({
          hookTargetArn: hook.functionArn,
          roleArn: hookRoleArn,
          lifecycleStages: hook.stages,
          ...(hook.details !== undefined && { hookDetails: JSON.stringify(hook.details) }),
        })),
      ],
    }),
  };
}
