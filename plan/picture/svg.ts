import { escapeMarkup } from "../markup";
import { box, type Layout, type Line, margin } from "./layout";
import { tierTitles } from "./tiers";

/** What fits a width, in characters; the whole stands in the title. */
function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const style = `
.picture { --line: #57606a; --ink: #1f2328; --quiet: #59636e; --paper: #ffffff; --box: #f6f8fa; --edge: #d1d9e0;
  --bad: #cf222e; --warn: #9a6700; --good: #1a7f37; font: 13px/1.3 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .picture { --line: #9198a1; --ink: #f0f6fc; --quiet: #9198a1; --paper: #0d1117;
  --box: #151b23; --edge: #3d444d; --bad: #f85149; --warn: #d29922; --good: #3fb950; } }
.picture .paper { fill: var(--paper); }
.picture .tier { fill: var(--quiet); font-size: 11px; letter-spacing: .04em; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.picture .node rect { fill: var(--box); stroke: var(--edge); }
.picture .node.created rect { stroke: var(--good); stroke-width: 2; }
.picture .node.changed rect { stroke: var(--warn); stroke-width: 2; }
.picture .node.lost rect { stroke: var(--bad); stroke-width: 3; }
.picture .node text { fill: var(--ink); font-weight: 600; }
.picture .node .kind { fill: var(--quiet); font-weight: 400; font-size: 11px; }
.picture .node .mandatory { fill: var(--bad); }
.picture .node .advisory { fill: var(--warn); }
.picture .line { fill: none; stroke: var(--line); stroke-width: 1.25; }
.picture .line.reaches { stroke-width: 1.75; }
.picture .line.serves { stroke-dasharray: 6 4; }
.picture .tip { fill: var(--line); }
`;

const heads =
  '<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>';

/** Straight pieces with rounded corners. */
function path(points: Line["points"]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const pieces = rest.map((point, index) => {
    const next = rest[index + 1];
    if (next === undefined) return `L${point.x} ${point.y}`;
    const before = index === 0 ? first : (rest[index - 1] ?? first);
    const near = (from: { x: number; y: number }): string => {
      const length = Math.hypot(from.x - point.x, from.y - point.y);
      const share = length === 0 ? 0 : Math.min(6, length / 2) / length;
      return `${point.x + (from.x - point.x) * share} ${point.y + (from.y - point.y) * share}`;
    };
    return `L${near(before)} Q${point.x} ${point.y} ${near(next)}`;
  });
  return `M${first.x} ${first.y} ${pieces.join(" ")}`;
}

/**
 * The picture as SVG that stands on its own; each node carries its URN, so that a page can answer to it.
 * `isSecond`: colours and arrow heads are those of the first picture on the page.
 */
export function svgOf(layout: Layout, title: string, isSecond = false): string {
  const { width, height } = layout;
  const names = new Map(layout.boxes.map(({ node }) => [node.urn, node.name]));
  const rows = layout.rows.map(
    ({ tier, y }) =>
      `<text class="tier" x="${margin.left}" y="${y - 10}">${escapeMarkup(tierTitles[tier].toUpperCase())}</text>`,
  );
  const lines = layout.lines.map(({ from, to, kinds, points }) => {
    const text = `${names.get(from) ?? ""} ${kinds.join(" and ")} ${names.get(to) ?? ""}`;
    const ends = `data-from="${escapeMarkup(from)}" data-to="${escapeMarkup(to)}"`;
    return `<path class="line ${kinds.join(" ")}" ${ends} d="${path(points)}" marker-end="url(#tip)"><title>${escapeMarkup(text)}</title></path>`;
  });
  const nodes = layout.boxes.map(({ node, x, y }) => {
    const found = [
      ...(node.mandatory > 0 ? [`<tspan class="mandatory"> · ${node.mandatory} mandatory</tspan>`] : []),
      ...(node.advisory > 0 ? [`<tspan class="advisory"> · ${node.advisory} advisory</tspan>`] : []),
    ];
    const count = node.resources === 1 ? "1 resource" : `${node.resources} resources`;
    const isOne = node.tier === undefined;
    const kind = isOne ? clipped(node.kind, 26) : `${clipped(node.kind, 18)} · ${node.resources}`;
    const mark = node.mark === undefined ? "" : `, ${node.mark}`;
    return [
      `<g class="node ${node.mark ?? ""}" data-urn="${escapeMarkup(node.urn)}" transform="translate(${x} ${y})">`,
      `<title>${escapeMarkup(`${node.kind} ${node.name}${isOne ? "" : `: ${count}`}${mark}`)}</title>`,
      `<rect width="${box.width}" height="${box.height}" rx="8"/>`,
      `<text x="12" y="23">${escapeMarkup(clipped(node.name, 21))}</text>`,
      `<text class="kind" x="12" y="42">${escapeMarkup(kind)}${found.join("")}</text>`,
      "</g>",
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(title)}">`,
    ...(isSecond ? [] : [`<style>${style}</style>`, heads]),
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...lines,
    ...rows,
    ...nodes,
    "</svg>",
  ].join("\n");
}
