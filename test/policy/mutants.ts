import { environments, levelIn } from "../../policy/lib/environment";
import type { Rule } from "../../policy/lib/rule";
import { type Finding, type Props, type Setting, StackBuilder, UNKNOWN, analyse, outcome, urnOf } from "./harness";
import { type Break, type Case, EMPTIED, type Proof, type Resource, type Where } from "./proof";

/** A resource of a case with the one type that it has in this run. */
interface Placed extends Omit<Resource, "type"> {
  readonly type: string;
}
type Placement = Readonly<Record<string, Placed>>;

/** A changed case, and what the rule must say of it: `resource: path`, as often as it is expected; nothing if it complies. */
export interface Mutant {
  readonly what: string;
  readonly kind: "compliant" | "broken" | "unknown" | "foreign";
  readonly rule: Rule;
  readonly stack: string;
  readonly config: Props;
  readonly resources: Placement;
  readonly expected: readonly string[];
  /** Property that the rule must count as one that it could not read: `resource: path`. */
  readonly unread?: string;
}

/** What is expected of a broken property, on the resource that it belongs to. */
interface Broken {
  readonly what: string;
  readonly owner: string;
  readonly top: string;
  readonly path: string;
  readonly needs: readonly string[];
  readonly resources: Placement;
  readonly expected: readonly string[];
}

export function mutantsOf({ rule, cases }: Proof): Mutant[] {
  return cases.flatMap((one) => placements(one.resources).flatMap((resources) => mutantsOfCase(rule, one, resources)));
}

/**
 * The proof as a first preview shows its cases: what names another resource is unknown, and the dependency alone says
 * which one it is.
 */
export function previewed({ rule, cases }: Proof): Proof {
  const shown = (resource: Resource): Resource => {
    const naming = Object.keys(resource.links ?? {}).filter((key) => typeof resource.inputs[key] !== "object");
    return { ...resource, inputs: { ...resource.inputs, ...Object.fromEntries(naming.map((key) => [key, UNKNOWN])) } };
  };
  return { rule, cases: cases.map((one) => ({ ...one, resources: map(one.resources, shown) })) };
}

function mutantsOfCase(rule: Rule, { stack = strictest(rule), config = {} }: Case, given: Placement): Mutant[] {
  const all = map(given, (resource) => ({
    ...resource,
    breaks: completed(resource),
  }));
  const resources = Object.fromEntries(Object.entries(all).filter(([, { added }]) => added === undefined));
  const mutant = (what: string, kind: Mutant["kind"], changed: Placement, expected: readonly string[] = []): Mutant => {
    return { what, kind, rule, stack, config, resources: changed, expected };
  };
  const unknown = (owner: string, at: Break, path: string): Mutant => {
    const reported = at.evenUnknown === true && path === at.path;
    const expected = reported ? [where(owner, at, spoken(at.path))] : [];
    const one = mutant(`${owner}.${path} unknown`, "unknown", changed(resources, owner, path, UNKNOWN), expected);
    const { [path]: read = spoken(path) } = at.unread ?? {};
    return reported || read === false ? one : { ...one, unread: `${owner}: ${read}` };
  };
  const broken = [...allBroken(resources), ...additions(all)];
  const breaks = Object.entries(resources).flatMap(([owner, { breaks: own = [] }]) => own.map((at) => ({ owner, at })));
  return [
    mutant("as it is", "compliant", resources),
    ...breaks.flatMap(({ owner, at }) =>
      at.passes.map((value) =>
        mutant(`${owner}.${at.path} = ${show(value)}`, "compliant", changed(resources, owner, at.path, value)),
      ),
    ),
    ...broken.map((one) => mutant(one.what, "broken", one.resources, one.expected)),
    ...breaks.flatMap(({ owner, at }) => unknowns(at.path).map((path) => unknown(owner, at, path))),
    // One property is unknown and another is broken: the second must still be found.
    ...breaks.flatMap(({ owner, at }) =>
      firstOfEach(broken)
        .filter((other) => independent(owner, at, other))
        .map((other) =>
          mutant(
            `${owner}.${at.path} unknown and ${other.what}`,
            "unknown",
            changed(other.resources, owner, unknowns(at.path).at(-1) ?? at.path, UNKNOWN),
            other.expected,
          ),
        ),
    ),
    // The same faults on a type that the rule does not concern.
    mutant("another type", "foreign", retyped(resources)),
    ...broken.map((one) => mutant(`another type, ${one.what}`, "foreign", retyped(one.resources))),
  ];
}

