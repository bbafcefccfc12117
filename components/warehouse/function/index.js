"use strict";

// The SDK comes with the runtime. Only this file touches it, so that the tests run the rest against fakes.
const redshiftData = require("@aws-sdk/client-redshift-data");
const secretsManager = require("@aws-sdk/client-secrets-manager");

const { createHandler } = require("./handler.js");
// Put beside this file when the function is packaged: it is AuroraCluster's.
const rotation = require("./rotation.js");

/** `send("ExecuteStatement", input)` for a client and the module that has its commands. */
const sender = (client, commands) => (name, input) => client.send(new commands[`${name}Command`](input));

exports.handler = createHandler({
  data: sender(new redshiftData.RedshiftDataClient(), redshiftData),
  secrets: sender(new secretsManager.SecretsManagerClient(), secretsManager),
  sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  env: process.env,
  rotation,
});
