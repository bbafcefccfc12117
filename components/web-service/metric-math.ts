/**
 * CloudWatch metric math over the two target groups. A blue/green deployment leaves the traffic on the other group, so
 * that a measure of one group would go blind with every second deployment. Load balancers report a metric only where
 * requests flow: the idle group's series is missing, not 0, and any arithmetic with a missing value is missing.
 */

/** Sum of both groups; the one without data counts as 0. */
export function sumOf(blue: string, green: string): string {
  return `FILL(${blue}, 0) + FILL(${green}, 0)`;
}

/** The higher of both groups: a percentile cannot be added up, and the slower group is the one to know of. */
export function higherOf(blue: string, green: string): string {
  return `MAX([FILL(${blue}, 0), FILL(${green}, 0)])`;
}

/**
 * Sum of both groups, missing where both are. Target tracking wants each of its three newest minutes above the target,
 * and the newest arrive late: filled with 0 they would hold back every scale-out. No reported value is negative, so a
 * sum of -2 says that both are missing.
 */
export function sumOfReported(blue: string, green: string): string {
  return `IF((FILL(${blue}, -1) + FILL(${green}, -1)) > -2, ${sumOf(blue, green)})`;
}

/** Share of errors in percent; missing, and so within the threshold, where requests are too few to tell. */
export function errorPercent(errors: string, requests: string, minimumRequests: number): string {
  return `IF(${requests} >= ${minimumRequests}, 100 * ${errors} / ${requests})`;
}
