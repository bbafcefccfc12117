"use strict";

// The SDK comes with the runtime. Only this file touches it, so that the tests run the rest against fakes.
const rdsData = require("@aws-sdk/client-rds-data");
const secretsManager = require("@aws-sdk/client-secrets-manager");
const rds = require("@aws-sdk/client-rds");

const { createHandler } = require("./handler.js");

/** `send("ExecuteStatement", input)` for a client and the module that has its commands. */
const sender = (client, commands) => (name, input) => client.send(new commands[`${name}Command`](input));

exports.handler = createHandler({
  data: sender(new rdsData.RDSDataClient(), rdsData),
  secrets: sender(new secretsManager.SecretsManagerClient(), secretsManager),
  rds: sender(new rds.RDSClient(), rds),
  sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  env: process.env,
});
