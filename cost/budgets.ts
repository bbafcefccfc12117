import type { PlannedResource } from "../plan/run";
import { list, number, text } from "./pricer";
import type { BudgetCheck, Total } from "./types";

const budgetType = "aws:budgets/budget:Budget";

/** A limit in USD on everything that an account spends in a month: what an estimate can be held against. */
function isWhole({ type, inputs }: PlannedResource): boolean {
  return (
    type === budgetType &&
    inputs["budgetType"] === "COST" &&
    inputs["timeUnit"] === "MONTHLY" &&
    inputs["limitUnit"] === "USD" &&
    list(inputs["costFilters"]).length === 0
  );
}

/** The estimate against each budget of the plan itself. */
export function checkBudgets(resources: readonly PlannedResource[], { all }: Total): BudgetCheck[] {
  return resources.filter(isWhole).map(({ urn, name, inputs }) => {
    const limitUsd = number(text(inputs["limitAmount"]), 0);
    const verdict = all.expected > limitUsd ? "over" : all.high > limitUsd ? "over when busy" : "within";
    return { urn, name, limitUsd, verdict };
  });
}
