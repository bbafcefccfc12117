import { type Plan, type PlannedResource } from "../run";
import { grantsOf, type Grant } from "./grants";
import { rolesOf, type Principal } from "./principals";
import { ResourceIndex } from "./resources";
import { accountWide, categoryOf, rightsOf } from "./rights";
import { type Permission, type Reach, type Target } from "./types";
import { Ways } from "./ways";

/** Services whose rights are on the resources of another. */
const services: Readonly<Record<string, string>> = { "rds-db": "rds", "rds-data": "rds", "s3-object-lambda": "s3" };

/** What a statement lets someone do to one target. */
interface Aim {
  readonly target: Target;
  readonly wide: boolean;
  readonly actions: readonly string[];
}

function targetOf(resource: PlannedResource, index: ResourceIndex): Target {
  const { urn, name, type } = resource;
  return { urn, name, type, component: index.componentOf(resource).urn, category: categoryOf(type) };
}

/** What is not in the plan, by its ARN or as all that a service has. */
function elsewhere(name: string, service: string): Target {
  return { urn: "", name, type: service, component: "", category: "operations" };
}

function serviceOf(action: string): string {
  return action.includes(":") ? (action.split(":")[0] ?? "") : action;
}

/** A statement on `*`: the plan's data of each service that it has actions of, and whatever else there is. */
function everything({ actions, except }: Grant, index: ResourceIndex): Aim[] {
  const prefixes = except ? ["*"] : [...new Set(actions.map(serviceOf))];
  return prefixes.flatMap((prefix) => {
    const own = prefix === "*" ? actions : actions.filter((action) => serviceOf(action) === prefix);
    const aimed = except ? own : own.filter((action) => !accountWide.test(action));
    const found = prefix === "*" ? [...index.byUrn.values()] : index.ofService(services[prefix] ?? prefix);
    const data = aimed.length === 0 ? [] : found.filter(({ type }) => categoryOf(type) !== "operations");
    const rest = elsewhere(`any (${prefix})`, prefix);
    return [
      ...data.map((resource) => ({ target: targetOf(resource, index), wide: true, actions: aimed })),
      { target: rest, wide: aimed.length > 0, actions: own },
    ];
  });
}

/** What one entry of a statement's `Resource` covers. */
function aims(text: string, grant: Grant, index: ResourceIndex): Aim[] {
  const { holder, actions } = grant;
  if (text === "*" && holder === undefined) return everything(grant, index);
  if (text === "*" && holder !== undefined) return [{ target: targetOf(holder, index), wide: false, actions }];
  const covered = index.covered(text);
  if (covered.length === 0) {
    return [{ target: elsewhere(text, text.split(":")[2] ?? ""), wide: /[*?]/.test(text), actions }];
  }
  const wide = covered.length > 1;
  return covered.map((resource) => ({ target: targetOf(resource, index), wide, actions }));
}

interface Collected {
  readonly principal: Principal;
  readonly target: Target;
  readonly permissions: Permission[];
  wide: boolean;
}

/** One row for each pair of principal and target. */
function collect(grants: readonly Grant[], index: ResourceIndex): Collected[] {
  const rows = new Map<string, Collected>();
  for (const grant of grants) {
    const { principal, except, conditions, source } = grant;
    const given = grant.resources.length === 0 ? ["*"] : grant.resources;
    for (const { target, wide, actions } of given.flatMap((text) => aims(text, grant, index))) {
      const key = `${principal.id}\n${target.urn === "" ? target.name : target.urn}`;
      const row = rows.get(key) ?? { principal, target, permissions: [], wide: false };
      rows.set(key, row);
      const named = except ? actions.map((action) => `all but ${action}`) : actions;
      row.permissions.push({ actions: named, conditions, source: source.urn });
      row.wide ||= wide;
    }
  }
  return [...rows.values()];
}

function plain({ id, kind, name, component }: Principal): Reach["principal"] {
  return { id, kind, name, component };
}

/**
 * Who may do what on what, by the plan's IAM documents and security-group rules alone. Allowing statements only: denials,
 * boundaries and what an organization forbids are not taken off. Data that a program comes to by the network without a
 * right of IAM, such as a database with a password, is there without actions.
 */
export function accessMatrix(plan: Pick<Plan, "resources">): Reach[] {
  const index = new ResourceIndex(plan.resources);
  const roles = rolesOf(plan.resources, index);
  const ways = new Ways(plan.resources, index);
  const rows = collect(grantsOf(plan.resources, roles, index), index);
  const granted = rows.map(({ principal, target, permissions, wide }): Reach => {
    const actions = [...new Set(permissions.flatMap((permission) => permission.actions))].sort();
    const what = { actions, rights: rightsOf(actions), permissions, wide };
    return { principal: plain(principal), target, ...what, ...ways.to(principal, target) };
  });
  const known = new Set(rows.map(({ principal, target }) => `${principal.id}\n${target.urn}`));
  const byNetwork = [...roles.values()].flatMap((principal) =>
    ways
      .through(principal)
      .filter(({ resource }) => !known.has(`${principal.id}\n${resource.urn}`))
      .map(({ resource, path }): Reach => {
        const none = { actions: [], rights: [], permissions: [], wide: false };
        return { principal: plain(principal), target: targetOf(resource, index), ...none, network: "path", path };
      }),
  );
  return [...granted, ...byNetwork];
}
