/**
 * Whether Application Auto Scaling and EventBridge Scheduler take this schedule: `at(2026-04-01T09:00:00)`,
 * `rate(5 minutes)` or `cron(...)` with six fields. AWS: API reference, PutScheduledAction, `Schedule`; Application Auto
 * Scaling User Guide, "Schedule recurring scaling actions using cron expressions"; EventBridge Scheduler User Guide,
 * "Schedule types".
 */
export function isSchedule(expression: string): boolean {
  const at = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(expression);
  if (at?.[1] !== undefined) {
    const time = new Date(`${at[1]}Z`);
    // An impossible date (February 30) either fails to parse or comes back as another day.
    return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(at[1]);
  }
  const rate = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate !== null) return (rate[1] === "1") === (rate[3] === "");
  const cron = /^cron\(([^()]*)\)$/.exec(expression);
  return cron?.[1] !== undefined && isCron(cron[1].split(" "));
}

/** Whether the IANA time zone is known; Node and AWS both follow the tz database. */
export function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    // Node takes offsets such as +09:00 too; AWS takes names alone.
    return /^[A-Za-z]/.test(timezone);
  } catch {
    return false;
  }
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

function isCron(fields: readonly string[]): boolean {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || minutes === undefined || hours === undefined || year === undefined) return false;
  if (dayOfMonth === undefined || month === undefined || dayOfWeek === undefined) return false;
  // One of the two days must be left open: AWS refuses a cron expression that fixes both or neither.
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return false;
  return (
    isField(minutes, 0, 59) &&
    isField(hours, 0, 23) &&
    (/^(\?|L|([1-9]|[12]\d|3[01])W)$/.test(dayOfMonth) || isField(dayOfMonth, 1, 31)) &&
    isField(named(month, months, 1), 1, 12) &&
    (/^(\?|L|[1-7]L|[1-7]#[1-5])$/.test(named(dayOfWeek, weekdays, 1)) ||
      isField(named(dayOfWeek, weekdays, 1), 1, 7)) &&
    isField(year, 1970, 2199)
  );
}

/** Numbers in place of the field's names: `MON-FRI` becomes `2-6`. */
function named(field: string, names: readonly string[], first: number): string {
  return field.replace(/[A-Z]{3}/g, (name) => (names.includes(name) ? String(names.indexOf(name) + first) : name));
}

/** `*`, a number, a range, a list of both, or any of them with a step (`0/15`). */
function isField(field: string, min: number, max: number): boolean {
  return field.split(",").every((part) => {
    const match = /^(\*|(\d+)(-(\d+))?)(\/([1-9]\d*))?$/.exec(part);
    if (match === null) return false;
    const ends = [match[2], match[4]].filter((end) => end !== undefined).map(Number);
    return ends.every((end) => end >= min && end <= max) && (ends[0] ?? 0) <= (ends[1] ?? max);
  });
}
