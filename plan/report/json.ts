import { type Plan } from "../run";
import { totals } from "./totals";

/** What the policies said, for a machine: the findings, and each policy with what came of it. */
export function json(plan: Plan): string {
  const { project, stack, violations, exempted, notEvaluated, policies } = plan;
  const { policyPack, remediations, asPreview } = plan.summary;
  const report = {
    project,
    stack,
    policyPack,
    asPreview,
    counts: totals(plan),
    violations,
    exempted,
    notEvaluated,
    remediations,
    policies,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
