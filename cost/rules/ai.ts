import type { PlannedResource } from "../../plan/run";
import { block, hoursAMonth, idle, list, number, type Rules, type Setting, text, unpriced, use } from "../pricer";
import type { PriceKey } from "../prices";
import { product } from "../range";
import { averageBounds } from "../schedule";

/** Where a model's tokens stand in the table: by a part of its id, and whether a profile of all regions or of one area. */
const models: readonly (readonly [RegExp, (prefix: string) => readonly [PriceKey, PriceKey?] | undefined])[] = [
  [/anthropic\.claude-haiku-4-5/, (prefix) => claude("claudeHaiku45", prefix)],
  [/anthropic\.claude-haiku-5-5/, (prefix) => claude("claudeHaiku55", prefix)],
  [/anthropic\.claude-sonnet-5-5/, (prefix) => claude("claudeSonnet55", prefix)],
  [/amazon\.nova-2-lite/, (prefix) => (prefix === "" ? undefined : tokens("bedrock.nova2Lite.geo"))],
  [/amazon\.nova-lite/, () => tokens("bedrock.novaLite")],
  [/amazon\.nova-pro/, () => tokens("bedrock.novaPro")],
  [/amazon\.titan-embed-text-v2/, () => ["bedrock.titanEmbedV2.input"]],
];

type WithBoth<K> = K extends `${infer Model}.output` ? Model : never;

function tokens(model: WithBoth<PriceKey>): readonly [PriceKey, PriceKey] {
  return [`${model}.input`, `${model}.output`] as const;
}

function claude(model: "claudeHaiku45" | "claudeHaiku55" | "claudeSonnet55", prefix: string) {
  return tokens(`bedrock.${model}.${prefix === "global" ? "global" : "geo"}`);
}

function ofProfile({ inputs }: PlannedResource, { usage }: Setting) {
  const arn = text(block(inputs["modelSource"])["copyFrom"]);
  const id = arn.slice(arn.lastIndexOf("/") + 1);
  const prefix = /^([a-z-]+)\.[a-z0-9-]+\./.exec(id)?.[1] ?? "";
  const [input, output] = models.find(([pattern]) => pattern.test(id))?.[1](prefix) ?? [];
  if (input === undefined) return [unpriced("tokens", `no price of ${id} at hand`)];
  return [
    use("input tokens", input, usage.ai.millionInputTokens),
    ...(output === undefined ? [] : [use("output tokens", output, usage.ai.millionOutputTokens)]),
  ];
}

const instancePrices: Readonly<Record<string, PriceKey>> = {
  "ml.m5.large": "sagemaker.endpoint.ml.m5.large",
  "ml.g5.xlarge": "sagemaker.endpoint.ml.g5.xlarge",
};

/** Share of the month in which there is an endpoint of the configuration, where schedules make and delete it. */
function shareOfMonth(configuration: PlannedResource, { referredBy }: Setting): number {
  const [endpoint] = referredBy(configuration, "aws:sagemaker/endpoint:Endpoint", "endpointConfigName");
  if (endpoint === undefined) return 1;
  const actions = referredBy(endpoint, "aws:scheduler/schedule:Schedule", "target").flatMap(({ inputs }) => {
    const expression = text(inputs["scheduleExpression"]);
    const call = text(block(inputs["target"])["arn"]).split(":").at(-1);
    if (call === "createEndpoint") return [{ expression, min: 1, max: 1 }];
    return call === "deleteEndpoint" ? [{ expression, min: 0, max: 0 }] : [];
  });
  return actions.length === 0 ? 1 : averageBounds({ min: 1, max: 1 }, actions).min;
}

function ofVariant(given: unknown, configuration: PlannedResource, setting: Setting) {
  const { usage } = setting;
  const variant = block(given);
  const serverless = block(variant["serverlessConfig"]);
  const memory = number(serverless["memorySizeInMb"], 0);
  if (memory > 0) {
    const { thousandRequests, secondsPerRequest } = usage.ai;
    const seconds = product(thousandRequests, 1000, secondsPerRequest, memory / 1024);
    return use("time of requests", "sagemaker.serverless.gbSecond", seconds);
  }
  const type = text(variant["instanceType"]);
  const price = instancePrices[type];
  if (price === undefined) return unpriced("instances", `no price of ${type} at hand`);
  if (configuration.inputs["asyncInferenceConfig"] !== undefined) {
    return use(`${type}, while requests wait`, price, usage.ai.asyncHours);
  }
  const count = number(variant["initialInstanceCount"], 1);
  return idle(`${count} x ${type}`, price, count * hoursAMonth * shareOfMonth(configuration, setting));
}

/** Models and what bounds them. */
export const ai: Rules = {
  "aws:bedrock/inferenceProfile:InferenceProfile": ofProfile,
  "aws:bedrock/guardrail:Guardrail": () => [
    unpriced("checks", "billed by units of text, of which no price is at hand"),
  ],
  "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput": ({ inputs }) => {
    const units = number(inputs["modelUnits"], 1);
    // A GenAiEndpoint says what its owner was told.
    const usdPerUnit = number(block(inputs["tags"])["UnitUsdPerHour"], 0);
    if (usdPerUnit <= 0) return [unpriced("reserved units", `AWS tells each account its price; ${units} units`)];
    return [idle(`${units} reserved`, { usdPerUnit, unit: "unit-hour, as stated" }, units * hoursAMonth)];
  },
  "aws:s3/vectorsIndex:VectorsIndex": () => [
    unpriced(
      "vectors",
      "billed by what is put, kept and asked, of which no price is at hand; nothing while it is empty",
    ),
  ],
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (configuration, setting) =>
    list(configuration.inputs["productionVariants"]).map((variant) => ofVariant(variant, configuration, setting)),
  // By the budget and day, however many actions a budget has. The first two of an account are free: no offer for a first
  // year, but the price's first tier.
  "aws:budgets/budgetAction:BudgetAction": ({ inputs }) => [
    {
      ...idle("budget with actions", "budgets.actionEnabled", hoursAMonth / 24),
      firstFree: "budgets.freeTier.actionDays",
      ...(text(inputs["budgetName"]) !== "" && { once: `action of ${text(inputs["budgetName"])}` }),
    },
  ],
};
