import { isReplacing } from "../../sandbox/schema/replaces";
import { isMap, type Value, type Values } from "../../sandbox/values";
import { accessMatrix } from "../access/matrix";
import { newReach, type NewReach } from "../access/reach";
import { type Violation } from "../policy/findings";
import { type Plan, type PlannedResource } from "../run";
import { dangerOf } from "./danger";
import { followReplacements } from "./follow";
import { movesOf } from "./moves";
import { type PlanDiff, type PropertyChange, type ResourceChange } from "./types";
import { differences, type Difference } from "./values";

function byUrn(plan: Plan | undefined): Map<string, PlannedResource> {
  return new Map((plan?.resources ?? []).map((resource) => [resource.urn, resource]));
}

function texts(values: Values): [path: string, text: string][] {
  const walk = (path: string, value: Value): [string, string][] => {
    if (typeof value === "string") return value.length < 4 ? [] : [[path, value]];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => walk(`${path}.${key}`, item));
  };
  return walk("", values);
}

function defaults(resource: PlannedResource): string[] {
  const listed = resource.inputs["__defaults"];
  return Array.isArray(listed) ? listed.filter((item): item is string => typeof item === "string") : [];
}

/** Values that the cloud or the provider made up, by where they stand. */
function madeUp(resource: PlannedResource): Map<string, string> {
  const filled = defaults(resource).map((property) => [property, resource.inputs[property] ?? null] as const);
  return new Map(texts({ id: resource.id ?? "", ...Object.fromEntries(filled), computed: resource.computed ?? {} }));
}

/**
 * Takes what a move makes differ in the stand-ins out of the old plan: a moved object keeps its name and its ids, which
 * the stand-ins derive from the URN.
 */
function renamer(moves: ReadonlyMap<string, string>, before: Sides, after: Sides): (value: Value) => Value {
  const pairs: [string, string][] = [...moves].map(([to, from]) => [from, to]);
  for (const [to, from] of moves) {
    const [old, recent] = [before.get(from), after.get(to)];
    if (old === undefined || recent === undefined) continue;
    const now = madeUp(recent);
    for (const [path, text] of madeUp(old)) {
      const other = now.get(path);
      if (other !== undefined && other !== text) pairs.push([text, other]);
    }
  }
  if (pairs.length === 0) return (value) => value;
  pairs.sort(([a], [b]) => b.length - a.length);
  const rename = (value: Value): Value => {
    if (typeof value === "string") return pairs.reduce((text, [from, to]) => text.replaceAll(from, to), value);
    if (Array.isArray(value)) return value.map(rename);
    if (!isMap(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item)]));
  };
  return rename;
}

type Sides = ReadonlyMap<string, PlannedResource>;

function listOf(resource: PlannedResource, option: string): string[] {
  const given = resource.options[option];
  return Array.isArray(given) ? given.filter((item): item is string => typeof item === "string") : [];
}

function isWithin(path: string, roots: readonly string[]): boolean {
  return roots.some(
    (root) => root === "*" || path === root || path.startsWith(`${root}.`) || path.startsWith(`${root}[`),
  );
}

/** The inputs that count: what the provider filled on both sides stays as it is (pulumi-terraform-bridge, `applyDefaults`). */
function settled(resource: PlannedResource, other: PlannedResource): Values {
  const filled = new Set(defaults(resource).filter((property) => defaults(other).includes(property)));
  const kept = Object.entries(resource.inputs).filter(([key]) => key !== "__defaults" && !filled.has(key));
  return Object.fromEntries(kept);
}

function changesOf(type: string, found: readonly Difference[], replaceOn: readonly string[]): PropertyChange[] {
  return found.map((difference) => ({
    ...difference,
    replaces: isReplacing(type, difference.path) || isWithin(difference.path, replaceOn),
  }));
}

function propertyChanges(
  old: PlannedResource,
  recent: PlannedResource,
  rename: (value: Value) => Value,
): PropertyChange[] {
  const found = differences("", rename(settled(old, recent)), settled(recent, old));
  const ignored = listOf(recent, "ignoreChanges");
  const real = found.filter(({ path }) => !isWithin(path, ignored));
  return changesOf(recent.type, real, listOf(recent, "replaceOnChanges"));
}

