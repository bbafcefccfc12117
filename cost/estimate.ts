import type { PlannedResource } from "../plan/run";
import { providerUrn } from "../plan/urn";
import { allowances } from "./allowances";
import { checkBudgets } from "./budgets";
import { openCeilings } from "./ceilings";
import { type Item, type Setting, text, type Unknown } from "./pricer";
import { type PriceTable, type PriceKey } from "./prices";
import { always, combine, product, type Range, scenarios, sum } from "./range";
import { free, rules } from "./rules/index";
import type { ComponentCost, Credit, Estimate, Line, ResourceCost, Total, Unpriced } from "./types";
import type { StackUsage } from "./usage";

export interface Basis {
  readonly usage: StackUsage;
  /** Table of a region. */
  readonly prices: (region: string) => PriceTable;
}

export const nothing: Total = total([]);

/** The totals of lines. */
function total(lines: readonly Pick<Line, "kind" | "usd">[]): Total {
  const of = (kind: string): Range => sum(lines.filter((line) => line.kind === kind).map(({ usd }) => usd));
  const [idle, use] = [of("idle"), of("use")];
  return { idle, use, all: sum([idle, use]) };
}

function added(totals: readonly Total[]): Total {
  const of = (key: keyof Total): Range => sum(totals.map((each) => each[key]));
  return { idle: of("idle"), use: of("use"), all: of("all") };
}

/** The questions that a rule may ask of the plan. */
function questions(resources: readonly PlannedResource[]): Pick<Setting, "refersTo" | "referredBy"> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const refersTo: Setting["refersTo"] = (resource, property, type) =>
    (resource.propertyDependencies[property] ?? [])
      .map((urn) => byUrn.get(urn))
      .filter((found) => found !== undefined && found.type === type) as PlannedResource[];
  return {
    refersTo,
    referredBy: ({ urn }, type, property) =>
      resources.filter((other) => other.type === type && other.propertyDependencies[property]?.includes(urn) === true),
  };
}

/** The outermost component that a resource is in. */
function componentOf(
  resource: PlannedResource,
  byUrn: ReadonlyMap<string, PlannedResource>,
): PlannedResource | undefined {
  let found: PlannedResource | undefined;
  for (let at = byUrn.get(resource.parent); at !== undefined; at = byUrn.get(at.parent)) {
    if (!at.custom && at.type !== "pulumi:pulumi:Stack") found = at;
  }
  return found;
}

/** Where a resource is: its own region, or that of its provider. What is nowhere is billed where the provider is. */
function regionOf(resource: PlannedResource, byUrn: ReadonlyMap<string, PlannedResource>): string {
  const own = text(resource.inputs["region"]);
  return own === "" ? text(byUrn.get(providerUrn(resource.provider))?.inputs["region"]) : own;
}

function isBilled({ custom, type }: PlannedResource): boolean {
  return custom && !type.startsWith("pulumi:");
}

/** What is left of each first tier that costs nothing, in each scenario; over the whole account, so it is used up. */
type Tiers = Map<PriceKey, Range>;

function takeFree({ quantity, firstFree }: Item, table: PriceTable, tiers: Tiers): Range | undefined {
  if (firstFree === undefined) return undefined;
  const left = tiers.get(firstFree) ?? always(table.prices[firstFree]?.price ?? 0);
  const free = combine(Math.min, quantity, left);
  tiers.set(
    firstFree,
    combine((a, b) => a - b, left, free),
  );
  return free;
}

type Priced = Pick<Line, "price" | "unit" | "usdPerUnit" | "confidence">;

/** The price of a position: the table's, or the program's own. */
function priceOf({ what, price }: Item, region: string, table: PriceTable): Priced | Unknown {
  if (typeof price !== "string") return { price: "stated", ...price, confidence: "high" };
  const entry = table.prices[price];
  if (entry?.price === undefined || entry.price === null) {
    return { kind: "unpriced", what, because: `no price of ${price} found for ${region}` };
  }
  return { price, unit: entry.unit, usdPerUnit: entry.price, confidence: entry.confidence };
}

/** A line of the bill; none where the table has no price. */
function lineOf(item: Item, region: string, table: PriceTable, tiers: Tiers): Line | Unknown {
  const { kind, what, quantity } = item;
  const priced = priceOf(item, region, table);
  if ("kind" in priced) return priced;
  const free = takeFree(item, table, tiers);
  const paid = free === undefined ? quantity : combine((all, off) => all - off, quantity, free);
  return {
    kind,
    what,
    ...priced,
    region,
    quantity,
    ...(free !== undefined && { free }),
    usd: product(paid, priced.usdPerUnit),
  };
}

