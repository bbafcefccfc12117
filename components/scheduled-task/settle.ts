import { Faults } from "../shared/check";
import { checkContainer, checkTask, kebabCase, taskNameLength } from "../task/check";
import { isSchedule, isTimezone } from "../task/schedule";
import { type SettledTask, settleTask } from "../task/settle";
import type { ScheduledTaskArgs } from "./scheduled-task";
import type { TaskSchedule } from "./types";

/** A schedule with every default filled in. */
export type SettledSchedule = Required<Omit<TaskSchedule, "flexibleMinutes">> & Pick<TaskSchedule, "flexibleMinutes">;

/** The arguments of one task: checked, with every plain default filled in; values as they were given. */
export interface Settled extends SettledTask {
  readonly args: ScheduledTaskArgs;
  readonly schedule: SettledSchedule | undefined;
  readonly capacity: "onDemand" | "spot";
}

/** Settles and checks the arguments; throws one error with every fault. */
export function settle(name: string, args: ScheduledTaskArgs): Settled {
  const faults = new Faults("ScheduledTask", name);
  const settled: Settled = {
    ...settleTask(name, args, faults),
    args,
    schedule: args.schedule === undefined ? undefined : settleSchedule(args.schedule),
    capacity: args.capacity ?? "onDemand",
  };
  if (!kebabCase.test(name) || name.length > taskNameLength) {
    const cure = "AWS limits the names made from it: change it";
    faults.add("name", name, `kebab-case, at most ${taskNameLength} characters`, cure);
  }
  checkTask(settled, faults);
  checkContainer(settled, faults);
  if (!["onDemand", "spot"].includes(settled.capacity)) {
    faults.add("capacity", settled.capacity, "onDemand, spot", "set one of them: a single task cannot be split");
  }
  if (settled.schedule !== undefined) checkSchedule(settled.schedule, faults);
  faults.raise();
  return settled;
}

function settleSchedule(schedule: TaskSchedule): SettledSchedule {
  return {
    ...schedule,
    timezone: schedule.timezone ?? "Etc/UTC",
    retries: schedule.retries ?? 10,
    retryMinutes: schedule.retryMinutes ?? 60,
    enabled: schedule.enabled ?? true,
  };
}

function checkSchedule(schedule: SettledSchedule, faults: Faults): void {
  const { expression, timezone, flexibleMinutes, retries, retryMinutes } = schedule;
  if (!isSchedule(expression)) {
    const allowed =
      "cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, rate(value unit) or at(yyyy-mm-ddThh:mm:ss)";
    faults.add("schedule.expression", expression, allowed, "write it as cron(30 2 * * ? *)");
  }
  if (!isTimezone(timezone)) {
    faults.add("schedule.timezone", timezone, "an IANA time zone", "write it as Asia/Tokyo");
  }
  // AWS: EventBridge Scheduler API reference, FlexibleTimeWindow and RetryPolicy.
  if (flexibleMinutes !== undefined) faults.integer("schedule.flexibleMinutes", flexibleMinutes, 1, 1440);
  faults.integer("schedule.retries", retries, 0, 185);
  faults.integer("schedule.retryMinutes", retryMinutes, 1, 1440);
}
