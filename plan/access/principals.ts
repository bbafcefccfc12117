import { isMap, type Value } from "../../sandbox/values";
import { type PlannedResource } from "../run";
import { list, parsed, strings, textsOf, type ResourceIndex } from "./resources";

/** Who acts: a program that runs as a role, or someone outside whom a resource's own policy admits. */
export type PrincipalKind =
  | "task"
  | "task start"
  | "function"
  | "schedule"
  | "state machine"
  | "job"
  | "delivery"
  | "deployment"
  | "role"
  | "user"
  | "service"
  | "account"
  | "everyone";

export interface Principal {
  /** URN of the role, or what the policy calls the principal. */
  readonly id: string;
  readonly kind: PrincipalKind;
  /** As a reader knows it: the role's name in the program, a service's name. */
  readonly name: string;
  /** URN of the component; empty for someone outside. */
  readonly component: string;
  /** Resources that run as the role. */
  readonly runs: readonly PlannedResource[];
}

const kindsByService: Readonly<Record<string, PrincipalKind>> = {
  "ecs-tasks": "task",
  lambda: "function",
  scheduler: "schedule",
  states: "state machine",
  glue: "job",
  firehose: "delivery",
};

const roleType = "aws:iam/role:Role";

function trusted(role: PlannedResource, key: string): string[] {
  const document = parsed(role.inputs["assumeRolePolicy"]);
  if (!isMap(document)) return [];
  return list(document["Statement"]).flatMap((statement) => {
    const principal = isMap(statement) ? statement["Principal"] : undefined;
    return isMap(principal) ? strings(principal[key]) : [];
  });
}

function kindOf(role: PlannedResource, runs: readonly PlannedResource[]): PrincipalKind {
  if (trusted(role, "Federated").length > 0) return "deployment";
  const [service = ""] = trusted(role, "Service");
  const kind = kindsByService[service.split(".")[0] ?? ""] ?? "role";
  const starts = runs.some(({ inputs }) => inputs["executionRoleArn"] === role.computed?.["arn"]);
  return kind === "task" && starts ? "task start" : kind;
}

/** What runs as a role: what names it, rights and policies left out. */
function runnersOf(role: PlannedResource, resources: readonly PlannedResource[]): PlannedResource[] {
  const names = new Set([role.computed?.["arn"], role.id].filter((name): name is string => typeof name === "string"));
  return resources.filter(({ type, inputs, propertyDependencies }) => {
    if (!type.startsWith("aws:") || type.startsWith("aws:iam/")) return false;
    return Object.entries(propertyDependencies).some(
      ([property, urns]) => urns.includes(role.urn) && textsOf(inputs[property]).some((text) => names.has(text)),
    );
  });
}

/** The roles of a plan, each with what runs as it. */
export function rolesOf(resources: readonly PlannedResource[], index: ResourceIndex): Map<string, Principal> {
  const roles = resources.filter(({ type }) => type === roleType);
  return new Map(
    roles.map((role) => {
      const runs = runnersOf(role, resources);
      const component = index.componentOf(role).urn;
      return [role.urn, { id: role.urn, kind: kindOf(role, runs), name: role.name, component, runs }];
    }),
  );
}

function outsider(id: string, kind: PrincipalKind): Principal {
  return { id, kind, name: id, component: "", runs: [] };
}

/** Whom the `Principal` of a resource's own policy names. */
export function namedPrincipals(
  value: Value | undefined,
  roles: ReadonlyMap<string, Principal>,
  index: ResourceIndex,
): Principal[] {
  if (value === "*") return [outsider("everyone", "everyone")];
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, names]) =>
    strings(names).map((name) => {
      if (key === "Service") return outsider(name, "service");
      if (name === "*") return outsider("everyone", "everyone");
      const role = index.named(name);
      return (role && roles.get(role.urn)) ?? outsider(name, "account");
    }),
  );
}
