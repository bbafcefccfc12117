import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type * as aws from "@pulumi/aws";

import { concerning } from "./asked";
import { type Environment, type Level, environmentOf, levelIn } from "./environment";
import { type RuleInfo, defaults, metadata } from "./info";
import { type Change, curesOf, put } from "./remedy";
import { Run } from "./run";
import { packSettings } from "./settings";
import { type Node, Stack } from "./stack";
import { Value } from "./value";

interface RuleConfig {
  readonly levels?: Partial<Record<Environment, Level>>;
  readonly environments?: Readonly<Record<string, Environment>>;
  readonly strictUnknown?: boolean;
}

/** A rule of the pack: the SDK's policy, and what the README and the tests need to know of it. */
export type Rule = (ResourceValidationPolicy | StackValidationPolicy) & {
  readonly info: RuleInfo;
  /** Type tokens that the rule concerns. */
  readonly types: readonly string[];
};

/** Where the finding is (a property or its path), what is wrong with it, and what to set. */
type Report = (at: Value | string, wrong: string, set: string) => void;

export interface Subject<T> {
  readonly type: string;
  readonly urn: string;
  readonly props: Value<T>;
  /** The resource's explicit or default provider, unknown where the engine names none. Its own lists, objects and booleans are JSON strings. */
  readonly provider: Value<aws.ProviderArgs>;
  /** Pulumi's own protection against deletion: the resource option `protect`. */
  readonly protect: boolean;
  readonly environment: Environment;
  /** The rule's own configuration, defaults filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly report: Report;
}

export interface Case {
  readonly types: readonly string[];
  readonly check: (subject: Subject<unknown>) => void;
}

/** What a rule checks on resources of some types that share their properties. */
export function on<T>(types: readonly string[], check: (subject: Subject<T>) => void): Case {
  return { types, check: check as Case["check"] };
}

/** A rule over the inputs of one resource at a time: it refuses the resource before it is made. */
export function rule(info: RuleInfo, ...cases: readonly Case[]): Rule {
  const types = cases.flatMap((c) => c.types);
  const byType = new Map(cases.flatMap((c) => c.types.map((type) => [type, c.check] as const)));
  const elsewhere = `applies to ${types.length} other types`;
  const validateResource = (args: ResourceValidationArgs, violation: ReportViolation): void => {
    const check = byType.get(args.type);
    if (check === undefined) return args.notApplicable(elsewhere);
    const now = situation(info, args.urn, args.getConfig<RuleConfig>());
    if (now.level === "disabled") return args.notApplicable(`off in ${now.environment}`);
    const run = new Run({ rule: info.name, severity: info.severity, urn: args.urn, violation, ...now });
    run.check("resource", () => check(subject(args, now, (at, wrong, set) => run.report(at, wrong, set))));
    run.end((reason) => args.notApplicable(reason));
  };
  const { remedy } = info;
  const remediateResource = (args: ResourceValidationArgs): Record<string, unknown> | undefined => {
    const check = byType.get(args.type);
    if (check === undefined || remedy === undefined) return args.notApplicable(elsewhere);
    const now = situation(info, args.urn, args.getConfig<RuleConfig>());
    if (now.level !== "remediate") return args.notApplicable(`not remediated in ${now.environment}`);
    const find = (): string[] => {
      const found: string[] = [];
      check(subject(args, now, (at) => found.push(typeof at === "string" ? at : at.path)));
      return found;
    };
    const patient = subject(args, now, () => undefined);
    return mend(info.name, args, find, (path) => curesOf(remedy, path, patient)) ? args.props : undefined;
  };
  return {
    ...metadata(info),
    info,
    types,
    validateResource: concerning(types, validateResource),
    ...(remedy !== undefined && { remediateResource: concerning(types, remediateResource) }),
  };
}

function subject(args: ResourceValidationArgs, now: Situation, report: Report): Subject<unknown> {
  return {
    type: args.type,
    urn: args.urn,
    props: Value.of(args.props),
    protect: args.opts.protect,
    provider: args.provider === undefined ? Value.unknown("provider") : Value.of(args.provider.props, "provider"),
    environment: now.environment,
    config: now.config,
    report,
  };
}

export interface StackSubject {
  readonly stack: Stack;
  readonly environment: Environment;
  readonly config: Readonly<Record<string, unknown>>;
  /** As `Report`, on one resource; `level` when a finding has its own, whatever the rule's is. */
  readonly report: (node: Node, at: Value | string, wrong: string, set: string, level?: "advisory") => void;
}

/**
 * A rule over all resources of a stack, for what one resource alone cannot show: presence and reach. Its remedy, if it
 * has one, is for resources of the types `remedied`, which hold its paths themselves.
 */
export function stackRule(
  info: RuleInfo,
  types: readonly string[],
  check: (subject: StackSubject) => void,
  remedied: readonly string[] = types,
): Rule {
  const validateStack: StackValidationPolicy["validateStack"] = (args, violation) => {
    const first = args.resources.find((resource) => types.includes(resource.type));
    if (first === undefined) return args.notApplicable(`no resource of its ${types.length} types`);
    const now = situation(info, first.urn, args.getConfig<RuleConfig>());
    if (now.level === "disabled") return args.notApplicable(`off in ${now.environment}`);
    const run = new Run({ rule: info.name, severity: info.severity, violation, ...now });
    run.check("stack", () =>
      check({
        stack: new Stack(args.resources),
        environment: now.environment,
        config: now.config,
        report: (node, at, wrong, set, own) => run.report(at, wrong, set, node.urn, own ?? now.level),
      }),
    );
    run.end((reason) => args.notApplicable(reason));
  };
  const { remedy } = info;
  const remediateResource = (args: ResourceValidationArgs): Record<string, unknown> | undefined => {
    if (remedy === undefined || !remedied.includes(args.type)) return args.notApplicable("applies to other types");
    const now = situation(info, args.urn, args.getConfig<RuleConfig>());
    if (now.level !== "remediate") return args.notApplicable(`not remediated in ${now.environment}`);
    // A stack is not seen yet: what the remedy would set stands in for the findings.
    const patient = subject(args, now, () => undefined);
    const wanted = Object.entries(remedy).filter(
      ([path, value]) => typeof value !== "function" && patient.props.dig(...path.split(".")).isNot(value),
    );
    const find = (): string[] => wanted.map(([path]) => path);
    return mend(info.name, args, find, (path) => curesOf(remedy, path, patient)) ? args.props : undefined;
  };
  return {
    ...metadata(info),
    info,
    types,
    validateStack: concerning(types, validateStack),
    ...(remedy !== undefined && { remediateResource: concerning(remedied, remediateResource) }),
  };
}

/** Cures that uncover another finding are few: an encryption that is on then wants its key. */
const mostRounds = 3;

/** Sets what cures the findings, and what cures those that come after; answers whether anything changed. */
function mend(
  rule: string,
  { urn, props }: ResourceValidationArgs,
  find: () => readonly string[],
  cures: (path: string) => readonly Change[],
): boolean {
  let changed = false;
  for (let round = 0; round < mostRounds; round++) {
    const found = findings(find);
    if (found.length === 0 || packSettings().exemptions.find(rule, urn) !== undefined) return changed;
    const done = found.flatMap(cures).filter((change) => put(props, change));
    if (done.length === 0) return changed;
    changed = true;
  }
  return changed;
}

/** A fault of the rule is reported by its validation; here it means that nothing is mended. */
function findings(find: () => readonly string[]): readonly string[] {
  try {
    return find();
  } catch {
    return [];
  }
}

interface Situation {
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** Level of a finding; `levels` in the rule's configuration goes before the table. */
  readonly level: Level;
  readonly strict: boolean;
}

function situation(info: RuleInfo, urn: string, given: RuleConfig): Situation {
  const pack = packSettings();
  const map = { ...pack.environments, ...given.environments };
  const environment = environmentOf(urn, map);
  return {
    config: { ...defaults(info), ...given, environments: map },
    environment,
    level: given.levels?.[environment] ?? levelIn(info.levels, environment),
    strict: given.strictUnknown ?? pack.strictUnknown,
  };
}
