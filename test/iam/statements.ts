import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What AWS's Service Authorization Reference says of the services that components grant something of (extract.py). */
interface Service {
  /** ARN, with `${...}` for its parts, and condition keys, by resource type. */
  readonly resources: Readonly<Record<string, readonly [arn: string, conditions: readonly string[]]>>;
  /** Access level, resource types (`*`: required) and condition keys, by action. */
  readonly actions: Readonly<
    Record<string, readonly [level: string, types: readonly string[], conditions: readonly string[]]>
  >;
}

const { services } = JSON.parse(readFileSync(join(__dirname, "authorization.json"), "utf8")) as {
  services: Readonly<Record<string, Service>>;
};

export interface Statement {
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Actions that take a resource and are allowed on all, with the reason. */
const everywhere: Readonly<Record<string, string>> = {
  "cloudwatch:DescribeAlarms": "the chat shows any alarm of the account",
  "rds:DescribeExportTasks":
    "an export task has no ARN of its own; it is found by its snapshot's, which is not known before",
};

/** Actions with a wildcard, with the reason; every action that one stands for is checked. */
const wildcards: Readonly<Record<string, string>> = {
  "s3:DeleteObject*": "AWS: Aurora user guide, exporting cluster data to Amazon S3",
  "s3:GetObject*": "AWS: Aurora user guide, exporting cluster data to Amazon S3",
  "s3:PutObject*": "AWS: Aurora user guide, exporting cluster data to Amazon S3",
};

/** Keys that every request has, or that stand for any service. AWS: IAM user guide, "AWS global condition context keys". */
const globalKeys =
  /^aws:(Source(Arn|Account|OrgID|OrgPaths|Ip|Vpc|Vpce)|Principal(Arn|Account|OrgID|OrgPaths|Tag\/.+)|SecureTransport|RequestedRegion|ResourceAccount|ResourceOrgID|CalledVia|ViaAWSService|CurrentTime|userid|username)$/i;

/** Names in an ARN pattern that may hold a slash or a colon: paths, what is filed under paths, and times. */
const withSlashes =
  /(Path|Object|ObjectName|LogGroupName|LogStreamName|SecretId|RepositoryName|ParameterNameWithoutLeadingSlash|StreamLabel|SnapshotName|^ResourceId)$/;

/** Part of a pattern: a character, or a run of characters: any (`*` of a policy), or any but those that part an ARN. */
type Token = string | { readonly not: string };

const anything: Token = { not: "" };

/** What a policy names: `*` is anything. */
function policyTokens(text: string): Token[] {
  return [...text].map((character) => (character === "*" ? anything : character));
}

/** What an ARN of a resource type may be. */
function typeTokens(arn: string): Token[] {
  return arn.split(/(\$\{[^}]+\})/).flatMap((part): Token[] => {
    const name = /^\$\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) return policyTokens(part);
    return [{ not: withSlashes.test(name) ? "" : "/:" }];
  });
}

/** Whether some text fits both patterns. */
function overlap(left: readonly Token[], right: readonly Token[]): boolean {
  const known = new Map<string, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, false);
    const found = step(i, j);
    known.set(key, found);
    return found;
  };
  const step = (i: number, j: number): boolean => {
    const [a, b] = [left[i], right[j]];
    if (a === undefined && b === undefined) return true;
    // A run may be empty or over.
    if (typeof a === "object" && from(i + 1, j)) return true;
    if (typeof b === "object" && from(i, j + 1)) return true;
    if (a === undefined || b === undefined) return false;
    if (typeof a === "string" && typeof b === "string") return a === b && from(i + 1, j + 1);
    if (typeof a === "object" && typeof b === "object") return false;
    if (typeof a === "object") return !a.not.includes(b as string) && from(i, j + 1);
    return !(b as { not: string }).not.includes(a) && from(i + 1, j);
  };
  return from(0, 0);
}

/** Whether the resource that a policy names can be of the type: part by part, as `*` in an account is no table's name. */
export function isOfType(resource: string, arn: string): boolean {
  const [given, wanted] = [resource.split(":"), arn.split(":")];
  const heads = [0, 1, 2, 3, 4].every((i) => overlap(policyTokens(given[i] ?? ""), typeTokens(wanted[i] ?? "")));
  const tail = (parts: string[]): string => parts.slice(5).join(":");
  return heads && overlap(policyTokens(tail(given)), typeTokens(tail(wanted)));
}

const listed = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** What is wrong with a statement that allows something; nothing for one that denies. */
export function faultsOf(statement: Statement): string[] {
  if (statement.Effect !== "Allow") return [];
  if (statement.NotAction !== undefined || statement.NotResource !== undefined) return ["NotAction or NotResource"];
  const actions = listed(statement.Action);
  const resources = listed(statement.Resource);
  const faults: string[] = [];
  const used = new Set<string>();
  for (const action of actions) {
    const [prefix = "", name = ""] = action.split(":");
    const service = services[prefix];
    const names = service === undefined ? [] : namesOf(action, service);
    if (service === undefined) faults.push(`${action}: no service "${prefix}" in authorization.json; see extract.py`);
    else if (name.includes("*") && wildcards[action] === undefined) faults.push(`${action}: a wildcard`);
    else if (names.length === 0) {
      faults.push(`${action}: no such action; see extract.py for those of which only parts are kept`);
    }
    for (const one of faults.length > 0 ? [] : names) {
      const found = service?.actions[one];
      if (service === undefined || found === undefined) continue;
      faults.push(...faultsOfAction(`${prefix}:${one}`, service, found, { resources, statement, used }));
    }
  }
  const idle = resources.filter((resource) => !used.has(resource));
  return faults.length > 0
    ? faults
    : idle.map((resource) => `${resource}: no action of ${actions.join(", ")} takes it`);
}

/** The actions that a name stands for; IAM does not mind the case, we do. */
function namesOf(action: string, service: Service): string[] {
  const name = action.slice(action.indexOf(":") + 1);
  const pattern = new RegExp(`^${name.replaceAll("*", ".*")}$`);
  return Object.keys(service.actions).filter((one) => pattern.test(one));
}

interface Given {
  readonly resources: readonly string[];
  readonly statement: Statement;
  /** Collects the resources that an action takes. */
  readonly used: Set<string>;
}

function faultsOfAction(
  action: string,
  service: Service,
  [, marked, conditions]: Service["actions"][string],
  { resources, statement, used }: Given,
): string[] {
  const types = marked.map((type) => type.replace(/\*$/, ""));
  const matching = (type: string): string[] =>
    resources.filter((resource) => resource !== "*" && isOfType(resource, service.resources[type]?.[0] ?? ""));
  const onAll = types.length === 0 || everywhere[action] !== undefined;
  const taken = onAll ? resources.filter((resource) => resource === "*") : types.flatMap(matching);
  taken.forEach((resource) => used.add(resource));
  const wanted = types.length === 0 ? '"*", as it takes no resource' : types.join(" or ");
  const faults = taken.length > 0 ? [] : [`${action}: ${resources.join(", ")}; takes ${wanted}`];
  const keys = [...conditions, ...types.flatMap((type) => service.resources[type]?.[1] ?? [])].map(
    (key) => new RegExp(`^${key.replace(/\$\{[^}]+\}/g, ".+")}$`, "i"),
  );
  for (const key of Object.values(statement.Condition ?? {}).flatMap((operator) => Object.keys(operator))) {
    if (!globalKeys.test(key) && !keys.some((known) => known.test(key))) faults.push(`${action}: no condition ${key}`);
  }
  return faults;
}
