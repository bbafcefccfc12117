import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Estimate } from "../cost/types";
import { Sandbox } from "../sandbox/sandbox";
import { mask, unknown, type Values } from "../sandbox/values";
import { type Reach } from "./access/types";
import { type PlanDiff } from "./diff/types";
import { programOf } from "./load";
import { buildPack } from "./policy/build";
import {
  type ExemptedFinding,
  type Findings,
  type NotEvaluated,
  type PolicyReport,
  type Remedy,
  type Violation,
} from "./policy/findings";
import { PolicyPack } from "./policy/pack";
import { runProgram, type Outcome } from "./program";
import { type Registration } from "./registration";
import { findProject, readStack, type Project, type StackConfig } from "./settings";
import { stackType } from "./urn";
import { UsageError } from "./usage";

/** One resource of a plan; secrets are `[secret]`. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly provider: string;
  /** As the provider's Check hands them on. */
  readonly inputs: Values;
  /** Physical id, a stand-in; empty for a component, and with `asPreview`. */
  readonly id?: string;
  /** Outputs beyond the inputs: stand-ins in AWS's formats, by which references are found again. */
  readonly computed?: Values;
  /** Read, not registered (`Resource.get`): it belongs to someone else. */
  readonly external?: true;
  readonly options: Record<string, unknown>;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Record<string, readonly string[]>;
}

/** What a stack would register, and what the policies say to it. */
export interface Plan {
  readonly project: string;
  readonly stack: string;
  /** In order of registration; the stack itself and default providers among them. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: Values;
  readonly violations: readonly Violation[];
  /** Findings that an exemption took away. */
  readonly exempted: readonly ExemptedFinding[];
  /** Properties that a policy could not read, since they were unknown. */
  readonly notEvaluated: readonly NotEvaluated[];
  /** The policies that are on, and what came of each. */
  readonly policies: readonly PolicyReport[];
  /** What it costs in a month; with `--cost`. */
  readonly cost?: Estimate;
  /** Who may do what on what; with `--access`. */
  readonly access?: readonly Reach[];
  /** What differs from another revision; with `--against`. */
  readonly diff?: PlanDiff;
  readonly summary: {
    /** Resources as the engine counts them: components and the stack too, default providers not. */
    readonly resources: number;
    readonly components: number;
    readonly mandatory: number;
    readonly advisory: number;
    readonly exempted: number;
    readonly notEvaluated: number;
    /** Inputs that a policy changed. */
    readonly remediations: readonly Remedy[];
    readonly policyPack: string | undefined;
    readonly policies: number;
    readonly asPreview: boolean;
    readonly milliseconds: number;
  };
}

export interface PlanOptions {
  /** A directory inside the project. @default the working directory */
  readonly projectDir?: string;
  readonly stack: string;
  /** As the engine's preview: what only the cloud can know is unknown. @default false */
  readonly asPreview?: boolean;
  /** Directory of the policy pack; `false` for none. @default `policy` in the project or in the one around it, if it is there */
  readonly policyPack?: string | false;
  /** File of the pack's configuration, as the engine's --policy-pack-config takes it. */
  readonly policyPackConfig?: string | undefined;
  /** Hears of slow steps. */
  readonly say?: (what: string) => void;
  /** Hears of each registration. */
  readonly registered?: (count: number) => void;
}

interface Setting {
  readonly project: Project;
  readonly config: StackConfig;
  readonly pack: string | undefined;
}

function settle(options: PlanOptions): Setting {
  const project = findProject(options.projectDir ?? process.cwd());
  const config = readStack(project, options.stack);
  if (config.environments) {
    options.say?.(`Pulumi.${options.stack}.yaml names ESC environments, which a plan does not read`);
  }
  const pack = options.policyPack === undefined ? packOf(project) : givenPack(options.policyPack);
  if (pack === undefined && typeof options.policyPack === "string") {
    throw new UsageError(`no policy pack in ${options.policyPack}: a pack's directory has a PulumiPolicy.yaml`);
  }
  return { project, config, pack };
}

const isPack = (directory: string): boolean => existsSync(join(directory, "PulumiPolicy.yaml"));

function givenPack(given: string | false): string | undefined {
  return given !== false && isPack(given) ? given : undefined;
}

/** The project's own pack; a project inside another one's folder, such as the account stack, shares that one's. */
function packOf({ directory }: Project): string | undefined {
  const above = dirname(directory);
  const homes = existsSync(join(above, "Pulumi.yaml")) ? [directory, above] : [directory];
  return homes.map((home) => join(home, "policy")).find(isPack);
}

interface Attempt {
  readonly outcome: Outcome;
  readonly findings: Findings | undefined;
  readonly remedies: readonly Remedy[];
  readonly policies: { readonly name: string; readonly policies: number } | undefined;
  /** A remediation came after the program had gone on with the old values. */
  readonly again: boolean;
}

