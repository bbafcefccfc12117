import { hoursAMonth } from "./pricer";

// How often a schedule of AWS comes, on average: what it costs does not depend on the month that one looks at.

/** After 28 years the calendar repeats, weekdays and leap years alike. */
const firstYear = 2001;
const years = 28;
const months = years * 12;

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** One day of the calendar; Sunday is 1, as AWS counts. */
interface Day {
  readonly date: number;
  readonly month: number;
  readonly weekday: number;
  readonly lastDate: number;
}

function calendar(): Day[] {
  const days: Day[] = [];
  for (const at = new Date(Date.UTC(firstYear, 0, 1)); at.getUTCFullYear() < firstYear + years;) {
    const lastDate = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
    days.push({ date: at.getUTCDate(), month: at.getUTCMonth() + 1, weekday: at.getUTCDay() + 1, lastDate });
    at.setUTCDate(at.getUTCDate() + 1);
  }
  return days;
}
let known: Day[] | undefined;
const days = (): Day[] => (known ??= calendar());

function numbered(field: string, names: readonly string[]): string {
  return field.replace(/[A-Z]{3}/g, (name) => (names.includes(name) ? String(names.indexOf(name) + 1) : name));
}

/** The values of a field: `*`, numbers, ranges, steps and lists of them. */
function values(field: string, min: number, max: number): number[] {
  return field.split(",").flatMap((part) => {
    const [, any, from, to, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (any === undefined && from === undefined) throw new RangeError(`no schedule field: ${part}`);
    const first = from === undefined ? min : Number(from);
    const last = to !== undefined ? Number(to) : from === undefined || step !== undefined ? max : first;
    const by = step === undefined ? 1 : Number(step);
    return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, i) => first + i * by);
  });
}

/** The date that `15W` means in a month that has the given weekday on that date: the nearest day from Monday to Friday. */
function nearestWorkday(wanted: number, day: Day): boolean {
  if (wanted > day.lastDate) return false;
  const weekdayOfWanted = ((((day.weekday - 1 + wanted - day.date) % 7) + 7) % 7) + 1;
  if (weekdayOfWanted === 7) return day.date === (wanted === 1 ? 3 : wanted - 1);
  if (weekdayOfWanted === 1) return day.date === (wanted === day.lastDate ? wanted - 2 : wanted + 1);
  return day.date === wanted;
}

type OnDay = (day: Day) => boolean;

function onDate(field: string): OnDay {
  if (field === "?") return () => true;
  if (field === "L") return (day) => day.date === day.lastDate;
  const nearest = /^(\d+)W$/.exec(field);
  if (nearest !== null) return (day) => nearestWorkday(Number(nearest[1]), day);
  const dates = new Set(values(field, 1, 31));
  return (day) => dates.has(day.date);
}

function onWeekday(field: string): OnDay {
  if (field === "?") return () => true;
  if (field === "L") return (day) => day.weekday === 7;
  const last = /^(\d)L$/.exec(field);
  if (last !== null) return (day) => day.weekday === Number(last[1]) && day.date > day.lastDate - 7;
  const nth = /^(\d)#(\d)$/.exec(field);
  if (nth !== null) return (day) => day.weekday === Number(nth[1]) && Math.ceil(day.date / 7) === Number(nth[2]);
  const weekdays = new Set(values(field, 1, 7));
  return (day) => weekdays.has(day.weekday);
}

/** A cron schedule: on which days of the calendar, at which minutes of the day. Its year is left out of account. */
function cron(expression: string): { readonly on: OnDay; readonly minutes: readonly number[] } {
  const [minute = "", hour = "", date = "", month = "", weekday = ""] =
    /^cron\(([^()]*)\)$/.exec(expression)?.[1]?.split(" ") ?? [];
  const inMonths = new Set(values(numbered(month, monthNames), 1, 12));
  const [dates, weekdays] = [onDate(date), onWeekday(numbered(weekday, dayNames))];
  return {
    on: (day) => inMonths.has(day.month) && dates(day) && weekdays(day),
    minutes: values(hour, 0, 23).flatMap((h) => values(minute, 0, 59).map((m) => h * 60 + m)),
  };
}

const minutesOf = { minute: 1, hour: 60, day: 1440 };

/** Runs in an average month of a schedule as EventBridge and Application Auto Scaling take it; `at(...)` comes once: 0. */
export function runsAMonth(expression: string): number {
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (every !== undefined) {
    return (hoursAMonth * 60) / (Number(every) * minutesOf[unit as keyof typeof minutesOf]);
  }
  if (!expression.startsWith("cron(")) return 0;
  const { on, minutes } = cron(expression);
  return (days().filter(on).length * minutes.length) / months;
}

/** What a scheduled action sets. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export interface Action extends Bounds {
  readonly expression: string;
}

/** The bounds of a scaled service on average over time, as cron actions move them; in force at first: `given`. */
export function averageBounds(given: Bounds, actions: readonly Action[]): Bounds {
  const plans = actions
    .filter(({ expression }) => expression.startsWith("cron("))
    .map(({ expression, min, max }) => ({ ...cron(expression), min, max }));
  let now: Bounds = given;
  let [min, max] = [0, 0];
  // The first pass finds what is in force when the calendar begins anew.
  for (const counts of [0, 1]) {
    for (const day of days()) {
      const moves = plans
        .filter(({ on }) => on(day))
        .flatMap((plan) => plan.minutes.map((minute) => ({ minute, min: plan.min, max: plan.max })))
        .sort((a, b) => a.minute - b.minute);
      let since = 0;
      for (const { minute, ...bounds } of [...moves, { minute: 1440, ...last(moves, now) }]) {
        min += counts * now.min * (minute - since);
        max += counts * now.max * (minute - since);
        since = minute;
        now = { min: bounds.min, max: bounds.max };
      }
    }
  }
  const minutes = days().length * 1440;
  return { min: min / minutes, max: max / minutes };
}

/** What is in force at the end of a day. */
function last(moves: readonly Bounds[], now: Bounds): Bounds {
  return moves[moves.length - 1] ?? now;
}
