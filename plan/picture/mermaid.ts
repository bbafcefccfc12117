import { type Reach } from "../access/types";
import { holdingOf } from "../diff/stateful";
import { type Plan } from "../run";
import { nameOf, stackType, typeOf } from "../urn";
import { componentMarks, type Mark, marks } from "./marks";
import { owners } from "./owners";

/** What a component's outline says of the change. */
const styles: Readonly<Record<Mark, string>> = {
  lost: "stroke:#cf222e,stroke-width:3px",
  changed: "stroke:#9a6700,stroke-width:2px",
  created: "stroke:#1a7f37,stroke-width:2px",
};

/** Logs and messages do not make a component a store of data. */
function holdsData(type: string): boolean {
  return holdingOf(type) !== undefined && !/:(LogGroup|Queue)$/.test(type);
}

/** `n3[("orders<br/>Table")]`: a cylinder for what holds data. */
function node(id: string, urn: string, holdsData: boolean, mark: Mark | undefined): string {
  const type = typeOf(urn);
  const label = `${nameOf(urn)}<br/>${type.slice(type.lastIndexOf(":") + 1)}`.replaceAll('"', "#quot;");
  const shape = holdsData ? `[("${label}")]` : `["${label}"]`;
  return `  ${id}${shape}${mark === undefined ? "" : `:::${mark}`}`;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Data flow between components: who has which rights on whose data. */
function edgesOf(matrix: readonly Reach[], top: (urn: string) => string): Edge[] {
  const rights = new Map<string, Set<string>>();
  for (const { principal, target, rights: some } of matrix) {
    if (target.category !== "data" || target.urn === "" || principal.component === "") continue;
    const [from, to] = [top(principal.component), top(target.urn)];
    if (from === to) continue;
    const key = `${from}\n${to}`;
    rights.set(key, new Set([...(rights.get(key) ?? []), ...some]));
  }
  return [...rights].map(([key, some]) => {
    const [from = "", to = ""] = key.split("\n");
    return { from, to, label: some.size === 0 ? "network" : [...some].join(", ") };
  });
}

/**
 * The stack at the level of components: those that data flows between and those that change; what stands alone is counted.
 */
export function mermaid(plan: Plan, matrix: readonly Reach[]): string[] {
  const { resources, diff } = plan;
  const owner = owners(resources);
  const top = (urn: string): string => owner.get(urn) ?? urn;
  const marked = componentMarks(plan, top);
  const edges = edgesOf(matrix, top);
  const components = resources.filter(({ custom, type, urn }) => !custom && type !== stackType && top(urn) === urn);
  const gone = [...marked.keys()].filter((urn) => !components.some((component) => component.urn === urn));
  const named = new Set([...edges.flatMap(({ from, to }) => [from, to]), ...marked.keys()]);
  const urns = [...components.map(({ urn }) => urn).filter((urn) => named.has(urn)), ...gone];
  const held = [
    ...resources.filter(({ type }) => holdsData(type)).map(({ urn }) => urn),
    ...(diff?.changes ?? [])
      .filter(({ type }) => holdsData(type))
      .map(({ urn, component }) => (component === "" ? urn : component)),
  ];
  const holders = new Set(held.map(top));
  const ids = new Map(urns.map((urn, i) => [urn, `n${i}`]));
  const used = marks.filter((mark) => [...marked.values()].includes(mark));
  return [
    "flowchart LR",
    ...urns.map((urn) => node(ids.get(urn) ?? "", urn, holders.has(urn), marked.get(urn))),
    ...edges.map(({ from, to, label }) => `  ${ids.get(from) ?? ""} -- "${label}" --> ${ids.get(to) ?? ""}`),
    ...used.map((mark) => `  classDef ${mark} ${styles[mark]}`),
  ];
}