/** The nearest component above a resource. */
function componentOf(resource: PlannedResource, side: Sides): string {
  for (let parent = side.get(resource.parent); parent !== undefined; parent = side.get(parent.parent)) {
    if (!parent.custom && parent.type !== "pulumi:pulumi:Stack") return parent.urn;
  }
  return "";
}

function describe(resource: PlannedResource, side: Sides): Pick<ResourceChange, "urn" | "type" | "name" | "component"> {
  return { urn: resource.urn, type: resource.type, name: resource.name, component: componentOf(resource, side) };
}

/** A resource in the cloud: no component, not someone else's, no provider that the engine makes of itself. */
function counts(resource: PlannedResource): boolean {
  if (resource.external === true) return false;
  return resource.custom && !(resource.type.startsWith("pulumi:providers:") && resource.parent === "");
}

function key({ policy, level, urn, message }: Violation): string {
  return [policy, level, urn, message].join("\n");
}

function findings(before: Plan | undefined, after: Plan, rename: (value: Value) => Value): PlanDiff["findings"] {
  const renamed = (before?.violations ?? []).map((violation) => rename({ ...violation }) as unknown as Violation);
  const [then, now] = [new Set(renamed.map(key)), new Set(after.violations.map(key))];
  return {
    come: after.violations.filter((violation) => !then.has(key(violation))),
    gone: renamed.filter((violation) => !now.has(key(violation))),
  };
}

function reachOf(before: Plan, after: Plan, moves: ReadonlyMap<string, string>): NewReach[] {
  const renamed = new Map([...moves].map(([to, from]) => [from, to]));
  return newReach(accessMatrix(before), accessMatrix(after), renamed);
}

/** Puts two plans of one stack beside each other; `before` is undefined where the stack was not there. */
export function comparePlans(before: Plan | undefined, after: Plan, against: string): PlanDiff {
  const [then, now] = [byUrn(before), byUrn(after)];
  const moves = movesOf(before?.resources ?? [], after.resources);
  const rename = renamer(moves, then, now);
  const oldOf = (resource: PlannedResource): PlannedResource | undefined =>
    then.get(moves.get(resource.urn) ?? resource.urn);
  const compared = after.resources.filter(counts).map((resource) => {
    const old = oldOf(resource);
    const properties = old === undefined ? [] : propertyChanges(old, resource, rename);
    return { resource, old, properties };
  });
  followReplacements(compared);
  const changes: ResourceChange[] = compared.flatMap(({ resource, old, properties }) => {
    const movedFrom = moves.get(resource.urn);
    const replaced = properties.some(({ replaces }) => replaces);
    const kind = old === undefined ? "create" : replaced ? "replace" : properties.length > 0 ? "update" : "move";
    if (kind === "move" && movedFrom === undefined) return [];
    return [{ kind, ...describe(resource, now), ...(movedFrom !== undefined && { movedFrom }), properties }];
  });
  const kept = new Set([...now.keys(), ...moves.values()]);
  for (const old of [...then.values()].filter((resource) => counts(resource) && !kept.has(resource.urn))) {
    const retained = old.options["retainOnDelete"] === true ? ({ retained: true } as const) : {};
    changes.push({ kind: "delete", ...describe(old, then), properties: [], ...retained });
  }
  const outputs = before === undefined ? [] : differences("", rename(before.outputs), after.outputs);
  return {
    project: after.project,
    stack: after.stack,
    against,
    isNew: before === undefined,
    changes: changes.map((change) => {
      const danger = dangerOf(change, then, now);
      return danger === undefined ? change : { ...change, danger };
    }),
    unchanged: compared.filter(({ resource }) => !changes.some(({ urn }) => urn === resource.urn)).length,
    outputs: outputs.map((difference) => ({ ...difference, replaces: false })),
    reach: before === undefined ? [] : reachOf(before, after, moves),
    findings: findings(before, after, rename),
  };
}

/** Changes that would lose data. */
export function dangers(diff: PlanDiff): ResourceChange[] {
  return diff.changes.filter(({ danger }) => danger !== undefined);
}
