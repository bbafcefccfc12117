import { dirname, resolve } from "node:path";

import type { Plan } from "../plan/run";
import { UsageError } from "../plan/usage";
import { deltaOf } from "./delta";
import { estimate } from "./estimate";
import { type PriceTable, readPrices } from "./prices";
import type { Estimate } from "./types";
import { findUsage, readUsage, type StackUsage } from "./usage";

/** Estimates a plan with the project's `usage.yaml` and the tables of `prices/`, and what it changes against another. */
export function costOf(plan: Plan, directory: string, before?: Plan): Estimate {
  if (plan.summary.asPreview) {
    throw new UsageError("--cost needs to read what --as-preview leaves unknown: take one of them");
  }
  const file = findUsage(directory);
  const usage = readUsage(file, plan.stack);
  // A file that several projects share names the components of each.
  if (dirname(file) === resolve(directory)) checkNames(plan, usage);
  const basis = { usage, prices: priceTables() };
  const after = estimate(plan, basis);
  return before === undefined ? after : { ...after, delta: deltaOf(estimate(before, basis), after) };
}

function checkNames({ stack, resources }: Plan, usage: StackUsage): void {
  const names = new Set(resources.filter(({ custom }) => !custom).map(({ name }) => name));
  const misspelt = usage.components.filter((name) => !names.has(name));
  if (misspelt.length > 0) {
    throw new UsageError(
      `usage.yaml: stacks.${stack}.components has no component of this stack: ${misspelt.join(", ")}`,
    );
  }
}

/** The tables of `prices/`, each read once. */
function priceTables(): (region: string) => PriceTable {
  const tables = new Map<string, PriceTable>();
  return (region) => {
    const table = tables.get(region) ?? readPrices(region);
    tables.set(region, table);
    return table;
  };
}