/** What each resource costs, and what it costs that nobody knows here. */
function bill(resources: readonly PlannedResource[], basis: Basis) {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const asked = questions(resources);
  const paid = new Set<string>();
  const tiers: Tiers = new Map();
  return resources.filter(isBilled).map((resource) => {
    const component = componentOf(resource, byUrn);
    const rule = rules[resource.type];
    const usage = basis.usage.of(component?.name ?? "");
    const found = rule === undefined ? unknownType(resource.type) : rule(resource, { usage, ...asked });
    const region = regionOf(resource, byUrn);
    const once = found.filter((item) => {
      if (item.kind === "unpriced" || item.once === undefined) return true;
      const seen = paid.has(item.once);
      paid.add(item.once);
      return !seen;
    });
    const settled = once.map((item) =>
      item.kind === "unpriced" ? item : lineOf(item, region, basis.prices(region), tiers),
    );
    const lines = settled.filter((line): line is Line => line.kind !== "unpriced");
    const unknowns = settled.filter((line): line is Unknown => line.kind === "unpriced");
    const { urn, type, name } = resource;
    return { component, cost: { urn, type, name, lines, ...total(lines) }, unknowns };
  });
}

function unknownType(type: string): Unknown[] {
  if (free[type] !== undefined) return [];
  return [{ kind: "unpriced", what: "all of it", because: "its type is not known to cost/rules" }];
}

const dearestFirst = (a: Total, b: Total): number => b.all.expected - a.all.expected;

/** The dearest first; components that cost nothing are left out, as are their free resources. */
function byComponent(bills: ReturnType<typeof bill>, stack: string): ComponentCost[] {
  const groups = new Map<string, { name: string; type: string; resources: ResourceCost[] }>();
  for (const { component, cost } of bills) {
    if (cost.lines.length === 0) continue;
    const key = component?.urn ?? "";
    const group = groups.get(key) ?? { name: component?.name ?? stack, type: component?.type ?? "", resources: [] };
    group.resources.push(cost);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, resources: group.resources.sort(dearestFirst), ...added(group.resources) }))
    .sort(dearestFirst);
}

/** What the free allowances take off. What is idle draws on one first. */
function credits(lines: readonly Line[], basis: Basis): Credit[] {
  return allowances.flatMap(({ what, amount, unit, covers }) => {
    const covered = lines.filter(({ price }) => covers.includes(price as PriceKey));
    const [first] = covered;
    if (first === undefined) return [];
    const allowed = (basis.prices(first.region).prices[amount]?.price ?? 0) * unit;
    const quantity = (kind: string): Range => sum(covered.filter((l) => l.kind === kind).map((l) => l.quantity));
    const [idle, use] = [quantity("idle"), quantity("use")];
    const shares = {
      idle: combine((q) => (q === 0 ? 0 : -Math.min(1, allowed / q)), idle),
      use: combine((i, q) => (q === 0 ? 0 : -Math.min(1, Math.max(0, allowed - i) / q)), idle, use),
    };
    const off = total(covered.map(({ kind, usd }) => ({ kind, usd: product(usd, shares[kind]) })));
    return scenarios.every((scenario) => off.all[scenario] === 0) ? [] : [{ what, ...off }];
  });
}

function collected(bills: ReturnType<typeof bill>): Unpriced[] {
  const found = new Map<string, { type: string; what: string; because: string; names: string[] }>();
  for (const { cost, unknowns } of bills) {
    for (const { what, because } of unknowns) {
      const key = [cost.type, what, because].join("\n");
      const entry = found.get(key) ?? { type: cost.type, what, because, names: [] };
      entry.names.push(cost.name);
      found.set(key, entry);
    }
  }
  return [...found.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** Estimates what the resources of a plan cost in a month. */
export function estimate(plan: { stack: string; resources: readonly PlannedResource[] }, basis: Basis): Estimate {
  const bills = bill(plan.resources, basis);
  const lines = bills.flatMap(({ cost }) => cost.lines);
  const components = byComponent(bills, plan.stack);
  const off = credits(lines, basis);
  const all = added([...components, ...off]);
  const regions = [...new Set(lines.map(({ region }) => region))];
  const types = [...new Set(plan.resources.filter(isBilled).map(({ type }) => type))].sort();
  return {
    stack: plan.stack,
    currency: "USD",
    prices: regions.map((region) => ({ region, asOf: basis.prices(region).asOf })),
    total: all,
    components,
    credits: off,
    budgets: checkBudgets(plan.resources, all),
    unpriced: collected(bills),
    openCeilings: openCeilings(plan.resources),
    free: types.flatMap((type) => (free[type] === undefined ? [] : [{ type, because: free[type] }])),
  };
}
