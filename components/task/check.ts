import type { Faults } from "../shared/check";
import { isLogRetention, logRetentionDays } from "../shared/log-retention";
import { fargateSizes, memoryChoices } from "./fargate-sizes";
import type { SettledTask } from "./settle";

/** `${name}-execution-role-1234567` names a role, which IAM limits to 64 characters. */
export const taskNameLength = 64 - "-execution-role-1234567".length;

export const kebabCase = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function checkTask(s: SettledTask, faults: Faults): void {
  const { image, cpu, memory, logRetentionDays: days } = s.args;
  if (!/^[0-9a-f]{40}$/.test(image.tag)) {
    const cure = "set the SHA that the image was pushed with, so that every deployment can be told apart and repeated";
    faults.add("image.tag", image.tag, "the 40 hexadecimal digits of a git commit", cure);
  }
  checkSize(cpu, memory, faults);
  if (!isLogRetention(days)) {
    faults.add("logRetentionDays", days, logRetentionDays.join(", "), "set one that CloudWatch Logs takes");
  }
}

/** `path` goes before the names of the two arguments. */
export function checkSize(cpu: number, memory: number, faults: Faults, path = ""): void {
  const memories = fargateSizes.get(cpu);
  if (memories === undefined) {
    faults.add(`${path}cpu`, cpu, [...fargateSizes.keys()].join(", "), "set one of Fargate's sizes, in CPU units");
  } else if (!memories.includes(memory)) {
    faults.add(`${path}memory`, memory, `${memoryChoices(cpu)} with cpu ${cpu}`, "set one of Fargate's pairs, in MiB");
  }
}

export function checkContainer(s: SettledTask, faults: Faults): void {
  // AWS: API reference, ContainerDefinition, `stopTimeout`, at most 120 s on Fargate.
  faults.integer("stopTimeoutSeconds", s.stopTimeoutSeconds, 2, 120);
  if (/^(root|0+)(:|$)/.test(s.user) || !/^[^\s:]+(:[^\s:]+)?$/.test(s.user)) {
    faults.add("user", s.user, "uid, uid:gid, user or user:group, and not root", "run the image as an ordinary user");
  }
  const seen = new Set(["/", "/tmp", ...(s.exec ? ["/var/lib/amazon", "/var/log/amazon"] : [])]);
  for (const { path, memoryMiB } of s.args.writablePaths ?? []) {
    if (!/^(\/[^/\s]+)+$/.test(path)) {
      faults.add("writablePaths", path, "an absolute path", "write it as /var/cache/app");
    } else if (seen.has(path)) {
      faults.add("writablePaths", path, "each directory once", "leave it out: it is there already");
    }
    seen.add(path);
    if (memoryMiB !== undefined) faults.integer(`writablePaths ${path} memoryMiB`, memoryMiB, 1, s.args.memory);
  }
  faults.integer("tmpMiB", s.tmpMiB, 1, s.args.memory);
  const inMemory = memoryForFiles(s);
  if (inMemory > s.args.memory / 2) {
    const cure = "memory file systems use the task's memory: lower tmpMiB and memoryMiB, or raise memory";
    faults.add("tmpMiB", inMemory, `with writablePaths, at most half of memory (${s.args.memory / 2})`, cure);
  }
  const check = s.args.healthCheck;
  if (check === undefined) return;
  if (!/^CMD(-SHELL)?$/.test(check.command[0] ?? "") || check.command.length < 2) {
    const cure = 'begin with "CMD" or "CMD-SHELL"';
    faults.add("healthCheck.command", check.command, '["CMD", program, ...] or ["CMD-SHELL", line]', cure);
  }
  // AWS: API reference, HealthCheck.
  if (check.intervalSeconds !== undefined) {
    faults.integer("healthCheck.intervalSeconds", check.intervalSeconds, 5, 300);
  }
  if (check.timeoutSeconds !== undefined) faults.integer("healthCheck.timeoutSeconds", check.timeoutSeconds, 2, 60);
  if (check.retries !== undefined) faults.integer("healthCheck.retries", check.retries, 1, 10);
  if (check.startPeriodSeconds !== undefined) {
    faults.integer("healthCheck.startPeriodSeconds", check.startPeriodSeconds, 0, 300);
  }
}

/** Memory of the task that its file systems may take, in MiB. */
export function memoryForFiles(s: SettledTask): number {
  return (s.args.writablePaths ?? []).reduce((sum, { memoryMiB }) => sum + (memoryMiB ?? 0), s.tmpMiB);
}
