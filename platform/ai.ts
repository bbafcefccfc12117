import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";

import { type Access, Budget, type DataLake, GenAiEndpoint, type WebService } from "../components/index";
import type { Settings } from "../settings";

interface Common {
  readonly settings: Pick<Settings, "account" | "keep" | "ai" | "budget">;
  readonly alarmTopicArn: Input<string>;
}

/** The model that programs with `uses: [ai.invoke]` may ask; undefined in a stack without `kiban:ai`. */
export function createAi(
  { settings, keyArn, alarmTopicArn, lake }: Common & { readonly keyArn: Input<string>; readonly lake: DataLake },
  opts: ComponentResourceOptions,
): GenAiEndpoint | undefined {
  if (settings.ai === undefined) return undefined;
  const { logRetentionDays, alarms, knowledge, ...model } = settings.ai;
  // Documents lie in the curated zone: the folders beside theirs hold tables.
  const bedrock = { ...model, ...(knowledge && { knowledge: { ...knowledge, bucket: lake.zones.curated } }) };
  const { region } = settings.account;
  const common = { engine: "bedrock" as const, region, keyArn, alarmTopicArn, logRetentionDays, keep: settings.keep };
  return new GenAiEndpoint("ai", { ...common, bedrock, ...(alarms !== undefined && { alarms }) }, opts);
}

/** What a program takes to ask the model: it, and the documents where there are any. */
export function aiUses(ai: GenAiEndpoint | undefined): Access[] {
  return [ai?.invoke, ai?.retrieve].filter((access) => access !== undefined);
}

/** What the stack may cost; at the limit for AI its callers are stopped, should the endpoint's own ceiling not have done it. */
export function createBudget(
  { settings, alarmTopicArn, ai, callers }: Common & { readonly ai: GenAiEndpoint | undefined; callers: WebService[] },
  opts: ComponentResourceOptions,
): Budget {
  const { ai: part, ...stack } = settings.budget;
  const roleNames = callers.map(({ taskRoleName }) => taskRoleName);
  const policyArn = ai?.stopPolicyArn;
  const stop = policyArn !== undefined && roleNames.length > 0 ? { stop: { policyArn, roleNames } } : {};
  const args = { ...stack, ...(part && { ai: { ...part, ...stop } }) };
  return new Budget("spend", { ...args, receivers: { topicArn: alarmTopicArn } }, opts);
}
