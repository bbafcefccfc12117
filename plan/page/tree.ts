import { type Plan, type PlannedResource } from "../run";
import { shortType, stackType } from "../urn";
import { html, type Html } from "./html";

/** What the page shows: all but the stack itself and default providers. */
export function shownResources({ resources }: Plan): PlannedResource[] {
  return resources.filter(
    ({ type, parent }) => type !== stackType && !(type.startsWith("pulumi:providers:") && parent === ""),
  );
}

/** The element of a resource, for links to it: the page's own numbering, as a URN makes no good fragment. */
export function anchors(plan: Plan): Map<string, string> {
  return new Map(shownResources(plan).map(({ urn }, index) => [urn, `r${index}`]));
}

/** The tree of resources; what a resource is given is filled in by the page's script when it is opened. */
export function treeOf(plan: Plan, ids: ReadonlyMap<string, string>): Html {
  const shown = shownResources(plan);
  const children = new Map<string, PlannedResource[]>();
  for (const resource of shown) {
    const parent = ids.has(resource.parent) ? resource.parent : "";
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const found = new Map<string, number>();
  for (const { urn } of plan.violations) found.set(urn, (found.get(urn) ?? 0) + 1);
  const below = (urn: string): PlannedResource[] =>
    (children.get(urn) ?? []).flatMap((resource) => [resource, ...below(resource.urn)]);
  const item = (resource: PlannedResource): Html => {
    const { urn, name, custom, options } = resource;
    const own = children.get(urn) ?? [];
    const all = below(urn);
    const findings = [resource, ...all].reduce((sum, each) => sum + (found.get(each.urn) ?? 0), 0);
    return html`<li id="${ids.get(urn)}" data-words="${`${name} ${resource.type}`.toLowerCase()}">
      <details>
        <summary>
          <span class="name">${name}</span> <span class="type">${shortType(resource)}</span>
          ${!custom && html`<span class="note">${all.filter((each) => each.custom).length}</span>`}
          ${options["protect"] === true && html`<span class="chip">protected</span>`}
          ${findings > 0 && html`<span class="chip warn">${findings === 1 ? "1 finding" : `${findings} findings`}</span>`}
        </summary>
        <div class="inputs"></div>
        ${
          own.length > 0 &&
          html`<ul>
            ${own.map(item)}
          </ul>`
        }
      </details>
    </li>`;
  };
  return html`<ul class="tree">
    ${(children.get("") ?? []).map(item)}
  </ul>`;
}
