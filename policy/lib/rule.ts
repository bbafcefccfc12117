import type {
  PolicyComplianceFramework,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { UnknownValueError } from "@pulumi/policy";
import type * as aws from "@pulumi/aws";

import { type Environment, type Level, type LevelTable, environmentOf, environments, levelIn } from "./environment";
import { remember } from "./memory";
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
  /** The rule's own configuration, beside `levels` and `environments`, which every rule has. */
  readonly config?: PolicyConfigSchema["properties"];
}

interface RuleConfig {
  readonly levels?: Partial<Record<Environment, Level>>;
  readonly environments?: Readonly<Record<string, Environment>>;
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
    const config = { ...defaults(info), ...args.getConfig<RuleConfig>() };
    const environment = environmentOf(args.urn, config.environments);
    const level = effective(info, environment, config);
    if (level === "disabled") return args.notApplicable(`off in ${environment}`);
    const emit = emitter(violation, info);
    guard(
      () =>
        check({
          type: args.type,
          urn: args.urn,
          props: Value.of(args.props),
          protect: args.opts.protect,
          provider: args.provider === undefined ? Value.unknown() : Value.of(args.provider.props),
          environment,
          config,
          report: (at, wrong, set) => emit(sentence(at, wrong, set), level),
        }),
      () =>
        emit(`${info.name} could not be evaluated on this resource: a fault of the rule, not of the program`, level),
    );
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
    const config = { ...defaults(info), ...args.getConfig<RuleConfig>() };
    const first = args.resources.find((resource) => types.includes(resource.type));
    if (first === undefined) return args.notApplicable(`no resource of its ${types.length} types`);
    const environment = environmentOf(first.urn, config.environments);
    const level = effective(info, environment, config);
    if (level === "disabled") return args.notApplicable(`off in ${environment}`);
    const emit = emitter(violation, info);
    guard(
      () =>
        check({
          stack: new Stack(args.resources),
          environment,
          config,
          report: (node, at, wrong, set, own) => emit(sentence(at, wrong, set), own ?? level, node.urn),
        }),
      () => emit(`${info.name} could not be evaluated on this stack: a fault of the rule, not of the program`, level),
    );
  };
  return { ...metadata(info), info, types, validateStack };
}

/** Level of a finding; `levels` in the rule's configuration goes before the table. */
function effective(info: RuleInfo, environment: Environment, config: RuleConfig): Level {
  return config.levels?.[environment] ?? levelIn(info.levels, environment);
}

/** The object form, which the SDK takes but does not type: it alone gives a finding a level of its own. */
interface Finding {
  readonly message: string;
  readonly urn?: string;
  readonly severity: Severity;
  readonly enforcementLevel?: "advisory";
}

function emitter(violation: ReportViolation, info: RuleInfo): (message: string, level: Level, urn?: string) => void {
  return (message, level, urn) => {
    const finding: Finding = {
      message,
      severity: info.severity,
      ...(urn !== undefined && { urn }),
      // A mandatory finding takes the policy's level, so that `enforcementLevel` in the configuration can lower it.
      ...(level !== "mandatory" && { enforcementLevel: "advisory" as const }),
    };
    (violation as unknown as (finding: Finding) => void)(finding);
  };
}

/** An exception inside a policy fails the whole preview; its message may hold a value, so none is printed. */
function guard(check: () => void, failed: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof UnknownValueError) throw error;
    failed();
  }
}

function sentence(at: Value | string, wrong: string, set: string): string {
  return `${typeof at === "string" ? at : at.path} ${wrong}: ${set}`;
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

function commonConfig(): PolicyConfigSchema["properties"] {
  const level = { type: "string" as const, enum: ["mandatory", "advisory", "remediate", "disabled"] };
  return {
    levels: {
      type: "object",
      description: "level per environment, in place of the pack's own",
      properties: Object.fromEntries(environments.map((environment) => [environment, level])),
      additionalProperties: false,
    },
    environments: {
      type: "object",
      description: "environment by stack name, for stacks that are not called dev, stg or prod",
      additionalProperties: { type: "string", enum: [...environments] },
    },
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
