import { createServer } from "node:http";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CognitoJwtVerifier } from "aws-jwt-verify";

import { appOf } from "./app";
import { logTo } from "./log";
import { ordersIn } from "./orders";

/** A variable that the task definition sets; without it the task ends at once, and the deployment with it. */
function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}

const sha = process.env["GIT_SHA"] ?? "unknown";
const log = logTo((line) => process.stdout.write(line));

const verifier = CognitoJwtVerifier.create({
  userPoolId: variable("USERS_ISSUER").split("/").at(-1) ?? "",
  clientId: variable("USERS_AUDIENCE").split(","),
  tokenUse: "access",
});
const server = createServer(
  appOf({
    orders: ordersIn(new DynamoDBClient({}), variable("ORDERS_NAME")),
    customerOf: async (token) => (await verifier.verify(token)).sub,
    sha,
    log,
  }),
);
// Longer than the load balancer's 60 seconds: else it may send a request into a connection that is just closed here.
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env["PORT"] ?? 8080), () => log("info", "listening", { sha, address: server.address() }));

/** ECS has taken the task out of the load balancer before it sends this: what is under way is finished, nothing new comes. */
process.once("SIGTERM", () => {
  log("info", "stopping");
  server.close(() => {
    log("info", "stopped");
    process.exit(0);
  });
  server.closeIdleConnections();
});
