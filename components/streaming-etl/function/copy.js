"use strict";

// The SDK comes with the runtime. Only this file touches it, so that the tests run the rest against fakes.
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const { marshall } = require("@aws-sdk/util-dynamodb");

const { handlerOf } = require("./handler.js");
const { createTableDelivery } = require("./table.js");

const dynamodb = new DynamoDBClient();

exports.handler = handlerOf({
  // Absent without code of the user's: the record's own JSON is the item.
  transform: process.env.TRANSFORM === undefined ? undefined : require(process.env.TRANSFORM).transform,
  encode: (row) => marshall(row, { removeUndefinedValues: true }),
  deliver: createTableDelivery({
    put: (input) => dynamodb.send(new PutItemCommand(input)),
    tableName: process.env.TABLE_NAME,
  }),
});
