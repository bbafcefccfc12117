import { z } from "zod";

import { check as checkBudget } from "../components/budget/check";
import { settleEngine } from "../components/gen-ai-endpoint/settle";
import type { BedrockEngine } from "../components/gen-ai-endpoint/types";
import { Faults } from "../components/shared/check";
import { choice, flag, group, list, retention, text, whole } from "./builders";
import { ownModel, sageMakerFaults } from "./sagemaker";

const number = (allowed: string) => z.number({ error: allowed });
const words = z.string({ error: "text" });
const usd = number("USD");
// What AWS takes of these is the component's to check: `bedrockFaults` puts its words beside those of the schema.
const guardrail = group({
  content: choice("low", "medium", "high").exactOptional(),
  promptAttack: choice("low", "medium", "high").exactOptional(),
  mask: z.array(words, { error: "a list of kinds of personal data" }).exactOptional(),
  block: z.array(words, { error: "a list of kinds of personal data" }).exactOptional(),
  patterns: z.record(z.string(), group({ pattern: words, action: choice("mask", "block") })).exactOptional(),
  topics: z.record(z.string(), group({ definition: words, examples: z.array(words).exactOptional() })).exactOptional(),
  words: z.array(words, { error: "a list of words" }).exactOptional(),
  profanity: flag.exactOptional(),
  tier: choice("classic", "standard").exactOptional(),
  refusedPrompt: words.exactOptional(),
  refusedAnswer: words.exactOptional(),
});
const provisioned = group({
  units: number("model units"),
  commitment: choice("none", "oneMonth", "sixMonths"),
  unitUsdPerHour: usd,
  acknowledge: words,
  boughtOn: words.exactOptional(),
});

const thresholds = group({
  throttles: whole(1, 1_000_000).exactOptional(),
  errors: whole(1, 1_000_000).exactOptional(),
  latencySeconds: whole(1, 3600, " seconds").exactOptional(),
});

const onBedrock = group({
  engine: z.literal("bedrock").exactOptional(),
  model: words,
  capacity: z
    .union([z.literal("onDemand"), group({ provisioned })], {
      error: "onDemand, or provisioned: { units, commitment, unitUsdPerHour, acknowledge }",
    })
    .exactOptional(),
  ceiling: group({
    usdPerHour: usd,
    tokensPerMinute: number("tokens a minute"),
    watch: choice("alarm", "calls").exactOptional(),
  }).exactOptional(),
  listPrice: group({
    inputUsd: usd,
    outputUsd: usd,
    cacheReadUsd: usd.exactOptional(),
    cacheWriteUsd: usd.exactOptional(),
  }).exactOptional(),
  destinationRegions: z.array(words, { error: "a list of regions" }).exactOptional(),
  guardrail: z
    .union([z.literal(false), guardrail], { error: "false, or what the guardrail does (see GenAiEndpoint)" })
    .exactOptional(),
  knowledge: group({
    prefix: words,
    embeddingModel: words.exactOptional(),
    dimensions: number("numbers in a vector").exactOptional(),
  }).exactOptional(),
  costTags: z.record(z.string(), words, { error: "tags" }).exactOptional(),
  invocationLogGroup: words.exactOptional(),
  alarms: z
    .union([z.literal(false), thresholds], { error: "false, or { throttles, errors, latencySeconds }" })
    .exactOptional(),
  logRetentionDays: retention,
});
// Its alarms cannot be off: they roll an update back.
const onSageMaker = group({ ...ownModel, alarms: thresholds.exactOptional(), logRetentionDays: retention });

/** The model that the stack may invoke: of Bedrock, or one of one's own. */
export const ai = z.discriminatedUnion("engine", [onBedrock, onSageMaker], {
  error: ({ code }) => (code === "invalid_union" ? "bedrock or sagemaker; without it bedrock" : "a block of keys"),
});

/** What the stack may cost in a month. */
export const budget = group({
  limitUsd: usd,
  percentages: list(number("a percentage"), "a list of percentages").exactOptional(),
  ai: group({ limitUsd: usd, services: list(words, "a list of services").exactOptional() }).exactOptional(),
  anomalies: group({
    fromUsd: usd,
    monitorArn: text(/^arn:aws[a-z-]*:ce::\d{12}:anomalymonitor\/.+$/, "ARN of the account stack's monitor"),
  }).exactOptional(),
  costTagsActive: flag.default(false),
});

/** Stands for the bucket of the documents, which is made later: the lake's, whatever the stack file says. */
const lake = { bucketArn: "" };

/** What the component would say of the model in the stack, in terms of the stack file. */
export function aiFaults(
  { region, keep = false }: { readonly region: string; readonly keep: boolean | undefined },
  settings: z.infer<typeof ai>,
): string[] {
  return settings.engine === "sagemaker" ? sageMakerFaults(keep, settings) : bedrockFaults(region, settings);
}

function bedrockFaults(region: string, settings: z.infer<typeof onBedrock>): string[] {
  const { engine: ___, logRetentionDays: _, alarms: __, knowledge, ...bedrock } = settings;
  const faults = new Faults("GenAiEndpoint", "ai");
  const engine: BedrockEngine = { ...bedrock, ...(knowledge && { knowledge: { ...knowledge, bucket: lake } }) };
  settleEngine({ region, bedrock: engine }, faults);
  return faults.all.map((line) => line.replace(/^bedrock\./, "kiban:ai.").replace(/^region:/, "kiban:account.region:"));
}

/** What the component would say of the limits, in terms of the stack file. */
export function budgetFaults(settings: z.infer<typeof budget>): string[] {
  const faults = new Faults("Budget", "budget");
  checkBudget({ ...settings, receivers: { topicArn: "" } }, faults);
  return faults.all.map((line) => `kiban:budget.${line}`);
}
