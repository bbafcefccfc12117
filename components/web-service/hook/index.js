"use strict";

// The SDK comes with the runtime. Only this file touches it, so that the tests run the rest against a fake.
const ecs = require("@aws-sdk/client-ecs");

const { createHandler } = require("./handler.js");

const client = new ecs.ECSClient({ maxAttempts: 5 });

exports.handler = createHandler({
  ecs: (name, input) => client.send(new ecs[`${name}Command`](input)),
  now: () => Date.now(),
  log: console,
});
