"use strict";

// The SDK comes with the runtime. Only this file touches it, so that the tests run the rest against fakes.
const cloudwatch = require("@aws-sdk/client-cloudwatch");
const iam = require("@aws-sdk/client-iam");
const sns = require("@aws-sdk/client-sns");

const { createHandler } = require("./handler.js");

/** `send("AttachRolePolicy", input)` for a client and the module that has its commands. */
const sender = (client, commands) => (name, input) => client.send(new commands[`${name}Command`](input));

exports.handler = createHandler({
  iam: sender(new iam.IAMClient(), iam),
  cloudwatch: sender(new cloudwatch.CloudWatchClient(), cloudwatch),
  sns: sender(new sns.SNSClient(), sns),
  env: process.env,
  now: Date.now,
});
