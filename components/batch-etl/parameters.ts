import type { EtlParameter } from "./types";

/** A parameter with its default filled in. */
export type SettledParameter =
  | { readonly type: "date"; readonly daysBefore: number }
  | { readonly type: "integer"; readonly default: number }
  | { readonly type: "text"; readonly default: string };

export const textPattern = /^[A-Za-z0-9 ._:/-]{0,200}$/;

export function settleParameter(parameter: EtlParameter): SettledParameter {
  return parameter.type === "date" ? { type: "date", daysBefore: parameter.daysBefore ?? 1 } : parameter;
}

/** Name in a run's input of the time that it was planned for, which EventBridge Scheduler fills in. */
export const plannedTime = "scheduled_time";

/**
 * JSONata for a parameter's value: the run's input, or else the default. A day is counted in the time zone without its
 * summer time, which JSONata does not know: in summer, a run within an hour of midnight may be a day off.
 */
export function valueExpression(name: string, parameter: SettledParameter, offsetMinutes: number): string {
  const given = `$states.input.${name}`;
  if (parameter.type !== "date") {
    return `$exists(${given}) ? $string(${given}) : ${JSON.stringify(String(parameter.default))}`;
  }
  const planned = `$states.input.${plannedTime}`;
  const time = `$toMillis($exists(${planned}) ? ${planned} : $states.context.Execution.StartTime)`;
  const shift = offsetMinutes * 60_000 - parameter.daysBefore * 86_400_000;
  return `$exists(${given}) ? $string(${given}) : $fromMillis(${time} + (${shift}), "[Y0001]-[M01]-[D01]")`;
}

/** JSONata that is true of a value which can stand in SQL and on a command line without harm. */
export function checkExpression(name: string, { type }: SettledParameter): string {
  const pattern = {
    date: "/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/",
    integer: "/^-?[0-9]{1,18}$/",
    text: "/^[A-Za-z0-9 ._:\\/-]{0,200}$/",
  }[type];
  return `$contains($${name}, ${pattern})`;
}

/** JSONata that is true of an input without a word that means nothing: a misspelt parameter would run with its default. */
export function knownInput(names: readonly string[]): string {
  return `$count($keys($states.input)[$not($ in ${JSON.stringify([...names, plannedTime])})]) = 0`;
}

/** Minutes that a time zone is ahead of UTC outside its summer time. */
export function standardOffset(timezone: string): number {
  // The lesser of both halves of the year: clocks go forward in summer, north or south.
  return Math.min(...[0, 6].map((month) => offsetAt(timezone, Date.UTC(2026, month, 1))));
}

function offsetAt(timezone: string, time: number): number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  const name = format.formatToParts(time).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  return match === null ? 0 : (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
