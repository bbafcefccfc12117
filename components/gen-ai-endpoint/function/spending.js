"use strict";

const hour = 3_600_000;

/** What the model's tokens cost in the last 60 minutes, in USD at list price. */
exports.spent = async ({ cloudwatch, env, now }) => {
  // USD for a million tokens, by metric.
  const prices = Object.entries(JSON.parse(env.PRICES));
  const dimension = { Name: "ModelId", Value: env.MODEL_ARN.slice(env.MODEL_ARN.lastIndexOf("/") + 1) };
  const end = now();
  const question = {
    StartTime: new Date(end - hour),
    EndTime: new Date(end),
    MetricDataQueries: prices.map(([MetricName], index) => ({
      Id: `tokens${index}`,
      MetricStat: {
        Metric: { Namespace: "AWS/Bedrock", MetricName, Dimensions: [dimension] },
        // By the minute: a longer period starts at its own bounds, and would leave out what lies before.
        Period: 60,
        Stat: "Sum",
      },
    })),
  };
  const tokens = prices.map(() => 0);
  let next;
  do {
    const page = await cloudwatch("GetMetricData", { ...question, ...(next !== undefined && { NextToken: next }) });
    for (const { Id, Values = [], StatusCode } of page.MetricDataResults ?? []) {
      // Half an answer would look like little spending.
      if (StatusCode === "InternalError" || StatusCode === "Forbidden") throw new Error(`CloudWatch: ${StatusCode}`);
      tokens[Number(Id.slice("tokens".length))] += Values.reduce((sum, value) => sum + value, 0);
    }
    next = page.NextToken;
  } while (next !== undefined);
  return tokens.reduce((sum, count, index) => sum + (count * prices[index][1]) / 1_000_000, 0);
};
