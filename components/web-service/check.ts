import type { Faults } from "../shared/check";
import { checkSize, kebabCase, memoryForFiles, taskNameLength } from "../task/check";
import { isSchedule, isTimezone } from "../task/schedule";
import { shiftsTraffic } from "./deployment";
import type { Settled } from "./settle";
import type { DeploymentHook, ScalingSchedule } from "./types";

/** `${name}-green-1234567` names a target group, which AWS limits to 32 characters. */
const httpNameLength = 32 - "-green-1234567".length;

export function checkName(s: Settled, faults: Faults): void {
  const longest = s.http === undefined ? taskNameLength : httpNameLength;
  if (kebabCase.test(s.name) && s.name.length <= longest) return;
  faults.add(
    "name",
    s.name,
    `kebab-case, at most ${longest} characters`,
    "AWS limits the names made from it: change it",
  );
}

export function checkHttp(s: Settled, faults: Faults): void {
  if (s.http === undefined) return;
  const { port, priority, paths, hosts, healthCheckPath } = s.http;
  faults.integer("http.port", port, 1, 65535);
  // AWS: ELB API reference, CreateRule, `Priority`.
  faults.integer("http.priority", priority, 1, 50000);
  for (const path of paths) {
    if (!/^[/*][^\s]{0,127}$/.test(path)) {
      faults.add(
        "http.paths",
        path,
        "a pattern of at most 128 characters that begins with / or *",
        "write it as /api/*",
      );
    }
  }
  for (const host of hosts) {
    if (!/^[A-Za-z0-9.*?-]{1,128}$/.test(host) || !host.includes(".")) {
      const cure = "write it as api.example.com or *.example.com";
      faults.add("http.hosts", host, "a host name of at most 128 characters with a dot", cure);
    }
  }
  // AWS: "Quotas for your Application Load Balancers", condition values per rule, not adjustable.
  const values = paths.length + hosts.length;
  if (values < 1 || values > 5) {
    faults.add(
      "http.paths and http.hosts",
      values,
      "1 to 5 values together",
      "widen the patterns, or split the service",
    );
  }
  if (!/^\/[^\s]{0,1023}$/.test(healthCheckPath)) {
    faults.add("http.healthCheckPath", healthCheckPath, "a path that begins with /", "write it as /healthz");
  }
  faults.integer("http.healthCheckGracePeriodSeconds", s.http.healthCheckGracePeriodSeconds, 0, 2147483647);
  faults.integer("http.deregistrationDelaySeconds", s.http.deregistrationDelaySeconds, 0, 3600);
}

export function checkDeployment(s: Settled, faults: Faults): void {
  const { deployment } = s;
  if (!shiftsTraffic(deployment)) return;
  if (s.http === undefined) {
    const cure = "set http, or leave the deployment out";
    faults.add("deployment.strategy", deployment.strategy, "rolling, for a service without http", cure);
  }
  // AWS: API reference, DeploymentConfiguration, CanaryConfiguration and LinearConfiguration.
  faults.integer("deployment.bakeMinutes", deployment.bakeMinutes, 0, 1440);
  if (deployment.strategy === "canary") {
    percent(faults, "deployment.canaryPercent", deployment.percent, 0.1);
    faults.integer("deployment.canaryMinutes", deployment.minutes, 0, 1440);
  }
  if (deployment.strategy === "linear") {
    percent(faults, "deployment.stepPercent", deployment.percent, 3);
    faults.integer("deployment.stepMinutes", deployment.minutes, 0, 1440);
  }
  deployment.hooks.forEach((hook, i) => checkHook(hook, `deployment.hooks[${i}]`, faults));
}

function checkHook(hook: DeploymentHook, path: string, faults: Faults): void {
  if (hook.stages.length === 0 || new Set(hook.stages).size !== hook.stages.length) {
    faults.add(`${path}.stages`, hook.stages, "at least one stage, each once", "name when the function is called");
  }
  if (hook.timeoutMinutes !== undefined) faults.integer(`${path}.timeoutMinutes`, hook.timeoutMinutes, 1, 1440);
}

export function checkMigration(s: Settled, faults: Faults): void {
  if (s.migration === undefined || s.args.migration === undefined) return;
  const { command, cpu, memory } = s.args.migration;
  const { task, timeoutMinutes } = s.migration;
  if (command.length === 0) {
    faults.add("migration.command", command, "a program and its arguments", 'write it as ["node", "migrate.js"]');
  }
  // RunTask knows a client token for 24 hours, and a hook is given up after as many.
  faults.integer("migration.timeoutMinutes", timeoutMinutes, 1, 1380);
  if (cpu !== undefined || memory !== undefined) checkSize(task.args.cpu, task.args.memory, faults, "migration.");
  const least = 2 * memoryForFiles(s);
  if (memory !== undefined && memory < least) {
    const cure = "it has the service's memory file systems, which may take half: raise it, or lower tmpMiB";
    faults.add("migration.memory", memory, `at least ${least}`, cure);
  }
  if (!shiftsTraffic(s.deployment)) {
    // AWS documents lifecycle hooks by the stages of these three.
    const cure = "ECS has no hooks in a rolling deployment: change it, or give the migration to a service with http";
    faults.add("deployment.strategy", s.deployment.strategy, "blueGreen, canary or linear, with migration", cure);
  }
}

export function checkScaling(s: Settled, faults: Faults): void {
  const { scaling } = s;
  if (scaling === undefined) {
    faults.integer("desiredCount", s.desiredCount, 0, 5000);
    return;
  }
  if (s.args.desiredCount !== undefined) {
    faults.add("desiredCount", s.args.desiredCount, "not set, with scaling", "set scaling.min and scaling.max instead");
  }
  checkLimits(faults, "scaling", scaling);
  if (scaling.cpuPercent !== undefined) percent(faults, "scaling.cpuPercent", scaling.cpuPercent, 1);
  if (scaling.memoryPercent !== undefined) percent(faults, "scaling.memoryPercent", scaling.memoryPercent, 1);
  if (scaling.requestsPerTarget !== undefined) {
    if (s.http === undefined) {
      const cure = "set http, or scale by cpuPercent or memoryPercent";
      faults.add("scaling.requestsPerTarget", scaling.requestsPerTarget, "not set, without http", cure);
    }
    faults.integer("scaling.requestsPerTarget", scaling.requestsPerTarget, 1, 1_000_000);
  }
  const names = new Set<string>();
  (scaling.schedules ?? []).forEach((schedule, i) => checkSchedule(schedule, `scaling.schedules[${i}]`, names, faults));
}

function checkSchedule(schedule: ScalingSchedule, path: string, names: Set<string>, faults: Faults): void {
  if (!kebabCase.test(schedule.name) || names.has(schedule.name)) {
    faults.add(
      `${path}.name`,
      schedule.name,
      "kebab-case, each name once",
      "name what the schedule does, such as night",
    );
  }
  names.add(schedule.name);
  if (!isSchedule(schedule.expression)) {
    const allowed =
      "cron(minutes hours day-of-month month day-of-week year), at(yyyy-mm-ddThh:mm:ss) or rate(value unit)";
    faults.add(`${path}.expression`, schedule.expression, allowed, "write it as cron(0 20 ? * MON-FRI *)");
  }
  if (schedule.timezone !== undefined && !isTimezone(schedule.timezone)) {
    faults.add(`${path}.timezone`, schedule.timezone, "an IANA time zone", "write it as Asia/Tokyo");
  }
  checkLimits(faults, path, schedule);
}

function checkLimits(faults: Faults, path: string, limits: { min: number; max: number }): void {
  // AWS: "Amazon ECS service quotas", tasks per service.
  faults.integer(`${path}.min`, limits.min, 0, 5000);
  faults.integer(`${path}.max`, limits.max, 0, 5000);
  if (limits.min > limits.max) {
    faults.add(`${path}.min`, limits.min, `at most ${path}.max (${limits.max})`, "swap them, or raise max");
  }
}

export function checkCapacity(s: Settled, faults: Faults): void {
  if (typeof s.capacity === "string") return;
  faults.integer("capacity.base", s.capacity.base ?? 0, 0, 100_000);
  faults.integer("capacity.spotPercent", s.capacity.spotPercent, 0, 100);
}

export function checkAlarms(s: Settled, faults: Faults): void {
  const { alarms } = s;
  percent(faults, "alarms.serverErrorPercent", alarms.serverErrorPercent, 0.1);
  faults.integer("alarms.minimumRequests", alarms.minimumRequests, 1, 1_000_000);
  if (!(alarms.latencySeconds > 0)) {
    faults.add("alarms.latencySeconds", alarms.latencySeconds, "more than 0", "set the slowest acceptable answer");
  }
  faults.integer("alarms.unhealthyTasks", alarms.unhealthyTasks, 1, 5000);
  percent(faults, "alarms.cpuPercent", alarms.cpuPercent, 1);
  percent(faults, "alarms.memoryPercent", alarms.memoryPercent, 1);
}

function percent(faults: Faults, path: string, value: number, min: number): void {
  // ECS takes one decimal, so that 12.5 is fine and 12.55 is not.
  if (value >= min && value <= 100 && Math.abs(value * 10 - Math.round(value * 10)) < 1e-9) return;
  faults.add(path, value, `${min} to 100 percent, with at most one decimal`, "set one in that range");
}
