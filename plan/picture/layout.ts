import type { ELK, ElkEdgeSection, ElkNode } from "elkjs";

import { type Graph, type Node } from "./graph";
import { type Tier, tiers } from "./tiers";

export interface Box {
  readonly node: Node;
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly kinds: readonly string[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Where everything stands, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** The rows that the tiers take, from top to bottom. */
  readonly rows: readonly { readonly tier: Tier; readonly y: number; readonly height: number }[];
}

/** Size of a node's box: a name of 21 characters fits. */
export const box = { width: 184, height: 56 };
const gap = 24;
const rowGap = 34;
/** The least columns that a picture has room for. */
const columns = 5;
/** Room for a row's title at the left. */
export const margin = { left: 24, top: 40 };

const options = {
  "elk.algorithm": "layered",
  "elk.partitioning.activate": "true",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "64",
  "elk.layered.spacing.edgeNodeBetweenLayers": "22",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.componentComponent": "48",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  // The same plan gives the same picture.
  "elk.randomSeed": "1",
};
/** Tiers are rows through the whole picture. */
const inTiers = {
  "elk.direction": "DOWN",
  "elk.spacing.nodeNode": String(gap),
  "elk.separateConnectedComponents": "false",
};
/** Without tiers the arrows go to the right, since many take from one: the picture grows down, where a page has room. */
const inColumns = {
  "elk.direction": "RIGHT",
  "elk.spacing.nodeNode": "14",
  "elk.separateConnectedComponents": "true",
};

let loaded: Promise<ELK> | undefined;
/** The layout library, once for all pictures: loading it takes as long as a tenth of a plan, which most have no picture of. */
const elk = (): Promise<ELK> => (loaded ??= import("elkjs").then(({ default: elkjs }) => new elkjs.default()));

const nowhere: Pick<ElkEdgeSection, "startPoint" | "bendPoints" | "endPoint"> = {
  startPoint: { x: 0, y: 0 },
  endPoint: { x: 0, y: 0 },
};

function childOf({ urn, tier }: Node): ElkNode {
  const partition = tier && { "elk.partitioning.partition": String(tiers.indexOf(tier)) };
  return { id: urn, ...box, ...(partition && { layoutOptions: partition }) };
}

/** Places the tiers as rows from top to bottom, and the foundations, on which all rests, as the last ones without arrows. */
export async function layOut(graph: Graph): Promise<Layout> {
  const placed = graph.nodes.filter(({ tier }) => tier !== "foundations");
  const drawn = graph.edges.filter(({ kinds }) => !kinds.includes("rests"));
  const hasTiers = graph.nodes.some(({ tier }) => tier !== undefined);
  const input: ElkNode = {
    id: "stack",
    layoutOptions: { ...options, ...(hasTiers ? inTiers : inColumns) },
    children: placed.map(childOf),
    edges: drawn.map(({ from, to }) => ({ id: `${from} ${to}`, sources: [from], targets: [to] })),
  };
  const laid = await (await elk()).layout(input);
  const at = new Map(
    (laid.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x: x + margin.left, y: y + margin.top }]),
  );
  const boxes = placed.map((node): Box => ({ node, ...(at.get(node.urn) ?? { x: 0, y: 0 }) }));
  const lines = (laid.edges ?? []).map((edge, index): Line => {
    const { startPoint, bendPoints = [], endPoint } = edge.sections?.[0] ?? nowhere;
    const points = [startPoint, ...bendPoints, endPoint].map(({ x, y }) => ({ x: x + margin.left, y: y + margin.top }));
    const { from = "", to = "", kinds = [] } = drawn[index] ?? {};
    return { from, to, kinds, points };
  });
  const least = hasTiers ? columns : 1;
  const wide = Math.max(laid.width ?? 0, least * (box.width + gap) - gap);
  const bottom = placed.length === 0 ? margin.top : (laid.height ?? 0) + margin.top + rowGap;
  const below = foundations(graph, wide, bottom);
  const all = [...boxes, ...below];
  return {
    width: wide + 2 * margin.left,
    height: Math.max(...all.map(({ y }) => y + box.height), 0) + margin.top,
    boxes: all,
    lines,
    rows: rowsOf(all),
  };
}

function foundations({ nodes }: Graph, width: number, top: number): Box[] {
  const inRow = Math.floor((width + gap) / (box.width + gap));
  return nodes
    .filter(({ tier }) => tier === "foundations")
    .map((node, index) => ({
      node,
      x: margin.left + (index % inRow) * (box.width + gap),
      y: top + Math.floor(index / inRow) * (box.height + gap),
    }));
}

function rowsOf(boxes: readonly Box[]): Layout["rows"] {
  return tiers.flatMap((tier) => {
    const own = boxes.filter(({ node }) => node.tier === tier).map(({ y }) => y);
    if (own.length === 0) return [];
    const y = Math.min(...own);
    return [{ tier, y, height: Math.max(...own) + box.height - y }];
  });
}
