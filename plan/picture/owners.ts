import { type PlannedResource } from "../run";
import { stackType } from "../urn";

/** Who each resource belongs to: the outermost component around it, itself where there is none. */
export function owners(resources: readonly PlannedResource[]): Map<string, string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const found = new Map<string, string>();
  for (const resource of resources) {
    // A parent is always registered before its children.
    const parent = byUrn.get(resource.parent);
    const isTop = parent === undefined || parent.type === stackType;
    found.set(resource.urn, isTop ? resource.urn : (found.get(parent.urn) ?? parent.urn));
  }
  return found;
}
