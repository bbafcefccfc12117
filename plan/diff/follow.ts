import { isReplacing } from "../../sandbox/schema/replaces";
import { type Value } from "../../sandbox/values";
import { type PlannedResource } from "../run";
import { type PropertyChange } from "./types";

/** A resource on both sides with what differs so far. */
export interface Compared {
  readonly resource: PlannedResource;
  readonly old: PlannedResource | undefined;
  properties: PropertyChange[];
}

/** Outputs that a replaced object has again, since they follow from its inputs alone. */
const lasting: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": ["arnWithoutRevision"],
};

function textsOf(value: Value | undefined): string[] {
  if (typeof value === "string") return value.length < 4 ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** What will be another value once the resource is replaced: ids, ARNs, names that were made up. */
function passing(resource: PlannedResource): string[] {
  const { inputs, computed = {}, id = "" } = resource;
  const filled = Array.isArray(inputs["__defaults"]) ? inputs["__defaults"].map(String) : [];
  const given = new Set(Object.entries(inputs).flatMap(([key, value]) => (filled.includes(key) ? [] : textsOf(value))));
  const lost = Object.entries(computed).filter(([key]) => lasting[resource.type]?.includes(key) !== true);
  const made = [id, ...lost.flatMap(([, value]) => textsOf(value)), ...filled.flatMap((key) => textsOf(inputs[key]))];
  return [...new Set(made)].filter((text) => text.length >= 4 && !given.has(text));
}

/** Whether a value holds the text itself, and not a longer one that begins like it. */
function holds(value: Value | undefined, text: string): boolean {
  return textsOf(value).some((candidate) => {
    for (let at = candidate.indexOf(text); at >= 0; at = candidate.indexOf(text, at + 1)) {
      if (!/[\w-]/.test(candidate[at + text.length] ?? "") && !/[\w-]/.test(candidate[at - 1] ?? "")) return true;
    }
    return false;
  });
}

function isIgnored(resource: PlannedResource, property: string): boolean {
  const ignored = resource.options["ignoreChanges"];
  return Array.isArray(ignored) && (ignored.includes(property) || ignored.includes("*"));
}

function replaced({ old, properties }: Compared): boolean {
  return old !== undefined && properties.some(({ replaces }) => replaces);
}

/**
 * Adds what follows from replacements: a property that takes a value of a replaced resource changes with it, and may
 * replace its own resource in turn.
 */
export function followReplacements(compared: readonly Compared[]): void {
  const queue = compared.filter(replaced);
  const seen = new Set(queue);
  for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
    const { urn } = source.resource;
    const values = passing(source.resource);
    for (const follower of compared) {
      const { resource, old, properties } = follower;
      if (old === undefined) continue;
      for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const known = properties.some(({ path }) => path.replace(/[.[].*/, "") === property);
        if (!urns.includes(urn) || known || isIgnored(resource, property)) continue;
        const before = resource.inputs[property];
        if (!values.some((text) => holds(before, text))) continue;
        const replaces = isReplacing(resource.type, property);
        properties.push({ path: property, ...(before !== undefined && { before }), replaces, knownAfter: urn });
      }
      if (replaced(follower) && !seen.has(follower)) {
        seen.add(follower);
        queue.push(follower);
      }
    }
  }
}