/** Follows a run with the pack: each resource as it is registered, the whole stack at the end. */
async function attempt(options: PlanOptions, setting: Setting, patient: boolean): Promise<Attempt> {
  const { project, config } = setting;
  const preview = options.asPreview ?? false;
  const environment = {
    organization: "organization",
    project: project.name,
    stack: options.stack,
    preview,
    config: config.values,
  };
  const { policyPackConfig } = options;
  const pack = setting.pack === undefined ? undefined : new PolicyPack(setting.pack, environment, policyPackConfig);
  const found: Promise<((findings: Findings) => void) | undefined>[] = [];
  const byUrn = new Map<string, Registration>();
  const find = (urn: string): Registration | undefined => byUrn.get(urn);
  let again = false;
  const analyze = (registration: Registration): void => {
    const answer = pack
      ?.analyze(registration, find)
      .then((response) => (findings: Findings) => findings.ofResource(registration.urn, response));
    answer?.catch(() => undefined);
    if (answer !== undefined) found.push(answer);
  };
  const inspect = (registration: Registration): Promise<Values | undefined> | undefined => {
    byUrn.set(registration.urn, registration);
    options.registered?.(byUrn.size);
    if (pack === undefined) return undefined;
    if (!pack.waits) {
      analyze(registration);
      return undefined;
    }
    const remedy = pack.remediate(registration, find).then((changed) => {
      if (changed !== undefined) registration.checked = changed;
      analyze(registration);
      return changed;
    });
    remedy.catch(() => undefined);
    if (patient || pack.isReady) return remedy;
    // The pack is still starting, and remediations are rare: go on, and run again if one turns out to apply.
    const late = remedy.then((changed) => {
      again ||= changed !== undefined;
      return undefined;
    });
    // Nobody asks for it when the program fails meanwhile, and the pack is told to go.
    late.catch(() => undefined);
    found.push(late);
    return undefined;
  };
  const directory = process.cwd();
  try {
    process.chdir(project.directory);
    const outcome = await runProgram(programOf(project), {
      project: project.name,
      stack: options.stack,
      preview,
      sandbox: new Sandbox(),
      inspect,
      config: config.values,
      secretKeys: config.secretKeys,
      root: project.directory,
    });
    const none = { outcome, findings: undefined, remedies: [], policies: undefined };
    if (outcome.error !== undefined || pack === undefined) return { ...none, again: false };
    // Findings in the order of registration; an analysis can still be added by a late remediation.
    const findings = await pack.findings();
    for (let i = 0; i < found.length; i++) (await found[i])?.(findings);
    if (again) return { ...none, again };
    const root = outcome.registrations.find((registration) => registration.type === stackType)?.urn ?? "";
    const answer = await pack.analyzeStack(outcome.registrations, find);
    findings.ofStack(answer, root, (urn) => find(urn) !== undefined);
    return { outcome, findings, remedies: pack.remedies, policies: await pack.ready(), again };
  } finally {
    process.chdir(directory);
    await pack?.close();
  }
}

/** Options that are set; `protect` always, since it is what one looks for. */
function setOptions(options: Record<string, unknown>): Record<string, unknown> {
  const isSet = (value: unknown): boolean => {
    if (value === undefined || value === "" || value === false) return false;
    return typeof value !== "object" || value === null || Object.values(value).some(isSet);
  };
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => key === "protect" || isSet(value)));
}

/** A component's outputs are its children's; a resource's are those that only its provider knows. */
function computed({ custom, checked, outputs }: Registration): Values {
  const own = custom ? Object.entries(outputs) : [];
  return mask(Object.fromEntries(own.filter(([key]) => !(key in checked) && key !== "tagsAll"))) as Values;
}

function planned(registration: Registration): PlannedResource {
  const { urn, type, name, custom, parent, provider, checked, options, dependencies, propertyDependencies } =
    registration;
  const inputs = mask(checked) as Values;
  const made = { id: registration.id === unknown ? "" : registration.id, computed: computed(registration) };
  const external = registration.external ? ({ external: true } as const) : {};
  const settled = { inputs, ...made, ...external, options: setOptions(options), dependencies, propertyDependencies };
  return { urn, type, name, custom, parent, provider, ...settled };
}

/**
 * Answers what a stack would register and whether the policies would let it pass, without an account. Throws what the
 * program threw, or what the engine would have refused.
 */
export async function planStack(options: PlanOptions): Promise<Plan> {
  const started = performance.now();
  const setting = settle(options);
  if (setting.pack !== undefined) await buildPack(setting.pack, options.say ?? ((): void => undefined));
  let made = await attempt(options, setting, false);
  if (made.again) made = await attempt(options, setting, true);
  const { outcome, findings, remedies, policies } = made;
  if (outcome.error !== undefined) throw outcome.error;
  const { registrations } = outcome;
  const counted = registrations.filter((registration) => !registration.internal && !registration.external);
  const { violations = [], exempted = [], notEvaluated = [] } = findings ?? {};
  const count = (level: string): number => violations.filter((violation) => violation.level === level).length;
  return {
    project: setting.project.name,
    stack: options.stack,
    resources: registrations.map(planned),
    outputs: mask(outcome.outputs) as Values,
    violations,
    exempted,
    notEvaluated,
    policies: findings?.reports() ?? [],
    summary: {
      resources: counted.length,
      components: counted.filter((registration) => !registration.custom && registration.type !== stackType).length,
      mandatory: count("mandatory"),
      advisory: count("advisory"),
      exempted: exempted.length,
      notEvaluated: notEvaluated.length,
      remediations: remedies,
      policyPack: policies?.name,
      policies: policies?.policies ?? 0,
      asPreview: options.asPreview ?? false,
      milliseconds: Math.round(performance.now() - started),
    },
  };
}
