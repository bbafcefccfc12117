import type { Faults } from "../shared/check";
import { listPriceOf, type Model, tablesDate } from "./models";
import type { BedrockPlace, ListPrice, SpendCeiling } from "./types";

/** The ceiling, and the prices that tokens are counted at. */
export interface SettledCeiling extends SpendCeiling {
  readonly watch: "alarm" | "calls";
  readonly price: Required<ListPrice>;
  /** How long the stop may take. */
  readonly minutesToStop: number;
  /** The most that may be spent within an hour before the stop acts, in USD. */
  readonly mostLostUsd: number;
}

/**
 * From the first token too many to the last refused request: metrics come by the minute, the alarm looks each minute, the
 * function takes seconds, and IAM needs up to a minute or two until every server knows. A call comes by CloudTrail, of which AWS
 * says 5 minutes on average and guarantees nothing: three times that is counted.
 */
const minutesToStop = { alarm: 5, calls: 5 + 15 } as const;

/** The metrics that are billed by the token, with their price. */
export const billedMetrics: readonly (readonly [id: string, metric: string, price: keyof ListPrice])[] = [
  ["input", "InputTokenCount", "inputUsd"],
  ["output", "OutputTokenCount", "outputUsd"],
  ["cacheRead", "CacheReadInputTokenCount", "cacheReadUsd"],
  ["cacheWrite", "CacheWriteInputTokenCount", "cacheWriteUsd"],
];

export function checkCeiling(
  { bedrock, region }: BedrockPlace,
  model: Model | undefined,
  provisioned: boolean,
  faults: Faults,
): void {
  const { ceiling, listPrice } = bedrock;
  if (provisioned) {
    if (ceiling === undefined) return;
    faults.add("bedrock.ceiling", ceiling, "none with provisioned capacity", "remove it: the price is fixed");
    return;
  }
  if (ceiling === undefined) {
    const cure = "set { usdPerHour, tokensPerMinute }: without one, a loop costs what the account's quota allows";
    faults.add("bedrock.ceiling", ceiling, "a ceiling while capacity is onDemand", cure);
  } else {
    for (const part of ["usdPerHour", "tokensPerMinute"] as const) {
      if (ceiling[part] > 0) continue;
      faults.add(`bedrock.ceiling.${part}`, ceiling[part], "a number above 0", "set one");
    }
    // From settings it may be anything.
    const watch: string = ceiling.watch ?? "alarm";
    if (!Object.keys(minutesToStop).includes(watch)) {
      faults.add("bedrock.ceiling.watch", watch, Object.keys(minutesToStop).join(", "), "set one of them");
    }
  }
  for (const [part, usd] of Object.entries(listPrice ?? {})) {
    if (typeof usd === "number" && usd >= 0) continue;
    faults.add(`bedrock.listPrice.${part}`, usd, "USD for a million tokens, 0 or more", "set the model's price");
  }
  if (listPrice === undefined && model !== undefined && listPriceOf(model, region) === undefined) {
    const allowed = `a price while none is known for ${bedrock.model} in ${region} (as of ${tablesDate})`;
    const cure = "set { inputUsd, outputUsd } from the Bedrock pricing page: the ceiling counts with it";
    faults.add("bedrock.listPrice", listPrice, allowed, cure);
  }
}

/** The ceiling of a checked endpoint. */
export function settleCeiling({ bedrock, region }: BedrockPlace, model: Model): SettledCeiling | undefined {
  const given = bedrock.listPrice ?? listPriceOf(model, region);
  if (bedrock.ceiling === undefined || given === undefined) return undefined;
  const { inputUsd } = given;
  const price = { cacheReadUsd: inputUsd, cacheWriteUsd: 2 * inputUsd, ...given };
  const dearest = Math.max(...Object.values(price));
  const { usdPerHour, tokensPerMinute, watch = "alarm" } = bedrock.ceiling;
  const minutes = minutesToStop[watch];
  const afterwards = (minutes * tokensPerMinute * dearest) / 1_000_000;
  const mostLostUsd = Math.ceil((usdPerHour + afterwards) * 100) / 100;
  return { usdPerHour, tokensPerMinute, watch, price, minutesToStop: minutes, mostLostUsd };
}
