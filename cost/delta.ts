import { nothing } from "./estimate";
import { combine, type Range } from "./range";
import { money } from "./money";
import type { ComponentCost, Estimate, Total } from "./types";

/** What a change does to one component's cost. */
export interface ComponentDelta extends Total {
  readonly name: string;
  readonly type: string;
  /** `new` and `gone` are of what costs something: a component without a bill is in neither estimate. */
  readonly kind: "new" | "gone" | "changed";
}

/** How one estimate differs from another: positive is dearer. In USD a month. */
export interface CostDelta {
  readonly total: Total;
  /** Those that differ, the greatest difference first. */
  readonly components: readonly ComponentDelta[];
}

const minus = (after: Range, before: Range): Range => combine((a, b) => a - b, after, before);

function difference(before: Total, after: Total): Total {
  return {
    idle: minus(after.idle, before.idle),
    use: minus(after.use, before.use),
    all: minus(after.all, before.all),
  };
}

/** Half a cent: a smaller difference comes of rounding. */
const worthSaying = 0.005;

function differs({ idle, all }: Total): boolean {
  return [idle.expected, all.low, all.expected, all.high].some((usd) => Math.abs(usd) >= worthSaying);
}

/** What a change costs: the estimate of the plan after it against that before it. */
export function deltaOf(before: Estimate, after: Estimate): CostDelta {
  const key = ({ type, name }: ComponentCost): string => `${type}::${name}`;
  const [old, now] = [before, after].map(({ components }) => new Map(components.map((each) => [key(each), each])));
  const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  const components = [...keys].flatMap((each): ComponentDelta[] => {
    const [was, is] = [old?.get(each), now?.get(each)];
    const kind = was === undefined ? "new" : is === undefined ? "gone" : "changed";
    const { name = "", type = "" } = is ?? was ?? {};
    return [{ name, type, kind, ...difference(was ?? nothing, is ?? nothing) }];
  });
  return {
    total: difference(before.total, after.total),
    components: components
      .filter(differs)
      .sort((a, b) => Math.abs(b.all.expected) - Math.abs(a.all.expected) || (a.name < b.name ? -1 : 1)),
  };
}

/** USD as one says it: whole dollars from ten on, cents below; without its sign. */
export function spoken(usd: number): string {
  const size = Math.abs(usd);
  return size >= 10 ? Math.round(size).toLocaleString("en-US") : money(size);
}

/** `this change adds about 31 USD a month to prod`. */
export function sentenceOf({ total }: CostDelta, stack: string): string {
  if (!differs(total)) return `this change costs nothing in ${stack}`;
  const { expected, low, high } = total.all;
  const [from, to] = [low, high].sort((a, b) => Math.abs(a) - Math.abs(b)) as [number, number];
  const verb = expected < 0 ? "takes about" : "adds about";
  const preposition = expected < 0 ? "off" : "to";
  const sure = Math.abs(to - from) < worthSaying;
  const sameSign = Math.sign(from) * Math.sign(to) >= 0;
  const range = sure ? "" : sameSign ? ` (${spoken(from)} to ${spoken(to)})` : ` (${money(low)} to ${money(high)})`;
  return `this change ${verb} ${spoken(expected)} USD a month ${preposition} ${stack}${range}`;
}
