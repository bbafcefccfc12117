import { escapeMarkup } from "../plan/markup";
import { money } from "./money";
import type { ComponentCost, Estimate } from "./types";

// A picture of an estimate as SVG: for a page, which may set the colours by CSS variables, or a file of its own.

const width = 760;
const rowHeight = 26;
const top = 58;
const barHeight = 14;
/** From here on bars are drawn; names stand before. */
const left = 190;
/** What the figures behind the longest bar need. */
const figuresWidth = 190;
/** Components that have a bar of their own. */
const most = 14;

interface Bar {
  readonly name: string;
  readonly idle: number;
  readonly use: number;
  readonly low: number;
  readonly high: number;
}

function barOf({ name, idle, use, all }: Pick<ComponentCost, "name" | "idle" | "use" | "all">): Bar {
  return { name, idle: idle.expected, use: use.expected, low: all.low, high: all.high };
}

/** The dearest components, and one bar for what is left. */
function barsOf(components: readonly ComponentCost[]): Bar[] {
  const bars = components.map(barOf).filter(({ idle, use }) => idle + use >= 0.005);
  if (bars.length <= most + 1) return bars;
  const rest = bars.slice(most);
  const sum = (of: (bar: Bar) => number): number => rest.reduce((all, bar) => all + of(bar), 0);
  const others = {
    name: `${rest.length} others`,
    idle: sum((bar) => bar.idle),
    use: sum((bar) => bar.use),
    low: sum((bar) => bar.low),
    high: sum((bar) => bar.high),
  };
  return [...bars.slice(0, most), others];
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

function figures({ idle, use, low, high }: Bar): string {
  return `${money(idle + use)} (${money(low)} to ${money(high)})`;
}

function drawn(bar: Bar, index: number, scale: number): string[] {
  const y = top + index * rowHeight;
  const [idle, use] = [bar.idle * scale, bar.use * scale];
  const box = (kind: string, x: number, length: number): string[] =>
    length < 0.05
      ? []
      : [`<rect class="${kind}" x="${round(x)}" y="${y}" width="${round(length)}" height="${barHeight}"/>`];
  const baseline = y + barHeight - 3;
  return [
    `<text class="name" x="${left - 10}" y="${baseline}" text-anchor="end">${escapeMarkup(bar.name)}</text>`,
    ...box("idle", left, idle),
    ...box("use", left + idle, use),
    `<text class="figure" x="${round(left + idle + use + 8)}" y="${baseline}">${figures(bar)}</text>`,
  ];
}

/** Light and dark, unless the page that holds it has its own. */
const style = `
  .kiban-cost { --ink: var(--kiban-ink, #1f2328); --faint: var(--kiban-faint, #59636e);
    --idle: var(--kiban-idle, #0969da); --use: var(--kiban-use, #bf8700); font: 13px system-ui, sans-serif }
  @media (prefers-color-scheme: dark) {
    .kiban-cost { --ink: var(--kiban-ink, #f0f6fc); --faint: var(--kiban-faint, #9198a1);
      --idle: var(--kiban-idle, #4493f8); --use: var(--kiban-use, #d29922) }
  }
  .kiban-cost text { fill: var(--ink) } .kiban-cost .figure { fill: var(--faint) }
  .kiban-cost .idle { fill: var(--idle) } .kiban-cost .use { fill: var(--use) }
  .kiban-cost .title { font-weight: 600; font-size: 15px }
`;

function legend(): string[] {
  const entry = (kind: string, x: number, text: string): string[] => [
    `<rect class="${kind}" x="${x}" y="34" width="12" height="12"/>`,
    `<text x="${x + 18}" y="45">${text}</text>`,
  ];
  return [...entry("idle", left, "runs even when nobody comes"), ...entry("use", left + 220, "grows with use")];
}

/** What a stack costs by component, the dearest first, as the text of an SVG image. */
export function costChart({ stack, components, total }: Pick<Estimate, "stack" | "components" | "total">): string {
  const bars = barsOf(components);
  const longest = Math.max(...bars.map(({ idle, use }) => idle + use), 0.01);
  const scale = (width - left - figuresWidth) / longest;
  const height = top + bars.length * rowHeight + 10;
  const title = `${stack}: ${money(total.all.expected)} USD a month, ${money(total.idle.expected)} of it idle`;
  const says = bars.map((bar) => `${bar.name} ${figures(bar)}`).join("; ");
  // Two charts of one page need ids of their own.
  const id = `kiban-cost-${stack.replace(/[^A-Za-z0-9_-]/g, "-")}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="kiban-cost" viewBox="0 0 ${width} ${height}" width="100%" ` +
      `role="img" aria-labelledby="${id}-title ${id}-says">`,
    `<title id="${id}-title">${escapeMarkup(title)}</title>`,
    `<desc id="${id}-says">By component, USD a month, from a quiet to a busy month: ${escapeMarkup(says)}</desc>`,
    `<style>${style}</style>`,
    `<text class="title" x="10" y="20">${escapeMarkup(title)}</text>`,
    ...legend(),
    ...bars.flatMap((bar, index) => drawn(bar, index, scale)),
    "</svg>",
    "",
  ].join("\n");
}
