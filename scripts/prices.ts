import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { type Filter, paginateGetProducts, PricingClient } from "@aws-sdk/client-pricing";

import { emptyTable, type Offer, type Question, questions, readOffer, refresh } from "../cost/price-list";
import { pricesDirectory, readPrices } from "../cost/prices";
import { exitCode } from "../plan/usage";

// npm run prices -- --region R: AWS's list prices of a region, by the credentials at hand (pricing:GetProducts). What the
// list does not have stays as it is, and is named.

/** Products of a region that a question is about. */
async function ask(client: PricingClient, region: string, { service, fields }: Question): Promise<Offer[]> {
  const Filters = Object.entries({ regionCode: region, ...fields }).map(([Field, Value]): Filter => ({
    Type: "TERM_MATCH",
    Field,
    Value,
  }));
  const offers: Offer[] = [];
  for await (const page of paginateGetProducts(
    { client },
    { ServiceCode: service, FormatVersion: "aws_v1", Filters },
  )) {
    const products = (page.PriceList ?? []) as readonly unknown[];
    offers.push(...products.flatMap((product) => readOffer(String(product)) ?? []));
  }
  return offers;
}

/** Asks for every entry that has a place in the list, and writes the region's table. Gives what to print. */
export async function refreshPrices(
  client: PricingClient,
  region: string,
  today: string,
  directory = pricesDirectory,
): Promise<string[]> {
  const path = join(directory, `${region}.json`);
  const before = existsSync(path)
    ? readPrices(region, directory)
    : emptyTable(region, readPrices("ap-northeast-1", directory));
  const answers = new Map<string, Offer[]>();
  // One after the other: the API allows few requests a second.
  for (const question of questions()) answers.set(JSON.stringify(question), await ask(client, region, question));
  const given = ({ service, fields }: Question): Offer[] => answers.get(JSON.stringify({ service, fields })) ?? [];
  const { table, changed, missing } = refresh(before, given, today);
  writeFileSync(path, `${JSON.stringify(table, null, 2)}\n`);
  return [
    ...changed.map(({ key, from, to }) => `${key}: ${from ?? "none"} -> ${to}`),
    ...missing.map((key) => `${key}: not found, left as it was`),
    `prices/${region}.json: ${changed.length} changed, ${missing.length} not found, as of ${today}`,
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { region: { type: "string" } }, strict: false });
  const { region } = values;
  if (typeof region !== "string" || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    console.error("usage: npm run prices -- --region <region>, such as ap-northeast-1");
    process.exitCode = exitCode.usage;
    return;
  }
  // The API has few endpoints, and each answers for every region.
  const client = new PricingClient({ region: "us-east-1" });
  const lines = await refreshPrices(client, region, new Date().toISOString().slice(0, 10));
  for (const line of lines) console.log(line);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = exitCode.failed;
  });
}
