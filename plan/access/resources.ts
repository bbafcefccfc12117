import { type Value } from "../../sandbox/values";
import { type PlannedResource } from "../run";

/** Every text in a value. */
export function textsOf(value: Value | undefined): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** Shorter texts are too common to name one resource. */
const shortestToken = 8;

/** Whether `whole` holds `part` between boundaries, so that `api` is not found in `api-migration`. */
export function holds(whole: string, part: string): boolean {
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
    if (!/[\w-]/.test(whole[at - 1] ?? "") && !/[\w-]/.test(whole[at + part.length] ?? "")) return true;
  }
  return false;
}

function pattern(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** Where an ARN is: every resource of a stack has these, and they name none. */
function place(arn: string): string[] {
  return arn.split(":").slice(3, 5);
}

/** Finds the resource that an ARN, an id or a name of a plan belongs to. */
export class ResourceIndex {
  readonly byUrn: ReadonlyMap<string, PlannedResource>;
  /** By the ARN of the resource itself. */
  private readonly arns = new Map<string, PlannedResource>();
  /** By ARNs that a resource brings with it, such as that of the secret of its password. */
  private readonly brought = new Map<string, PlannedResource>();
  private readonly tokens = new Map<string, PlannedResource>();

  constructor(resources: readonly PlannedResource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const real = resources.filter(({ custom }) => custom);
    // What a resource is called comes before what it merely mentions, such as a key's ARN.
    for (const resource of real) this.learn(resource, textsOf(resource.computed?.["arn"]), this.arns);
    for (const resource of real) this.learn(resource, [resource.id ?? ""], this.arns);
    for (const resource of real) this.learn(resource, textsOf(resource.computed ?? {}), this.brought);
    for (const resource of real) {
      const filled = list(resource.inputs["__defaults"]).filter((key) => typeof key === "string");
      this.learn(
        resource,
        filled.flatMap((key) => textsOf(resource.inputs[key])),
        this.brought,
      );
    }
    for (const text of [...this.arns.keys()].flatMap(place)) this.tokens.delete(text);
  }

  private learn(resource: PlannedResource, texts: readonly string[], arns: Map<string, PlannedResource>): void {
    for (const text of texts) {
      const known = text.startsWith("arn:") ? arns : this.tokens;
      if (text.length >= shortestToken && !known.has(text)) known.set(text, resource);
    }
  }

  /** The resource of an exact ARN, id or made-up name. */
  named(text: string): PlannedResource | undefined {
    return this.arns.get(text) ?? this.brought.get(text) ?? this.tokens.get(text);
  }

  /** Resources that the `Resource` of a statement covers: the object, what is inside it, or all that a pattern fits. */
  covered(text: string): PlannedResource[] {
    const exact = this.named(text);
    if (exact !== undefined) return [exact];
    const fits = /[*?]/.test(text) ? pattern(text) : undefined;
    const found = new Set<PlannedResource>();
    for (const [arn, resource] of this.arns) {
      const inside = text.startsWith(arn) && /^[/:]/.test(text.slice(arn.length));
      if (inside || fits?.test(arn) === true) found.add(resource);
    }
    if (found.size > 0) return [...found];
    const tokens = [...this.tokens].filter(([token]) => holds(text, token));
    const longest = Math.max(0, ...tokens.map(([token]) => token.length));
    return tokens.filter(([token]) => token.length === longest).map(([, resource]) => resource);
  }

  /** Resources of one service, as IAM calls it. */
  ofService(service: string): PlannedResource[] {
    const found = new Set<PlannedResource>();
    for (const [arn, resource] of this.arns) if (arn.split(":")[2] === service) found.add(resource);
    return [...found];
  }

  /** The nearest component above a resource; the resource itself where it has none. */
  componentOf(resource: PlannedResource): PlannedResource {
    for (let up = this.byUrn.get(resource.parent); up !== undefined; up = this.byUrn.get(up.parent)) {
      if (!up.custom && up.type !== "pulumi:pulumi:Stack") return up;
    }
    return resource;
  }
}

/** A document in an input, as text or as a structure. */
export function parsed(value: Value | undefined): Value | undefined {
  if (typeof value !== "string") return value;
  if (!/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return undefined;
  }
}

export function list(value: Value | undefined): Value[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

export function strings(value: Value | undefined): string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}
