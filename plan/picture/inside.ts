import { type Plan } from "../run";
import { shortType } from "../urn";
import { type Edge, findingsAt, type Graph, type Node } from "./graph";
import { resourceMarks } from "./marks";
import { owners } from "./owners";

/** More resources than these make no picture that one can read. */
const most = 80;

/** A name without its component's, which stands above the picture. */
function within(name: string, component: string): string {
  return name.startsWith(`${component}-`) ? name.slice(component.length + 1) : name;
}

/** What a value comes from is drawn once: what comes through another is left out. */
function direct(edges: readonly Edge[]): Edge[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (next.get(from) ?? []).some((each) => {
      if (each === to) return true;
      if (seen.has(each)) return false;
      seen.add(each);
      return reaches(each, to, seen);
    });
  return edges.filter(({ from, to }) => !(next.get(from) ?? []).some((other) => other !== to && reaches(other, to)));
}

/** Each component's resources and which takes a value of which, by the component's URN; of two resources and more. */
export function insides(plan: Plan): Map<string, Graph> {
  const owner = owners(plan.resources);
  const marked = resourceMarks(plan);
  const found = findingsAt(plan, (urn) => urn);
  const name = new Map(plan.resources.map((resource) => [resource.urn, resource.name]));
  const members = new Map<string, Plan["resources"][number][]>();
  for (const resource of plan.resources) {
    const top = owner.get(resource.urn) ?? "";
    if (resource.custom && top !== resource.urn) members.set(top, [...(members.get(top) ?? []), resource]);
  }
  const drawn = [...members].filter(([, own]) => own.length > 1 && own.length <= most);
  return new Map(
    drawn.map(([top, own]) => {
      const nodes = own.map((resource): Node => ({
        urn: resource.urn,
        name: within(resource.name, name.get(top) ?? ""),
        kind: shortType(resource),
        mark: marked.get(resource.urn),
        resources: 1,
        ...found(resource.urn),
      }));
      const inside = new Set(own.map(({ urn }) => urn));
      const edges = own.flatMap(({ urn, propertyDependencies }): Edge[] => {
        const from = new Set(Object.values(propertyDependencies).flat());
        return [...from]
          .filter((each) => inside.has(each) && each !== urn)
          .map((to) => ({ from: urn, to, kinds: ["uses"] }));
      });
      return [top, { nodes, edges: direct(edges) }];
    }),
  );
}
