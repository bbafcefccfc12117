import { type ComponentResourceOptions, type Input, log } from "@pulumi/pulumi";

import {
  type Access,
  Budget,
  type DataLake,
  GenAiEndpoint,
  type ImageRepository,
  type WebService,
} from "../components/index";
import type { Settings } from "../settings";
import { sageMakerEngine } from "../settings/sagemaker";

interface Common {
  readonly settings: Pick<Settings, "account" | "keep" | "ai" | "budget" | "stack">;
  readonly alarmTopicArn: Input<string>;
}

interface AiPlaces {
  readonly keyArn: Input<string>;
  readonly lake: DataLake;
  /** Has the image of a model of one's own; undefined with a model of Bedrock. */
  readonly modelImages: ImageRepository | undefined;
}

/** The model that programs with `uses: [ai.invoke]` may ask; undefined in a stack without `kiban:ai`, or without its image. */
export function createAi(
  { settings, keyArn, alarmTopicArn, lake, modelImages }: Common & AiPlaces,
  opts: ComponentResourceOptions,
): GenAiEndpoint | undefined {
  if (settings.ai === undefined) return undefined;
  const { logRetentionDays, alarms, ...model } = settings.ai;
  const { region } = settings.account;
  const common = {
    region,
    keyArn,
    alarmTopicArn,
    logRetentionDays,
    keep: settings.keep,
    ...(alarms !== undefined && { alarms }),
  };
  if (model.engine !== "sagemaker") {
    const { knowledge, engine = "bedrock", ...others } = model;
    // Documents lie in the curated zone: the folders beside theirs hold tables.
    const bedrock = { ...others, ...(knowledge && { knowledge: { ...knowledge, bucket: lake.zones.curated } }) };
    return new GenAiEndpoint("ai", { ...common, engine, bedrock }, opts);
  }
  if (modelImages === undefined || model.image === undefined) {
    void log.warn(
      "The model is not made: the stack file has no image for it. Push one to the repository of output repositoryUrls.model " +
        `under the full git SHA, then commit that SHA to Pulumi.${settings.stack}.yaml as kiban:ai.image.`,
    );
    return undefined;
  }
  const sagemaker = sageMakerEngine(model, { repository: modelImages, ...lake.zones });
  return new GenAiEndpoint("ai", { ...common, engine: model.engine, sagemaker }, opts);
}

/** Folder of the documents that the model answers from; undefined without them. */
export function documentsOf({ ai }: Pick<Settings, "ai">): string | undefined {
  return ai === undefined || ai.engine === "sagemaker" ? undefined : ai.knowledge?.prefix;
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
