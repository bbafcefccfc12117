/**
 * What CloudWatch Logs takes as a retention, in days; any other number is refused by the API.
 * AWS: API reference, PutRetentionPolicy, `retentionInDays`. 0 (never expire) is left out on purpose: a log group
 * without an end grows for ever.
 */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** A retention that CloudWatch Logs accepts, in days. */
export type LogRetentionDays = (typeof logRetentionDays)[number];

/** Whether CloudWatch Logs accepts this many days. For values that come from settings, where the type says `number`. */
export function isLogRetention(days: number): days is LogRetentionDays {
  return (logRetentionDays as readonly number[]).includes(days);
}
