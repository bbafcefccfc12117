import { isMap, type Value, type Values } from "../../sandbox/values";
import { type PlannedResource } from "../run";
import { namedPrincipals, type Principal } from "./principals";
import { list, parsed, strings, textsOf, type ResourceIndex } from "./resources";

/** One statement that allows something to someone. */
export interface Grant {
  readonly principal: Principal;
  readonly actions: readonly string[];
  /** All but `actions`. */
  readonly except: boolean;
  /** Of the statement's `Resource`; for a resource's own policy, what holds it. */
  readonly resources: readonly string[];
  /** For a resource's own policy. */
  readonly holder?: PlannedResource;
  readonly conditions: readonly string[];
  /** The policy. */
  readonly source: PlannedResource;
}

function allowed(document: Value | undefined): Values[] {
  const whole = parsed(document);
  if (!isMap(whole)) return [];
  return list(whole["Statement"])
    .filter((statement) => isMap(statement))
    .filter(({ Effect: effect }) => effect === "Allow");
}

function conditionsOf(statement: Values): string[] {
  const condition = statement["Condition"];
  if (!isMap(condition)) return [];
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isMap(keys) ? Object.entries(keys).map(([key, value]) => `${operator} ${key} ${textsOf(value).join(", ")}`) : [],
  );
}

function grant(statement: Values, principal: Principal, source: PlannedResource): Grant {
  const [not, some] = [strings(statement["NotAction"]), strings(statement["Action"])];
  const resources = statement["NotResource"] === undefined ? strings(statement["Resource"]) : ["*"];
  const actions = not.length > 0 ? not : some;
  return { principal, actions, except: not.length > 0, resources, conditions: conditionsOf(statement), source };
}

/** Resources that an input of a policy or an attachment leads to. */
function referenced(resource: PlannedResource, property: string, index: ResourceIndex): PlannedResource[] {
  const named = strings(resource.inputs[property]).flatMap((text) => index.named(text) ?? []);
  const urns = resource.propertyDependencies[property] ?? [];
  return named.length > 0 ? named : urns.flatMap((urn) => index.byUrn.get(urn) ?? []);
}

type Roles = ReadonlyMap<string, Principal>;

/** What an attachment brings: the document of a policy of the plan, or one of AWS's own by its name alone. */
function attached(resource: PlannedResource, property: string, principal: Principal, index: ResourceIndex): Grant[] {
  return list(resource.inputs[property]).flatMap((value) => {
    const text = typeof value === "string" ? value : "";
    const own = index.named(text);
    if (own !== undefined) return allowed(own.inputs["policy"]).map((statement) => grant(statement, principal, own));
    const name = `managed policy ${text.slice(text.lastIndexOf("/") + 1)}`;
    return [{ principal, actions: [name], except: false, resources: ["*"], conditions: [], source: resource }];
  });
}

function ofRole(resource: PlannedResource, roles: Roles, index: ResourceIndex): Grant[] {
  const { type, inputs } = resource;
  const principals = (property: string): Principal[] =>
    referenced(resource, property, index).flatMap((role) => roles.get(role.urn) ?? []);
  if (type === "aws:iam/rolePolicy:RolePolicy") {
    return principals("role").flatMap((principal) =>
      allowed(inputs["policy"]).map((s) => grant(s, principal, resource)),
    );
  }
  if (type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
    return principals("role").flatMap((principal) => attached(resource, "policyArn", principal, index));
  }
  const own = roles.get(resource.urn);
  if (own === undefined) return [];
  const inline = list(inputs["inlinePolicies"]).flatMap((policy) => (isMap(policy) ? allowed(policy["policy"]) : []));
  return [
    ...inline.map((statement) => grant(statement, own, resource)),
    ...attached(resource, "managedPolicyArns", own, index),
  ];
}

/** The resource that a policy of its own kind guards: what `bucket` or `queueUrl` names, else the resource itself. */
function holderOf(resource: PlannedResource, index: ResourceIndex): PlannedResource {
  const properties = [
    "bucket",
    "queueUrl",
    "arn",
    "secretArn",
    "repository",
    "keyId",
    "resourceArn",
    "function",
    "policyName",
  ];
  if (!/policy|permission/i.test(resource.type)) return resource;
  return properties.flatMap((property) => referenced(resource, property, index))[0] ?? resource;
}

function ofResource(resource: PlannedResource, roles: Roles, index: ResourceIndex): Grant[] {
  if (!resource.type.startsWith("aws:") || resource.type.startsWith("aws:iam/")) return [];
  const holder = holderOf(resource, index);
  const given = Object.entries(resource.inputs).flatMap(([, value]) =>
    typeof value === "string" ? allowed(value) : [],
  );
  const grants = given.flatMap((statement) =>
    namedPrincipals(statement["Principal"], roles, index).map((principal) => ({
      ...grant(statement, principal, resource),
      holder,
    })),
  );
  if (resource.type !== "aws:lambda/permission:Permission") return grants;
  const { action, principal, sourceArn } = resource.inputs;
  const key = typeof principal === "string" && principal.endsWith(".amazonaws.com") ? "Service" : "AWS";
  return namedPrincipals({ [key]: principal ?? "" }, roles, index).map((named) => ({
    principal: named,
    actions: strings(action),
    except: false,
    resources: [],
    holder,
    source: resource,
    conditions: strings(sourceArn).map((arn) => `ArnLike aws:SourceArn ${arn}`),
  }));
}

/** Every allowing statement of a plan: of roles' policies and of resources' own. Denials are not taken off. */
export function grantsOf(resources: readonly PlannedResource[], roles: Roles, index: ResourceIndex): Grant[] {
  return resources
    .filter(({ custom }) => custom)
    .flatMap((resource) => [...ofRole(resource, roles, index), ...ofResource(resource, roles, index)]);
}
