import type { Paint } from "../plan/paint";
import { type ComponentDelta, type CostDelta, sentenceOf } from "./delta";
import { money } from "./money";
import { staleness } from "./prices";
import type { Range } from "./range";
import type { BudgetCheck, ComponentCost, Estimate, Line, ResourceCost, Total } from "./types";

interface Row {
  readonly label: string;
  readonly cells: readonly string[];
  readonly style: "head" | "strong" | "plain" | "faint";
}

const head: Row = { label: "", cells: ["idle", "low", "expected", "high"], style: "head" };

function row(label: string, { idle, all }: Total, style: Row["style"]): Row {
  return { label, cells: [idle.expected, all.low, all.expected, all.high].map(money), style };
}

/** `730 hours at 0.062`: how an amount comes about, in its expected case. */
function working({ quantity, free, usdPerUnit, unit, confidence }: Line): string {
  const said = ({ expected }: Range): string => expected.toLocaleString("en-US", { maximumSignificantDigits: 4 });
  const off = free === undefined ? "" : `, ${said(free)} of them free`;
  return `${said(quantity)} x ${usdPerUnit} USD/${unit}${off}${confidence === "high" ? "" : ` (${confidence} confidence)`}`;
}

/** Half a cent: what is less is shown as 0.00. */
const worthARow = 0.005;

/** What costs nothing by its price's first tier is shown too: the next of its kind may not. */
const isWorthARow = ({ usd, free }: Line): boolean => usd.high >= worthARow || free !== undefined;

const isShown = ({ all, lines }: ResourceCost): boolean => all.high >= worthARow || lines.some(isWorthARow);

/** The positions of a bill. */
function lineRows(lines: readonly Line[], indent: string): Row[] {
  return lines.filter(isWorthARow).map((line) => {
    const none: Range = { low: 0, expected: 0, high: 0 };
    const parts = { idle: line.kind === "idle" ? line.usd : none, use: none, all: line.usd };
    return row(`${indent}${line.what}: ${working(line)}`, parts, "faint");
  });
}

function resourceRows(resource: ResourceCost): Row[] {
  if (!isShown(resource)) return [];
  const rows = lineRows(resource.lines, "      ");
  const [only] = rows;
  // One position needs no row of its own.
  const single = rows.length === 1 && only !== undefined ? `, ${only.label.trim()}` : "";
  const own = row(`    ${resource.name} (${resource.type})${single}`, resource, "plain");
  return single === "" ? [own, ...rows] : [own];
}

function componentRows(component: ComponentCost): Row[] {
  if (component.all.high < worthARow && !component.resources.some(isShown)) return [];
  return [row(`  ${component.name}`, component, "strong"), ...component.resources.flatMap(resourceRows)];
}

function table(rows: readonly Row[], paint: Paint): string[] {
  const label = Math.max(...rows.map((each) => each.label.length));
  const widths = head.cells.map((_, i) => Math.max(...rows.map(({ cells }) => cells[i]?.length ?? 0)));
  const styles = { head: paint.bold, strong: paint.bold, plain: (text: string) => text, faint: paint.dim };
  return rows.map(({ label: text, cells, style }) => {
    const numbers = cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  ");
    return styles[style](`${text.padEnd(label)}  ${numbers}`);
  });
}

/** What changes by component, in its expected case. */
function deltaLines(delta: CostDelta, stack: string, paint: Paint): string[] {
  const signed = (usd: number): string => `${usd > 0 ? "+" : ""}${money(usd)}`;
  const of = ({ kind, name, all }: ComponentDelta): string =>
    `    ${name}: ${signed(all.expected)}${kind === "changed" ? "" : ` (${kind})`}`;
  return [paint.bold(`  ${sentenceOf(delta, stack)}`), ...delta.components.map(of)];
}

function budgetLine({ name, limitUsd, verdict }: BudgetCheck, { all }: Total, paint: Paint): string {
  const limit = `  Budget ${name}: ${money(limitUsd)} USD a month`;
  if (verdict === "within") return `${limit}, which a busy month of this stack does not pass`;
  if (verdict === "over when busy") return paint.yellow(`${limit}, passed by a busy month (${money(all.high)})`);
  const over = money(all.expected - limitUsd);
  return paint.red(`${limit}, passed by what is expected, ${over} more: raise the budget, or spend less`);
}

/** The estimate as a tree: components, their resources, and how each amount comes about. */
export function renderCost(cost: Estimate, paint: Paint, today = new Date()): string[] {
  const credits = cost.credits.filter(({ all }) => all.high <= -worthARow);
  const rows = [
    head,
    ...cost.components.flatMap(componentRows),
    ...(credits.length === 0 ? [] : [{ label: "  free each month", cells: [], style: "strong" } as const]),
    ...credits.map((credit) => row(`    ${credit.what}`, credit, "plain")),
    row("  total", cost.total, "strong"),
  ];
  const tables = cost.prices.map(({ region, asOf }) => `${region} of ${asOf}`).join(", ");
  const stale = cost.prices.flatMap((table) => staleness(table, today) ?? []);
  const open = cost.openCeilings.map(({ what, set, names }) => `    ${what} (${names.join(", ")}): set ${set}`);
  const unpriced = cost.unpriced.map(
    ({ type, what, because, names }) => `    ${type}, ${what}: ${because} (${names.join(", ")})`,
  );
  const free = [...new Set(cost.free.map(({ because }) => because))].map((because) => {
    const types = cost.free.filter((each) => each.because === because).map(({ type }) => type);
    return paint.dim(`    ${because}: ${types.join(", ")}`);
  });
  return [
    `${paint.bold("Cost")}, USD a month before tax, list prices (${tables}), use as usage.yaml says:`,
    ...stale.map((text) => paint.yellow(`  ${text}`)),
    ...table(rows, paint),
    ...(cost.delta === undefined ? [] : ["", ...deltaLines(cost.delta, cost.stack, paint)]),
    ...(cost.budgets.length === 0 ? [] : [""]),
    ...cost.budgets.map((budget) => budgetLine(budget, cost.total, paint)),
    ...(unpriced.length === 0 ? [] : ["", paint.yellow("  Not counted, since there is no price:"), ...unpriced]),
    ...(open.length === 0 ? [] : ["", paint.yellow("  Paid by use, without a limit that somebody chose:"), ...open]),
    ...(free.length === 0 ? [] : ["", "  Free:", ...free]),
  ];
}
