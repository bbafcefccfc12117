import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

import { logTo } from "./log";
import { ordersIn } from "./orders";
import { work } from "./work";

const log = logTo((line) => process.stdout.write(line), { sha: process.env["GIT_SHA"] ?? "unknown" });
const table = process.env["ORDERS_NAME"];
if (table === undefined) throw new Error("ORDERS_NAME is not set");

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

log("info", "working");
const pauseSeconds = Number(process.env["PAUSE_SECONDS"] ?? 30);
void work(ordersIn(new DynamoDBClient({}), table), { log, pauseSeconds, stop: stop.signal }).then(() => {
  log("info", "stopped");
});
