"use strict";

const { createDelivery, maxRowBytes } = require("./delivery.js");

/** Rows go to Firehose, each as a line of JSON. */
exports.createHandler = ({ put, transform, sleep, deliveryStream }) =>
  exports.handlerOf({ transform, encode: line, deliver: createDelivery({ put, sleep, deliveryStream }) });

/**
 * Turns a batch of stream records into rows and delivers them, in order, up to the first record that fails. The answer
 * names that record: Lambda goes on from there, and does not send again what came before.
 */
exports.handlerOf = ({ transform = (value) => value, encode, deliver }) => {
  if (typeof transform !== "function") throw new Error("the module exports no function `transform`");

  return async ({ Records: records }) => {
    const rows = [];
    let bad;
    for (const [index, record] of records.entries()) {
      try {
        for (const row of await rowsOf(transform, record)) rows.push({ index, data: encode(row) });
      } catch (error) {
        bad = { index, error, forGood: true };
        break;
      }
    }
    const failed = (await deliver(rows)) ?? bad;
    if (failed === undefined) return { batchItemFailures: [] };
    // The answer would send the whole batch again, and give it up as a whole in the end. An error has it halved, until
    // the bad record is alone; nothing was delivered yet that would come twice.
    if (failed.forGood && failed.index === 0 && records.length > 1) {
      throw new Error(`record ${records[0].kinesis.sequenceNumber}: ${failed.error.message}`);
    }
    return failure(records[failed.index], failed.error);
  };
};

/** The record stays out of the log: it may hold what only readers of the lake may see. */
function failure({ kinesis: { sequenceNumber } }, error) {
  console.error(JSON.stringify({ message: "record failed", sequenceNumber, reason: error.message }));
  return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
}

/** Nothing, one row or several. */
async function rowsOf(transform, { kinesis }) {
  const { partitionKey, sequenceNumber, approximateArrivalTimestamp } = kinesis;
  const result = await transform(parsed(kinesis.data), {
    partitionKey,
    sequenceNumber,
    arrivedAt: new Date(approximateArrivalTimestamp * 1000),
  });
  if (result === undefined || result === null) return [];
  return (Array.isArray(result) ? result : [result]).map(object);
}

function parsed(data) {
  try {
    return JSON.parse(Buffer.from(data, "base64").toString("utf8"));
  } catch {
    // The parser's own message quotes the text.
    throw new Error("not JSON");
  }
}

function object(row) {
  if (typeof row !== "object" || row === null || Array.isArray(row)) throw new Error("the row is no JSON object");
  return row;
}

function line(row) {
  const data = Buffer.from(`${JSON.stringify(row)}\n`);
  if (data.length > maxRowBytes) throw new Error(`the row has ${data.length} bytes; Firehose takes ${maxRowBytes}`);
  return data;
}
