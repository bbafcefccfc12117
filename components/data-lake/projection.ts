import type { LakePartition } from "./types";

/**
 * The table's parameters that make Athena compute the partitions instead of asking the catalog. Empty where partitions
 * are registered. AWS: Athena user guide, "Supported types for partition projection".
 */
export function projectionParameters(
  partitions: readonly (readonly [string, LakePartition])[],
): Record<string, string> {
  if (partitions.length === 0 || partitions.some(([, rule]) => rule.type === "registered")) return {};
  const parameters: Record<string, string> = { "projection.enabled": "true" };
  for (const [column, rule] of partitions) {
    for (const [key, value] of Object.entries(rules(rule))) parameters[`projection.${column}.${key}`] = value;
  }
  return parameters;
}

function rules(rule: LakePartition): Record<string, string> {
  switch (rule.type) {
    case "date":
      return {
        type: "date",
        range: rule.range.join(","),
        format: rule.format ?? "yyyy-MM-dd",
        interval: String(rule.interval ?? 1),
        "interval.unit": rule.unit ?? "DAYS",
      };
    case "integer":
      return {
        type: "integer",
        range: rule.range.join(","),
        ...(rule.interval !== undefined && { interval: String(rule.interval) }),
        ...(rule.digits !== undefined && { digits: String(rule.digits) }),
      };
    case "enum":
      return { type: "enum", values: rule.values.join(",") };
    case "injected":
      return { type: "injected" };
    case "registered":
      return {};
  }
}

/** Type of the partition's column in the catalog. */
export function partitionType(rule: LakePartition): string {
  // A date in the path may be of any format; Athena takes string for all of them.
  return rule.type === "integer" ? "bigint" : "string";
}

/** `NOW`, `NOW-2YEARS`, `NOW+1DAY`: an end of a date range that moves. */
const moving = /^NOW([+-]\d+(MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?)?$/;

/** Whether an end of a date range is relative to now, or a date of that format. */
export function isDateEnd(end: string, format: string): boolean {
  if (moving.test(end)) return true;
  const pattern = format
    .replace(/'([^']*)'/g, "$1")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/[yMdHms]+/g, (letters) => `\\d{${letters.length}}`);
  return new RegExp(`^${pattern}$`).test(end);
}

/** Whether two ends are in order, as far as their text says. */
export function inOrder([first, last]: readonly [string, string], format: string): boolean {
  if (first.startsWith("NOW") || last.startsWith("NOW") || !/^yyyy.?(MM.?(dd.*)?)?$/.test(format)) return true;
  return first <= last;
}
