import type { PolicyConfigSchema } from "@pulumi/policy";

import { type Environment, environments } from "./environment";
import { Exemptions, exemptionKeys } from "./exemptions";

/** What holds for every rule; the block `pack` of the configuration. */
export interface PackSettings {
  readonly environments: Readonly<Record<string, Environment>>;
  readonly strictUnknown: boolean;
  readonly exemptions: Exemptions;
}

/** The day itself, in UTC. */
export function dayItself(): string {
  return new Date().toISOString().slice(0, 10);
}

const none: PackSettings = { environments: {}, strictUnknown: false, exemptions: new Exemptions([], dayItself()) };
let current = none;

/** As the engine configured the pack; nothing set until then. */
export function packSettings(): PackSettings {
  return current;
}

export function setPackSettings(settings: Partial<PackSettings>): void {
  current = { ...none, ...settings };
}

/** Keys that every rule and the block `pack` have. */
export const sharedConfig = {
  environments: {
    type: "object",
    description: "environment by stack name, for stacks that are not called dev, stg or prod",
    additionalProperties: { type: "string", enum: [...environments] },
  },
  strictUnknown: {
    type: "boolean",
    description: "whether a property that is unknown at preview is a violation",
  },
} as const satisfies PolicyConfigSchema["properties"];

/** Keys of the block `pack`. */
export const packConfig: NonNullable<PolicyConfigSchema["properties"]> = {
  ...sharedConfig,
  exemptionsFile: {
    type: "string",
    description: "file of exemptions, YAML or JSON; a relative path counts from the pack's directory",
  },
  exemptions: {
    type: "array",
    description: "exemptions beside those of the file",
    items: {
      type: "object",
      properties: Object.fromEntries(
        Object.entries(exemptionKeys).map(([key, description]) => [key, { type: "string", description }]),
      ),
      required: ["rule", "reason", "owner", "expires"],
      additionalProperties: false,
    },
  },
  today: {
    type: "string",
    format: "date",
    description: "date to judge exemptions by, such as 2027-06-30, in place of the day itself",
  },
};