/**
 * The properties with each way of saying nothing: removed, null, emptied. A proof says it of one and means all three;
 * where it says none, the rule has nothing to find.
 */
function completed({ inputs, breaks = [] }: Placed): Break[] {
  return breaks.map((at) => {
    // A list's element is removed or there, and options are no properties.
    if (at.path.startsWith("@") || at.path.endsWith("]")) return at;
    const own = [...at.broken, ...at.passes].some(saysNothing);
    const others = breaks.filter((other) => other !== at && other.path === at.path);
    if (!own && others.some((other) => [...other.broken, ...other.passes].some(saysNothing))) return at;
    const present = valueAt(inputs, at.path);
    const sample = [present, ...at.passes, ...at.broken].find((value) => !saysNothing(value));
    const holds = typeof sample === "string" || typeof sample === "object";
    const nothing = [undefined, null, ...(holds ? [saysNothing(present) ? emptyOf(sample) : EMPTIED] : [])];
    const unsaid = nothing.filter((value) => !at.broken.includes(value) && !at.passes.includes(value));
    return at.broken.some(saysNothing)
      ? { ...at, broken: [...at.broken, ...unsaid] }
      : { ...at, passes: [...at.passes, ...unsaid] };
  });
}

const saysNothing = (value: unknown): boolean => value === undefined || value === null || value === EMPTIED;

/** One placement for each twin: all resources take the same place in their lists, the last one again where a list ends. */
function placements(resources: Readonly<Record<string, Resource>>): Placement[] {
  const lists = Object.values(resources).map(({ type }) => (typeof type === "string" ? [type] : type));
  const count = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: count }, (_, index) =>
    map(resources, (resource) => {
      const twins = typeof resource.type === "string" ? [resource.type] : resource.type;
      return { ...resource, type: twins[Math.min(index, twins.length - 1)] ?? "" };
    }),
  );
}

function allBroken(resources: Placement): Broken[] {
  return Object.entries(resources).flatMap(([owner, resource]) => [
    ...(resource.breaks ?? []).flatMap((at) =>
      at.broken.map((value) => ({
        what: `${owner}.${at.path} = ${show(value)}`,
        owner,
        path: at.path,
        top: topOf(at.path),
        needs: at.needs ?? [],
        resources: changed(resources, owner, at.path, value),
        expected: times(at.findings, where(owner, at, spoken(at.path))),
      })),
    ),
    ...(resource.needed === undefined ? [] : missing(resources, owner, resource.needed)),
  ]);
}

function missing(resources: Placement, owner: string, needed: Where): Broken[] {
  const { links = {}, ...unlinked } = resources[owner] as Placed;
  const entries = Object.entries(resources);
  const gone = Object.fromEntries(entries.filter(([name]) => name !== owner));
  const expected = times(needed.findings, where(owner, needed, ""));
  const common = { owner, path: "", top: "", needs: needed.needs ?? [], expected };
  const broken = [{ ...common, what: `no ${owner}`, resources: gone }];
  if (Object.keys(links).length === 0) return broken;
  // What was unknown for the sake of the link goes with it.
  const known = Object.entries(unlinked.inputs).filter(([key, value]) => !(key in links && value === UNKNOWN));
  const alone = { ...unlinked, inputs: Object.fromEntries(known) };
  return [...broken, { ...common, what: `${owner} beside it`, resources: { ...resources, [owner]: alone } }];
}

/** The case with one of the resources that must not be there. */
function additions(all: Placement): Broken[] {
  const compliant = Object.entries(all).filter(([, { added }]) => added === undefined);
  return Object.entries(all).flatMap(([owner, resource]) => {
    if (resource.added === undefined) return [];
    const resources = Object.fromEntries([...compliant, [owner, resource]]);
    const expected = [where(owner, resource.added, "")];
    const needs = resource.added.needs ?? [];
    return [{ what: `with ${owner}`, owner, path: "", top: "", needs, resources, expected }];
  });
}

