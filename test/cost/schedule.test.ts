import assert from "node:assert/strict";

import { averageBounds, runsAMonth } from "../../cost/schedule";

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);

describe("how often a schedule comes", () => {
  // 28 years have 10,227 days, 1,461 weeks and 336 months; 7 of the years are leap years.
  const cases: [string, number][] = [
    ["rate(1 minute)", 43_800],
    ["rate(12 hours)", 730 / 12],
    ["rate(1 day)", 730 / 24],
    ["cron(30 2 * * ? *)", 10_227 / 336],
    ["cron(0,30 2-3 * * ? *)", (4 * 10_227) / 336],
    ["cron(0/15 * * * ? *)", (96 * 10_227) / 336],
    ["cron(0 8 ? * MON-FRI *)", (5 * 1461) / 336],
    ["cron(0 8 ? * 1 *)", 1461 / 336],
    ["cron(0 0 1 * ? *)", 1],
    ["cron(0 0 L * ? *)", 1],
    ["cron(0 0 15W * ? *)", 1],
    ["cron(0 0 1W * ? *)", 1],
    ["cron(0 0 31W * ? *)", 7 / 12],
    ["cron(0 0 29 2 ? *)", 7 / 336],
    ["cron(0 0 ? * 6L *)", 1],
    ["cron(0 0 ? * 2#1 *)", 1],
    ["cron(0 0 1 JAN,JUL ? *)", 2 / 12],
    ["at(2026-04-01T09:00:00)", 0],
  ];
  for (const [expression, expected] of cases) {
    it(`${expression}: ${expected.toFixed(3)} times a month`, () => close(runsAMonth(expression), expected));
  }
});

describe("the bounds of a scaled service on average", () => {
  const night = { expression: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };
  const morning = { expression: "cron(0 8 ? * MON-FRI *)", min: 1, max: 2 };

  it("asleep at night and at weekends, it runs 60 hours of a week", () => {
    const { min, max } = averageBounds({ min: 1, max: 2 }, [night, morning]);
    close(min, 60 / 168);
    close(max, 120 / 168);
  });
  it("what nothing wakes stays asleep", () => {
    assert.deepEqual(averageBounds({ min: 1, max: 2 }, [night]), { min: 0, max: 0 });
  });
  it("without actions it is as given", () => {
    assert.deepEqual(averageBounds({ min: 3, max: 12 }, []), { min: 3, max: 12 });
  });
  it("two actions of one day are taken by the clock, whatever their order", () => {
    const noon = { expression: "cron(0 12 * * ? *)", min: 4, max: 4 };
    const evening = { expression: "cron(0 18 * * ? *)", min: 0, max: 0 };
    close(averageBounds({ min: 0, max: 0 }, [evening, noon]).min, 1);
  });
});
