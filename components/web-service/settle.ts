import { Faults } from "../shared/check";
import { checkContainer, checkTask } from "../task/check";
import { type SettledTask, settleTask } from "../task/settle";
import {
  checkAlarms,
  checkCapacity,
  checkDeployment,
  checkHttp,
  checkMigration,
  checkName,
  checkScaling,
} from "./check";
import { type SettledDeployment, settleDeployment } from "./deployment";
import { type SettledMigration, settleMigration } from "./migration";
import type { AlarmThresholds, Capacity, HttpArgs, Scaling } from "./types";
import type { WebServiceArgs } from "./web-service";

/** The arguments of one service: checked, with every plain default filled in; values as they were given. */
export interface Settled extends SettledTask {
  /** As given: values (`Input<T>`), transforms and what has no default. */
  readonly args: WebServiceArgs;
  readonly http: Required<HttpArgs> | undefined;
  readonly deployment: SettledDeployment;
  readonly migration: SettledMigration | undefined;
  readonly scaling: Scaling | undefined;
  readonly desiredCount: number;
  readonly capacity: Capacity;
  readonly alarms: Required<AlarmThresholds>;
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: WebServiceArgs): Settled {
  const faults = new Faults("WebService", name);
  const task = settleTask(name, args, faults);
  const settled: Settled = {
    ...task,
    args,
    port: args.http?.port,
    http: args.http === undefined ? undefined : settleHttp(args.http),
    deployment: settleDeployment(args.deployment, args.http !== undefined),
    migration: args.migration === undefined ? undefined : settleMigration(task, args, args.migration, faults),
    scaling: args.scaling === undefined ? undefined : settleScaling(args.scaling),
    // With scaling this is the first count alone; Application Auto Scaling owns it afterwards.
    desiredCount: args.desiredCount ?? args.scaling?.min ?? 1,
    capacity: args.capacity ?? "onDemand",
    alarms: {
      serverErrorPercent: args.alarms?.serverErrorPercent ?? 5,
      minimumRequests: args.alarms?.minimumRequests ?? 10,
      latencySeconds: args.alarms?.latencySeconds ?? 2,
      latencyPercentile: args.alarms?.latencyPercentile ?? "p95",
      unhealthyTasks: args.alarms?.unhealthyTasks ?? 1,
      cpuPercent: args.alarms?.cpuPercent ?? 90,
      memoryPercent: args.alarms?.memoryPercent ?? 90,
    },
  };
  checkName(settled, faults);
  checkTask(settled, faults);
  checkContainer(settled, faults);
  checkHttp(settled, faults);
  checkDeployment(settled, faults);
  checkMigration(settled, faults);
  checkScaling(settled, faults);
  checkCapacity(settled, faults);
  checkAlarms(settled, faults);
  faults.raise();
  return settled;
}

function settleHttp(http: HttpArgs): Required<HttpArgs> {
  return {
    listener: http.listener,
    port: http.port,
    priority: http.priority,
    // A rule needs a condition: without paths and hosts the service takes every path.
    paths: http.paths ?? (http.hosts === undefined ? ["/*"] : []),
    hosts: http.hosts ?? [],
    healthCheckPath: http.healthCheckPath ?? "/healthz",
    healthCheckGracePeriodSeconds: http.healthCheckGracePeriodSeconds ?? 60,
    deregistrationDelaySeconds: http.deregistrationDelaySeconds ?? 30,
  };
}

function settleScaling(scaling: Scaling): Scaling {
  const { cpuPercent, memoryPercent, requestsPerTarget } = scaling;
  const tracked = cpuPercent !== undefined || memoryPercent !== undefined || requestsPerTarget !== undefined;
  return tracked ? scaling : { ...scaling, cpuPercent: 60 };
}
