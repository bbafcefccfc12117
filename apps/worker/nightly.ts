import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { logTo } from "./log";
import { ordersIn } from "./orders";

const log = logTo((line) => process.stdout.write(line), { sha: process.env["GIT_SHA"] ?? "unknown" });

/** The nightly report: one line with the number of orders by status, which a metric filter or Logs Insights can read. */
async function main(): Promise<void> {
  const table = process.env["ORDERS_NAME"];
  if (table === undefined) throw new Error("ORDERS_NAME is not set");
  log("info", "orders", { counts: await ordersIn(new DynamoDBClient({}), table).counts() });
}

main().catch((error: unknown) => {
  log("error", "report failed", { error: error instanceof Error ? error.stack : String(error) });
  process.exitCode = 1;
});
