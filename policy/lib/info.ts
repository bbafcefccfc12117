import type { PolicyComplianceFramework, PolicyConfigSchema, ResourceValidationPolicy, Severity } from "@pulumi/policy";

import { type LevelTable, environments } from "./environment";
import type { Remedy } from "./remedy";
import { sharedConfig } from "./settings";

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
  /** What level R sets. */
  readonly remedy?: Remedy;
  /** The rule's own configuration, beside `levels`, `environments` and `strictUnknown`, which every rule has. */
  readonly config?: PolicyConfigSchema["properties"];
}

export function defaults(info: RuleInfo): Record<string, unknown> {
  return Object.fromEntries(Object.entries(info.config ?? {}).map(([key, schema]) => [key, schema.default]));
}

export function metadata(info: RuleInfo): Omit<ResourceValidationPolicy, "validateResource"> {
  const url = info.url ?? (info.fsbp && fsbpUrl(info.fsbp[0]));
  return {
    name: info.name,
    description: info.description,
    // The SDK calls a remediation at this level alone; in which environments it acts is said by `levels`.
    enforcementLevel: info.remedy === undefined ? "mandatory" : "remediate",
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
