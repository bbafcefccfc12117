import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { UsageError } from "../plan/usage";
// Its keys are the names that a rule may use: one that is not in the table does not compile.
import type tokyo from "../prices/ap-northeast-1.json";

/** Name of an entry of a table. */
export type PriceKey = keyof (typeof tokyo)["prices"];

/** How far an entry can be relied on: two sources or an official page, one source, or none. */
export type Confidence = "high" | "medium" | "low";

const entry = z.strictObject({
  /** In USD for one unit; `null` where none was found. */
  price: z.number().min(0).nullable(),
  unit: z.string().min(1),
  source: z.string().min(1),
  sourceDate: z.string().min(1),
  confidence: z.enum(["high", "medium", "low"]),
  note: z.string().min(1).optional(),
});

/** A table of `prices/`. */
export const tableSchema = z.strictObject({
  region: z.string(),
  currency: z.literal("USD"),
  /** Day of the price list that most entries come from. */
  asOf: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  prices: z.record(z.string(), entry),
});

export type PriceEntry = z.infer<typeof entry>;
export type PriceTable = z.infer<typeof tableSchema>;

export const pricesDirectory = join(__dirname, "..", "prices");

/** Reads the table of a region; a region without one names the command that makes it. */
export function readPrices(region: string, directory = pricesDirectory): PriceTable {
  const path = join(directory, `${region}.json`);
  if (!existsSync(path)) {
    throw new UsageError(`no prices for ${region} (prices/${region}.json): npm run prices -- --region ${region}`);
  }
  const result = tableSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (result.success) return result.data;
  throw new UsageError(`prices/${region}.json is no price table: ${z.prettifyError(result.error)}`);
}

/** Days after which a table is old. AWS changes a list price a few times a year. */
const freshDays = 180;

/** What to say of a table's age; `undefined` while it is fresh. */
export function staleness({ region, asOf }: Pick<PriceTable, "region" | "asOf">, today: Date): string | undefined {
  const days = Math.floor((today.getTime() - Date.parse(asOf)) / 86_400_000);
  if (days <= freshDays) return undefined;
  return `the prices of ${region} are ${days} days old (${asOf}): npm run prices -- --region ${region}`;
}
