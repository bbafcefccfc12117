import type {
  PolicyComplianceFramework,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type * as aws from "@pulumi/aws";

import { type Environment, type Level, type LevelTable, environmentOf, environments, levelIn } from "./environment";
import { remember } from "./memory";
import { Run } from "./run";
import { packSettings, sharedConfig } from "./settings";
import { type Node, Stack } from "./stack";
import { Value } from "./value";

/** What is said about a rule, to the engine, to the README and to whoever meets a finding. */
export interface RuleInfo {
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly levels: LevelTable;
  /** Control of AWS Foundational Security Best Practices: id and title. */
  readonly fsbp?: readonly [id: string, title: string];
  /** Page of the AWS documentation. @default the page of the FSBP control */
  readonly url?: string;
  readonly remediationSteps: string;
  /** The rule's own configuration, beside `levels`, `environments` and `strictUnknown`, which every rule has. */
  readonly config?: PolicyConfigSchema["properties"];
}

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
  const validateResource = (args: ResourceValidationArgs, violation: ReportViolation): void => {
    remember(args.urn, args.props);
    const check = byType.get(args.type);
    if (check === undefined) return args.notApplicable(`applies to ${types.length} other types`);
    const { config, environment, level, strict } = situation(info, args.urn, args.getConfig<RuleConfig>());
    if (level === "disabled") return args.notApplicable(`off in ${environment}`);
    const run = new Run({ rule: info.name, severity: info.severity, level, urn: args.urn, strict, violation });
    run.check("resource", () =>
      check({
        type: args.type,
        urn: args.urn,
        props: Value.of(args.props),
        protect: args.opts.protect,
        provider: args.provider === undefined ? Value.unknown("provider") : Value.of(args.provider.props, "provider"),
        environment,
        config,
        report: (at, wrong, set) => run.report(at, wrong, set),
      }),
    );
    run.end((reason) => args.notApplicable(reason));
  };
  // The SDK skips a function with a type without a call, but knows one type alone.
  const [only, ...others] = types;
  return {
    ...metadata(info),
    info,
    types,
    validateResource: others.length === 0 ? Object.assign(validateResource, { __pulumiType: only }) : validateResource,
  };
}

export interface StackSubject {
  readonly stack: Stack;
  readonly environment: Environment;
  readonly config: Readonly<Record<string, unknown>>;
  /** As `Report`, on one resource; `level` when a finding has its own, whatever the rule's is. */
  readonly report: (node: Node, at: Value | string, wrong: string, set: string, level?: "advisory") => void;
}

/** A rule over all resources of a stack, for what one resource alone cannot show: presence and reach. */
export function stackRule(info: RuleInfo, types: readonly string[], check: (subject: StackSubject) => void): Rule {
  const validateStack: StackValidationPolicy["validateStack"] = (args, violation) => {
    const first = args.resources.find((resource) => types.includes(resource.type));
    if (first === undefined) return args.notApplicable(`no resource of its ${types.length} types`);
    const { config, environment, level, strict } = situation(info, first.urn, args.getConfig<RuleConfig>());
    if (level === "disabled") return args.notApplicable(`off in ${environment}`);
    const run = new Run({ rule: info.name, severity: info.severity, level, strict, violation });
    run.check("stack", () =>
      check({
        stack: new Stack(args.resources),
        environment,
        config,
        report: (node, at, wrong, set, own) => run.report(at, wrong, set, node.urn, own ?? level),
      }),
    );
    run.end((reason) => args.notApplicable(reason));
  };
  return { ...metadata(info), info, types, validateStack };
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

function defaults(info: RuleInfo): Record<string, unknown> {
  return Object.fromEntries(Object.entries(info.config ?? {}).map(([key, schema]) => [key, schema.default]));
}

function metadata(info: RuleInfo): Omit<ResourceValidationPolicy, "validateResource"> {
  const url = info.url ?? (info.fsbp && fsbpUrl(info.fsbp[0]));
  return {
    name: info.name,
    description: info.description,
    enforcementLevel: "mandatory",
    severity: info.severity,
    remediationSteps: info.remediationSteps,
    configSchema: { properties: { ...commonConfig(), ...info.config } },
    ...(info.fsbp !== undefined && { framework: fsbpFramework(...info.fsbp) }),
    ...(url !== undefined && { url }),
  };
}

/** Keys of the configuration that every rule has. */
export function commonConfig() {
  const level = { type: "string" as const, enum: ["mandatory", "advisory", "remediate", "disabled"] };
  return {
    levels: {
      type: "object" as const,
      description: "level per environment, in place of the pack's own",
      properties: Object.fromEntries(environments.map((environment) => [environment, level])),
      additionalProperties: false,
    },
    ...sharedConfig,
  };
}

function fsbpFramework(id: string, title: string): PolicyComplianceFramework {
  const name = "AWS Foundational Security Best Practices";
  return { name, version: "1.0.0", reference: id, specification: title };
}

function fsbpUrl(id: string): string {
  const [service = "", number] = id.toLowerCase().split(".");
  return `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number}`;
}
