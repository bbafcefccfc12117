import { type Counts } from "../policy/findings";
import { type Plan } from "../run";

/** The counts of all policies together. */
export function totals(plan: Plan): Counts {
  const sum = { passed: 0, failed: 0, exempted: 0, notEvaluated: 0, notApplicable: 0 };
  const keys = Object.keys(sum) as (keyof Counts)[];
  for (const { counts } of plan.policies) for (const key of keys) sum[key] += counts[key];
  return sum;
}
