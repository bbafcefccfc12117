"use strict";

// The SDK comes with the runtime. Only this file touches it, so that the tests run the rest against fakes.
const { FirehoseClient, PutRecordBatchCommand } = require("@aws-sdk/client-firehose");

const { createHandler } = require("./handler.js");

const firehose = new FirehoseClient();

exports.handler = createHandler({
  put: (input) => firehose.send(new PutRecordBatchCommand(input)),
  // Absent without code of the user's: the record's own JSON is the row.
  transform: process.env.TRANSFORM === undefined ? undefined : require(process.env.TRANSFORM).transform,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  deliveryStream: process.env.DELIVERY_STREAM,
});