function times(count = 1, place: string): string[] {
  return Array.from({ length: count }, () => place);
}

function where(owner: string, { on = owner, at }: Where, path: string): string {
  return `${on}: ${at ?? path}`;
}

/** Whether a property that is unknown leaves the other broken one to be judged. */
function independent(owner: string, at: Break, other: Broken): boolean {
  if (owner !== other.owner) return !other.needs.some((need) => overlaps(need, `${owner}.${at.path}`));
  const top = topOf(at.path);
  if (at.evenUnknown === true || other.path === "" || at.path.startsWith("@")) return false;
  if (at.path.includes(">") && top === other.top) return false;
  if (other.needs.some((need) => overlaps(need, at.path))) return false;
  return !overlaps(at.path, other.path);
}

function overlaps(one: string, other: string): boolean {
  const inside = (inner: string, outer: string): boolean =>
    inner === outer || (inner.startsWith(outer) && /[.[>]/.test(inner.charAt(outer.length)));
  return inside(one, other) || inside(other, one);
}

function firstOfEach(broken: readonly Broken[]): Broken[] {
  const key = ({ owner, path, what }: Broken): string => (path === "" ? what : `${owner}.${path}`);
  return [...new Map([...broken].reverse().map((one) => [key(one), one])).values()];
}

/** The property and each level above it; for what is inside JSON text, the text. Options are never unknown. */
function unknowns(path: string): string[] {
  if (path.startsWith("@")) return [];
  const outer = path.split(">")[0] ?? path;
  const steps = keysOf(outer);
  return steps.map((_, index) => joined(steps.slice(0, index + 1)));
}

/** What a rule says of a mutant, each as `resource: ...`. */
export interface Verdict {
  readonly findings: readonly string[];
  /** Properties that it could not read. */
  readonly unread: readonly string[];
}

export function verdictOn({ rule, stack, config, resources }: Mutant): Verdict {
  return "validateStack" in rule ? ofStack(rule, stack, config, resources) : ofEach(rule, stack, config, resources);
}

function ofEach(rule: Rule, stack: string, config: Props, resources: Placement): Verdict {
  const verdicts = Object.entries(resources).map(([name, { type, inputs, provider, options = {} }]) => {
    const setting: Setting = { stack, config, ...(provider !== undefined && { provider }), ...options };
    const findings = analyse(rule, type, inputs, setting);
    return {
      findings: typeof findings === "string" ? [] : findings.map(({ message }) => `${name}: ${message}`),
      unread: outcome().unread.map(({ path }) => `${name}: ${path}`),
    };
  });
  return {
    findings: verdicts.flatMap(({ findings }) => findings),
    unread: verdicts.flatMap(({ unread }) => unread),
  };
}

function ofStack(rule: Rule, stack: string, config: Props, resources: Placement): Verdict {
  const builder = new StackBuilder(stack);
  for (const [name, { type, inputs, outputs, parent, links = {}, options }] of Object.entries(resources)) {
    const present = Object.entries(links).flatMap(([key, to]) => {
      const names = (typeof to === "string" ? [to] : [...to]).filter((target) => target in resources);
      return names.length === 0 ? [] : [[key, names] as const];
    });
    builder.add(type, name, inputs, {
      links: Object.fromEntries(present),
      ...(outputs !== undefined && { outputs }),
      ...(parent !== undefined && { parent }),
      ...(options !== undefined && { options }),
    });
  }
  const findings: Finding[] | string = builder.check(rule, config);
  if (typeof findings === "string") return { findings: [], unread: [] };
  const urns = new Map(Object.entries(resources).map(([name, { type }]) => [urnOf(type, name, stack), name]));
  const on = (urn = ""): string => urns.get(urn) ?? urn;
  return {
    findings: findings.map(({ urn, message }) => `${on(urn)}: ${message}`),
    unread: outcome().unread.map(({ urn, path }) => `${on(urn)}: ${path}`),
  };
}

/** Whether the rule said what is expected of the mutant: those places, as often, and no other; and what it did not read. */
export function isKilled(mutant: Mutant): boolean {
  const { findings, unread } = verdictOn(mutant);
  if (mutant.unread !== undefined && !unread.includes(mutant.unread)) return false;
  const open = [...findings];
  for (const expected of mutant.expected) {
    // The property itself, or one inside it.
    const index = open.findIndex(
      (finding) => finding.startsWith(expected) && /[ .:[]/.test(finding.charAt(expected.length)),
    );
    if (index === -1) return false;
    open.splice(index, 1);
  }
  return open.length === 0;
}

/** The environment that asks most: prod, or dev for what only dev is asked. */
export function strictest(rule: Rule): string {
  const on = environments.filter((environment) => levelIn(rule.info.levels, environment) !== "disabled");
  const strict = on.filter((environment) => levelIn(rule.info.levels, environment) === "mandatory");
  return strict.at(-1) ?? on.at(-1) ?? "prod";
}

function retyped(resources: Placement): Placement {
  return map(resources, (resource) => ({ ...resource, type: "aws:ec2/eip:Eip2" }));
}

function map<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function changed(resources: Placement, owner: string, path: string, value: unknown): Placement {
  const resource = resources[owner] as Placed;
  const [, beside, inside = ""] = /^@(\w+)\.?(.*)$/.exec(path) ?? [];
  if (beside === "provider") {
    return { ...resources, [owner]: { ...resource, provider: put(resource.provider, inside, value) } };
  }
  if (beside !== undefined) {
    return { ...resources, [owner]: { ...resource, options: { ...resource.options, [beside]: value } } };
  }
  return { ...resources, [owner]: { ...resource, inputs: put(resource.inputs, path, value) } };
}

/** A copy with a value in the place of the path; `undefined` removes what is there. */
function put(props: Props = {}, path: string, value: unknown): Props {
  const [outer = "", inner] = path.split(">");
  // Not structuredClone, which keeps an object that stands in two places one object.
  const copy = JSON.parse(JSON.stringify(props)) as Props;
  if (inner === undefined) return set(copy, keysOf(outer), value);
  const text = keysOf(outer).reduce<unknown>((at, key) => (at as Props)[key], copy) as string;
  const document = { root: JSON.parse(text) as unknown };
  set(document, ["root", ...keysOf(inner)], value);
  return set(copy, keysOf(outer), JSON.stringify(document.root));
}

function valueAt(props: Props, path: string): unknown {
  const [outer = "", inner] = path.split(">");
  const down = (from: unknown, keys: readonly string[]): unknown =>
    keys.reduce<unknown>((at, key) => (at as Props | undefined)?.[key], from);
  const value = down(props, keysOf(outer));
  return inner === undefined ? value : down(JSON.parse(value as string), keysOf(inner));
}

function set(props: Props, keys: readonly string[], value: unknown): Props {
  const last = keys.at(-1) ?? "";
  const target = keys.slice(0, -1).reduce<Props>((at, key) => (at[key] ??= {}) as Props, props);
  const filled = value === EMPTIED ? emptyOf(target[last]) : value;
  if (filled !== undefined) target[last] = filled;
  else if (Array.isArray(target)) target.splice(Number(last), 1);
  else delete target[last];
  return props;
}

function emptyOf(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === "object" && value !== null ? {} : "";
}

/** Keys of `a[0].b`; a key with dots in it stands in quotes: `tags["a.b"]`. */
function keysOf(path: string): string[] {
  return [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, key]) => quoted ?? index ?? key ?? "",
  );
}

function joined(keys: readonly string[]): string {
  return keys.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

function topOf(path: string): string {
  return keysOf(path.split(">")[0] ?? path)[0] ?? path;
}

/** The path as a message writes it. */
function spoken(path: string): string {
  const keys = keysOf(path.replace(">", "."));
  return keys.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

function show(value: unknown): string {
  return value === undefined ? "removed" : value === EMPTIED ? "emptied" : JSON.stringify(value);
}
