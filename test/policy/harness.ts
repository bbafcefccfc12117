import assert from "node:assert/strict";

import {
  type PolicyResource,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";

import { type Environment, type Level, environments, levelIn } from "../../policy/lib/environment";
import { forgetAll, remember } from "../../policy/lib/memory";
import { type Outcome, decodeOutcome } from "../../policy/lib/outcome";
import type { Rule } from "../../policy/lib/rule";

export type Props = Record<string, unknown>;

/** As the SDK wraps what it gives to a policy; its typings leave this out. */
const proxied = unknownCheckingProxy as (props: Props) => Props;

/** What the SDK puts in place of a string that is unknown at preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Finding {
  readonly message: string;
  readonly urn?: string;
  readonly severity: string;
  readonly enforcementLevel?: string;
}

class NotApplicable extends Error {}

let last: Outcome | undefined;

/** What the last run of a rule said beside its findings; nothing where it read all and nothing was exempt. */
export function outcome(): Outcome {
  return last ?? { unread: [], exempted: [] };
}

const notApplicable = (reason?: string): never => {
  throw new NotApplicable(reason);
};

export interface Setting {
  /** Stack name. @default "prod" */
  readonly stack?: string;
  readonly config?: Props;
  /** Inputs of the resource's provider. */
  readonly provider?: Props;
  /** The resource option. @default false */
  readonly protect?: boolean;
  /** The resource option. @default none */
  readonly ignoreChanges?: readonly string[];
}

export function urnOf(type: string, name: string, stack = "prod"): string {
  return `urn:pulumi:${stack}::shop::${type}::${name}`;
}

/** Findings of a resource rule on one resource, or why it does not apply. */
export function analyse(rule: Rule, type: string, props: Props, setting: Setting = {}): Finding[] | string {
  const validate = (rule as ResourceValidationPolicy).validateResource;
  assert.ok(typeof validate === "function", `${rule.name} is no resource rule`);
  const args: Partial<ResourceValidationArgs> = {
    type,
    props: proxied(structuredClone(props)),
    urn: urnOf(type, "it", setting.stack),
    name: "it",
    stackTags: new Map(),
    opts: optionsOf(setting),
    getConfig: <T extends object>() => withDefaults(rule, setting.config) as T,
    notApplicable,
    ...(setting.provider !== undefined && {
      provider: {
        type: "pulumi:providers:aws",
        name: "aws",
        urn: urnOf("pulumi:providers:aws", "aws", setting.stack),
        props: proxied(setting.provider),
      },
    }),
  };
  return caught((findings) => {
    void validate(args as ResourceValidationArgs, findings.push.bind(findings) as unknown as ReportViolation);
  });
}

/** Resources of a stack, for stack rules: inputs are remembered as the engine's analysis before would have them. */
export class StackBuilder {
  private readonly resources: PolicyResource[] = [];

  constructor(readonly stack = "prod") {
    forgetAll();
  }

  /** `links`: the resources that each property depends on, by name. `read`: as `Bucket.get` gives it. */
  add(
    type: string,
    name: string,
    inputs: Props,
    options: {
      links?: Record<string, string[]>;
      outputs?: Props;
      parent?: string;
      read?: boolean;
      options?: Pick<Setting, "protect" | "ignoreChanges">;
    } = {},
  ): this {
    const urn = urnOf(type, name, this.stack);
    const propertyDependencies = Object.fromEntries(
      Object.entries(options.links ?? {}).map(([key, names]) => [key, names.map((n) => this.find(n))]),
    );
    if (options.read !== true) remember(urn, proxied(structuredClone(inputs)));
    const props = proxied(options.outputs ?? { ...inputs, id: UNKNOWN, arn: UNKNOWN });
    const parent = options.parent === undefined ? {} : { parent: this.find(options.parent) };
    const opts = optionsOf(options.options ?? {});
    const resource = { type, name, urn, props, propertyDependencies, dependencies: [], opts, ...parent };
    this.resources.push(resource as unknown as PolicyResource);
    return this;
  }

  /** Findings as `name: message`, or why the rule does not apply. */
  check(rule: Rule, config: Props = {}): Finding[] | string {
    const args: StackValidationArgs = {
      resources: this.resources,
      stackTags: new Map(),
      getConfig: <T extends object>() => withDefaults(rule, config) as T,
      notApplicable,
    };
    return caught((findings) => {
      const { validateStack } = rule as StackValidationPolicy;
      assert.ok(validateStack !== undefined, `${rule.name} is no stack rule`);
      void validateStack(args, findings.push.bind(findings) as unknown as ReportViolation);
    });
  }

  /** The findings in short: `name: message`. */
  messages(rule: Rule, config: Props = {}): string[] {
    const findings = this.check(rule, config);
    if (typeof findings === "string") assert.fail(findings);
    return findings.map((finding) => `${finding.urn?.split("::").at(-1)}: ${finding.message}`);
  }

  private find(name: string): PolicyResource {
    const found = this.resources.find((resource) => resource.name === name);
    assert.ok(found, `no resource "${name}" was added yet`);
    return found;
  }
}

/** A value in the place of `path` ("a.b[0].c") in a copy of `props`; `undefined` removes it. */
export function replaced(props: Props, path: string, value: unknown): Props {
  // Not structuredClone, which keeps an object that stands in two places one object.
  const copy = JSON.parse(JSON.stringify(props)) as Props;
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  let target = copy as Record<string, Props>;
  for (const key of keys.slice(0, -1)) target = (target[key] ??= {}) as Record<string, Props>;
  const last = keys.at(-1) ?? "";
  if (value === undefined) delete (target as Props)[last];
  else (target as Props)[last] = value;
  return copy;
}

/** One field broken: its path, the value (`undefined` removes it), and the finding's whole text. */
export type Break = readonly [path: string, value: unknown, message: string];

/** The tests that every resource rule has: it passes, each broken field is reported, an unknown one is not. */
export function testRule(rule: Rule, type: string, good: Props, breaks: readonly Break[], setting: Setting = {}): void {
  describe(`${rule.name} on ${type}`, () => {
    it("passes what complies", () => {
      assert.deepEqual(analyse(rule, type, good, setting), []);
    });
    it("concerns this type and not another", () => {
      assert.ok(rule.types.includes(type));
      assert.equal(typeof analyse(rule, "aws:ec2/eip:Eip2", good, setting), "string");
      assert.equal(typeof analyse(rule, "kiban:index:WebService", good, setting), "string");
    });
    for (const [path, value, message] of breaks) {
      it(`reports ${path} = ${JSON.stringify(value)}`, () => {
        for (const environment of environments) {
          const findings = analyse(rule, type, replaced(good, path, value), { ...setting, stack: environment });
          assertLevels(rule, environment, findings, [message]);
        }
      });
    }
    for (const path of new Set(breaks.map(([path]) => path))) {
      it(`goes past ${path} while it is unknown`, () => {
        assert.deepEqual(analyse(rule, type, replaced(good, path, UNKNOWN), setting), []);
        const top = path.split(/[.[]/)[0] ?? path;
        assert.deepEqual(analyse(rule, type, replaced(good, top, UNKNOWN), setting), []);
      });
    }
  });
}

/** Exactly these messages, at the level that the rule's table gives for the environment. */
export function assertLevels(
  rule: Rule,
  environment: Environment,
  findings: Finding[] | string,
  messages: readonly string[],
): void {
  const level: Level = levelIn(rule.info.levels, environment);
  if (level === "disabled") {
    assert.equal(findings, `off in ${environment}`);
    return;
  }
  if (typeof findings === "string") assert.fail(findings);
  assert.deepEqual(
    findings.map((finding) => finding.message),
    messages,
  );
  for (const finding of findings) {
    assert.equal(finding.severity, rule.info.severity);
    // A mandatory finding carries no level of its own: it takes the policy's, which is mandatory.
    assert.equal(finding.enforcementLevel, level === "mandatory" ? undefined : "advisory");
  }
}

function optionsOf({ protect = false, ignoreChanges = [] }: Setting): PolicyResource["opts"] {
  return { protect, ignoreChanges, aliases: [] } as unknown as PolicyResource["opts"];
}

function withDefaults(rule: Rule, config: Props = {}): Props {
  const schema = Object.entries(rule.configSchema?.properties ?? {});
  return {
    ...Object.fromEntries(schema.flatMap(([k, v]) => (v.default === undefined ? [] : [[k, v.default]]))),
    ...config,
  };
}

/** What the work finds, or why the rule does not apply. A rule that ran ends with its outcome, which is kept. */
function caught(work: (findings: Finding[]) => void): Finding[] | string {
  const findings: Finding[] = [];
  last = undefined;
  try {
    work(findings);
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error;
    last = decodeOutcome(error.message);
    if (last === undefined) return error.message;
  }
  return findings;
}
