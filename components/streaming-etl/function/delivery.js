"use strict";

// Amazon Data Firehose developer guide, "Quota": PutRecordBatch takes 500 records and 4 MiB, a record 1,000 KiB.
const maxRecords = 500;
const maxBytes = 4 * 1024 * 1024;
exports.maxRowBytes = 1000 * 1024;

const attempts = 4;

/**
 * Delivers rows `{ index, data }` and answers with the first record of the batch that has a row which did not get through.
 * Firehose may refuse some of a call: only those are sent again.
 */
exports.createDelivery = ({ put, sleep, deliveryStream }) => {
  async function send(rows) {
    try {
      const Records = rows.map(({ data }) => ({ Data: data }));
      const { RequestResponses = [] } = await put({ DeliveryStreamName: deliveryStream, Records });
      const refused = rows.filter((_, i) => RequestResponses[i]?.ErrorCode !== undefined);
      const code = RequestResponses.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode;
      return { refused, error: new Error(`Firehose refused it: ${code}`) };
    } catch (error) {
      // The SDK has tried again by itself. An error out of the function would send again what earlier calls delivered.
      return { refused: rows, error };
    }
  }

  return async (rows) => {
    for (const call of calls(rows)) {
      let left = await send(call);
      for (let attempt = 1; left.refused.length > 0 && attempt < attempts; attempt++) {
        await sleep(100 * 2 ** attempt);
        left = await send(left.refused);
      }
      // What comes after the failed record comes again, so that sending it now would only make doubles.
      if (left.refused.length > 0) return { index: left.refused[0].index, error: left.error };
    }
    return undefined;
  };
};

/** Rows in as many calls as the limits ask for. */
function calls(rows) {
  const result = [];
  let bytes = 0;
  for (const row of rows) {
    const last = result.at(-1);
    if (last === undefined || last.length === maxRecords || bytes + row.data.length > maxBytes) {
      result.push([row]);
      bytes = row.data.length;
    } else {
      last.push(row);
      bytes += row.data.length;
    }
  }
  return result;
}
