import type { Plan } from "../plan/run";
import { UsageError } from "../plan/usage";
import { estimate } from "./estimate";
import { type PriceTable, readPrices } from "./prices";
import type { Estimate } from "./types";
import { readUsage } from "./usage";

/** Estimates a plan with the project's `usage.yaml` and the tables of `prices/`. */
export function costOf(plan: Plan, directory: string): Estimate {
  if (plan.summary.asPreview) {
    throw new UsageError("--cost needs to read what --as-preview leaves unknown: take one of them");
  }
  const usage = readUsage(directory, plan.stack);
  const names = new Set(plan.resources.filter(({ custom }) => !custom).map(({ name }) => name));
  const misspelt = usage.components.filter((name) => !names.has(name));
  if (misspelt.length > 0) {
    throw new UsageError(
      `usage.yaml: stacks.${plan.stack}.components has no component of this stack: ${misspelt.join(", ")}`,
    );
  }
  const tables = new Map<string, PriceTable>();
  const prices = (region: string): PriceTable => {
    const table = tables.get(region) ?? readPrices(region);
    tables.set(region, table);
    return table;
  };
  return estimate(plan, { usage, prices });
}
