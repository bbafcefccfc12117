import { type Plan, type PlannedResource } from "../run";
import { shortType, stackType } from "../urn";
import { componentMarks, type Mark } from "./marks";
import { owners } from "./owners";
import { type Tier, tierOf } from "./tiers";

/** A component of the stack, or a resource that belongs to none; inside a component, one of its resources. */
export interface Node {
  readonly urn: string;
  readonly name: string;
  /** Class name of a component, AWS type of a resource: `WebService`, `s3/bucket`. */
  readonly kind: string;
  /** Absent inside a component, whose resources have no rows. */
  readonly tier?: Tier;
  /** Resources in the cloud, itself included. */
  readonly resources: number;
  /** What a change makes of it. */
  readonly mark: Mark | undefined;
  /** Findings of the policies, by level. */
  readonly mandatory: number;
  readonly advisory: number;
}

/** What goes from one node to another: a request, a right that is used. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `uses` by IAM rights or settings, `reaches` over the network, `serves` traffic; `rests` on a foundation. */
  readonly kinds: readonly EdgeKind[];
}

export type EdgeKind = "uses" | "reaches" | "serves" | "rests";

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Settings that only place, watch or scale a resource. */
const aside =
  /^aws:(cloudwatch\/metricAlarm|appautoscaling\/\w+|cloudwatch\/logGroup|kms\/\w+):|^aws:ec2\/securityGroup:/;
/** Properties by which a resource sends its logs to a bucket. */
const logs = /^(targetBucket|logDestination|accessLogs|connectionLogs|deliveryDestinationConfiguration)$/;
const network = /^aws:(vpc\/securityGroup\w+Rule|ec2\/securityGroupRule):/;
const traffic =
  /^aws:(cloudfront\/vpcOrigin|lb\/listenerRule|lambda\/eventSourceMapping|scheduler\/schedule|cloudwatch\/eventTarget):/;

function kindOf(from: PlannedResource, property: string): EdgeKind {
  if (logs.test(property) || aside.test(from.type)) return "rests";
  if (network.test(from.type)) return "reaches";
  return traffic.test(from.type) ? "serves" : "uses";
}

/** Whether what is named comes to the one who names it: a rule names its listener, and the listener sends to the rule's target. */
function comesFrom(from: PlannedResource, property: string): boolean {
  if (/^aws:(lb\/listenerRule|lambda\/eventSourceMapping):/.test(from.type)) return true;
  if (from.type.startsWith("aws:vpc/securityGroupIngressRule:")) return property === "referencedSecurityGroupId";
  return from.type.startsWith("aws:vpc/securityGroupEgressRule:") && property === "securityGroupId";
}

/** The stack as a graph of its components, read from the plan alone: parents, and which property came from what. */
export function graphOf(plan: Plan): Graph {
  const shown = plan.resources.filter(({ type }) => type !== stackType && !type.startsWith("pulumi:providers:"));
  const byUrn = new Map(shown.map((resource) => [resource.urn, resource]));
  const owner = owners(shown);
  const members = new Map<string, PlannedResource[]>();
  for (const resource of shown) {
    const top = owner.get(resource.urn) ?? resource.urn;
    members.set(top, [...(members.get(top) ?? []), resource]);
  }
  const found = findingsAt(plan, (urn) => owner.get(urn) ?? urn);
  const marked = componentMarks(plan, (urn) => owner.get(urn) ?? urn);
  const named = edgesOf(shown, owner);
  const tierBy = new Map([...members].map(([urn, own]) => [urn, tierWithin(urn, own, named)]));
  const isFoundation = (urn: string): boolean => tierBy.get(urn) === "foundations";
  // Everything rests on the foundations; drawn as use, they would hide the rest.
  const edges = oneWay(named).map((edge) =>
    isFoundation(edge.to) || isFoundation(edge.from) ? { ...edge, kinds: ["rests" as const] } : edge,
  );
  // A component without a resource of its own, such as a warehouse that is the lake's, has no place.
  const filled = [...members].filter(([, own]) => own.some(({ custom }) => custom));
  const nodes = filled.map(([urn, own]): Node => {
    const top = byUrn.get(urn) as PlannedResource;
    return {
      urn,
      name: top.name,
      kind: shortType(top),
      tier: tierBy.get(urn) ?? "foundations",
      mark: marked.get(urn),
      resources: own.filter(({ custom }) => custom).length,
      ...found(urn),
    };
  });
  return { nodes, edges };
}

type Found = Pick<Node, "mandatory" | "advisory">;
const none: Found = { mandatory: 0, advisory: 0 };

/** How many findings of each level stand at a node; `at` says at which node a resource's do. */
export function findingsAt({ violations }: Plan, at: (urn: string) => string): (node: string) => Found {
  const counts = new Map<string, Found>();
  for (const { urn, level } of violations) {
    const { mandatory, advisory } = counts.get(at(urn)) ?? none;
    counts.set(at(urn), {
      mandatory: mandatory + Number(level === "mandatory"),
      advisory: advisory + Number(level === "advisory"),
    });
  }
  return (node) => counts.get(node) ?? none;
}

/** A bucket that only takes logs is a foundation, not data. */
function tierWithin(urn: string, own: readonly PlannedResource[], edges: readonly Edge[]): Tier {
  const tier = tierOf(own.map(({ type }) => type));
  const incoming = edges.filter(({ to }) => to === urn);
  const takesLogs = incoming.length > 0 && incoming.every(({ kinds }) => kinds.every((kind) => kind === "rests"));
  return tier === "data" && takesLogs && onlyBuckets(own) ? "foundations" : tier;
}

/** Where the network alone answers what is used the other way, one arrow says it. */
function oneWay(edges: readonly Edge[]): Edge[] {
  const uses = new Set(
    edges.filter(({ kinds }) => kinds.some((kind) => kind !== "reaches")).map(({ from, to }) => `${from} ${to}`),
  );
  return edges.filter(({ from, to, kinds }) => kinds.some((kind) => kind !== "reaches") || !uses.has(`${to} ${from}`));
}

function onlyBuckets(resources: readonly PlannedResource[]): boolean {
  return resources.every(({ type, custom }) => !custom || type.startsWith("aws:s3/"));
}

function edgesOf(resources: readonly PlannedResource[], owner: ReadonlyMap<string, string>): Edge[] {
  const kinds = new Map<string, { from: string; to: string; kinds: Set<EdgeKind> }>();
  for (const resource of resources) {
    const from = owner.get(resource.urn) ?? resource.urn;
    for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
      for (const urn of urns) {
        const other = owner.get(urn);
        if (other === undefined || other === from) continue;
        const [source, target] = comesFrom(resource, property) ? [other, from] : [from, other];
        const edge = kinds.get(`${source} ${target}`) ?? { from: source, to: target, kinds: new Set() };
        edge.kinds.add(kindOf(resource, property));
        kinds.set(`${source} ${target}`, edge);
      }
    }
  }
  return [...kinds.values()].map((edge) => {
    const found = [...edge.kinds];
    // What is used also rests: the arrow says the stronger.
    return { ...edge, kinds: found.length > 1 ? found.filter((kind) => kind !== "rests") : found };
  });
}
