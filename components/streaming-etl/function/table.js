"use strict";

/**
 * Puts items `{ index, data }` one after the other, so that the last record of a key wins, and answers with the first
 * that did not get through. One that the table will never take, without its keys or too large, is bad for good.
 */
exports.createTableDelivery = ({ put, tableName }) => {
  return async (items) => {
    for (const { index, data } of items) {
      try {
        await put({ TableName: tableName, Item: data });
      } catch (error) {
        return { index, error, forGood: error.name === "ValidationException" };
      }
    }
    return undefined;
  };
};
