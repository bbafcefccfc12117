import type { PolicyResource } from "@pulumi/policy";

import { rememberedInputs } from "./memory";
import { Value, listening } from "./value";

/** One resource as a stack rule sees it: its inputs, completed by its outputs. */
export interface Node {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Value;
  /** The resource was only read (`Bucket.get`): others may refer to it, but it is not this stack's to judge. */
  readonly external: boolean;
  readonly resource: PolicyResource;
}

/** Outputs by which another resource names this one. */
const identities = ["id", "arn", "url", "bucket", "bucketDomainName", "bucketRegionalDomainName"];

/**
 * The resources of a stack and what refers to what. A link is a property dependency, which the engine knows even
 * where the ids are unknown; where there is none (hard-coded names, imported state) equal values link as well.
 */
export class Stack {
  private readonly nodes: readonly Node[];

  constructor(resources: readonly PolicyResource[]) {
    // What is read is never analysed. With every resource rule switched off nothing is, and that says nothing.
    const analysed = resources.some((resource) => rememberedInputs(resource.urn) !== undefined);
    // The engine hands them over as they happened to be made: a rule that reports the first one has to find the same each time.
    const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    this.nodes = sorted.map((resource) => {
      const { urn, type, name, props } = resource;
      const inputs = rememberedInputs(urn);
      const external = analysed && inputs === undefined;
      return {
        urn,
        type,
        name,
        props: inputs === undefined ? Value.of(props, "", urn) : Value.layered(inputs, props, urn),
        external,
        resource,
      };
    });
  }

  /** The stack's own resources of these types. */
  ofType(types: readonly string[]): Node[] {
    return this.nodes.filter((node) => !node.external && types.includes(node.type));
  }

  /** Resources of these types that `from` refers to in `property`. */
  targets(from: Node, property: string, types: readonly string[]): Node[] {
    return this.nodes.filter((to) => types.includes(to.type) && links(from, property, to));
  }

  /** Resources of these types that refer to `to` in `property`. */
  referrers(to: Node, property: string, types: readonly string[]): Node[] {
    return this.nodes.filter((from) => types.includes(from.type) && links(from, property, to));
  }

  /**
   * As `targets`, for what must not be guessed: the resources that the property's values name, or, where a value is
   * unknown, those that it depends on, if they are as many as the values. An output that was picked from those of many
   * resources (awsx: the isolated subnets among all) depends on every one of them, and says nothing.
   */
  exactTargets(from: Node, property: string, types: readonly string[]): Node[] {
    const candidates = this.nodes.filter((to) => types.includes(to.type));
    return silently(() => {
      const values = from.props.dig(property).items();
      const known = values.length > 0 && values.every((value) => !value.unknown);
      if (known) {
        const names = values.map((value) => value.text);
        return candidates.filter((to) => {
          const id = to.props.dig("id").text;
          return id !== undefined && names.includes(id);
        });
      }
      const dependencies = from.resource.propertyDependencies[property] ?? [];
      const found = candidates.filter((to) => dependencies.some((dependency) => dependency.urn === to.urn));
      return found.length <= Math.max(1, values.length) ? found : [];
    });
  }
}

function links(from: Node, property: string, to: Node): boolean {
  const dependencies = from.resource.propertyDependencies[property] ?? [];
  if (dependencies.some((dependency) => dependency.urn === to.urn)) return true;
  // An output of a remote component (awsx) may name the component in place of the child that it came from.
  const direct = dependencies.some((dependency) => dependency.type === to.type);
  if (!direct && dependencies.some((dependency) => contains(dependency, to.resource))) return true;
  return silently(() => {
    const named = from.props.dig(property).strings();
    return identities.some((identity) => {
      const value = to.props.dig(identity).text ?? "";
      return value !== "" && named.some((name) => name === value || name.startsWith(`${value}/`));
    });
  });
}

/** A link is known by its dependency: that the ids are not known is no gap in what a rule has read. */
function silently<T>(work: () => T): T {
  return listening(() => undefined, work);
}

function contains(ancestor: PolicyResource, resource: PolicyResource): boolean {
  for (let above = resource.parent; above !== undefined; above = above.parent) {
    if (above.urn === ancestor.urn && above.type !== "pulumi:pulumi:Stack") return true;
  }
  return false;
}
