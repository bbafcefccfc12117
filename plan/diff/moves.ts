import { type PlannedResource } from "../run";
import { formUrn, nameOf, typeOf } from "../urn";

/** An alias as the SDK sends it: a whole URN, or what was different then. */
interface Alias {
  readonly urn?: string;
  readonly spec?: {
    readonly name?: string;
    readonly type?: string;
    readonly stack?: string;
    readonly project?: string;
    readonly parenturn?: string;
    readonly noparent?: boolean;
  };
}

function stackAndProject(urn: string): [stack: string, project: string] {
  const [head = "", project = ""] = urn.split("::");
  return [head.split(":")[2] ?? "", project];
}

function given(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}

function aliasUrn(resource: PlannedResource, alias: Alias): string {
  if (given(alias.urn)) return alias.urn;
  const { spec = {} } = alias;
  const [stack, project] = stackAndProject(resource.urn);
  const parent = spec.noparent === true ? "" : given(spec.parenturn) ? spec.parenturn : resource.parent;
  return formUrn(
    given(spec.stack) ? spec.stack : stack,
    given(spec.project) ? spec.project : project,
    parent,
    given(spec.type) ? spec.type : resource.type,
    given(spec.name) ? spec.name : resource.name,
  );
}

/** A child that carries its parent's name in front had the old name in front. */
function inheritedName(name: string, parent: string, oldParent: string): string {
  return name.startsWith(parent) ? oldParent + name.slice(parent.length) : name;
}

/** What the resource was called, of its own aliases and of its parent's move. */
function oldUrns(resource: PlannedResource, movedFrom: ReadonlyMap<string, string>): string[] {
  const given = resource.options["aliases"];
  const own = (Array.isArray(given) ? (given as Alias[]) : []).map((alias) => aliasUrn(resource, alias));
  const oldParent = movedFrom.get(resource.parent);
  if (oldParent === undefined) return own;
  const [stack, project] = stackAndProject(oldParent);
  const parentNames = [nameOf(resource.parent), nameOf(oldParent)] as const;
  const inherited = [resource.urn, ...own].map((urn) =>
    formUrn(stack, project, oldParent, typeOf(urn), inheritedName(nameOf(urn), ...parentNames)),
  );
  return [...own, ...inherited];
}

/**
 * Resources that go on under another URN, by aliases of their own or of their parents: old URN by new.
 * Source: pulumi/pulumi, `pkg/resource/deploy/step_generator.go`, `generateAliases`, and `InheritedChildAlias`.
 */
export function movesOf(before: readonly PlannedResource[], after: readonly PlannedResource[]): Map<string, string> {
  const then = new Set(before.map(({ urn }) => urn));
  const moves = new Map<string, string>();
  const taken = new Set(after.map(({ urn }) => urn));
  for (const resource of after) {
    if (then.has(resource.urn)) continue;
    const old = oldUrns(resource, moves).find((urn) => then.has(urn) && !taken.has(urn));
    if (old === undefined) continue;
    moves.set(resource.urn, old);
    taken.add(old);
  }
  return moves;
}
