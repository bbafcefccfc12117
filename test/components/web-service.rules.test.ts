import assert from "node:assert/strict";

import { type SettledDeployment, settleDeployment } from "../../components/web-service/deployment";
import { fargateSizes, memoryChoices } from "../../components/task/fargate-sizes";
import { isSchedule, isTimezone } from "../../components/task/schedule";

// AWS: ECS Developer Guide, "Task definition parameters for Fargate", task size (32 vCPU: 60, 120 and 244 GB).
const table: [cpu: number, smallest: number, largest: number, count: number, words: string][] = [
  [256, 512, 2048, 3, "512, 1024, 2048"],
  [512, 1024, 4096, 4, "1024 to 4096 in steps of 1024"],
  [1024, 2048, 8192, 7, "2048 to 8192 in steps of 1024"],
  [2048, 4096, 16384, 13, "4096 to 16384 in steps of 1024"],
  [4096, 8192, 30720, 23, "8192 to 30720 in steps of 1024"],
  [8192, 16384, 61440, 12, "16384 to 61440 in steps of 4096"],
  [16384, 32768, 122880, 12, "32768 to 122880 in steps of 8192"],
  [32768, 61440, 249856, 3, "61440, 122880, 249856"],
];

describe("WebService rules", () => {
  describe("Fargate sizes", () => {
    for (const [cpu, smallest, largest, count, words] of table) {
      it(`offers ${count} amounts of memory with ${cpu} CPU units`, () => {
        const sizes = fargateSizes.get(cpu) ?? [];
        assert.equal(sizes.length, count);
        assert.equal(sizes[0], smallest);
        assert.equal(sizes.at(-1), largest);
        assert.equal(memoryChoices(cpu), words);
      });
    }

    it("knows no other CPU size", () => {
      assert.deepEqual(
        [...fargateSizes.keys()],
        table.map(([cpu]) => cpu),
      );
      assert.equal(memoryChoices(300), "");
    });
  });

  describe("schedules", () => {
    const good = [
      "cron(0 20 ? * MON-FRI *)",
      "cron(0 20 * * ? *)",
      "cron(0/15 8-18 ? JAN,JUL 2-6 2026-2030)",
      "cron(30 6 L * ? *)",
      "cron(30 6 15W * ? *)",
      "cron(0 0 ? * 6L *)",
      "cron(0 0 ? * MON#2 *)",
      "at(2026-04-01T09:00:00)",
      "rate(1 day)",
      "rate(5 minutes)",
    ];
    const bad = [
      "",
      "0 20 * * *",
      "cron(0 20 * * ?)",
      "cron(0 20 * * * *)",
      "cron(0 20 ? * ? *)",
      "cron(60 20 ? * MON *)",
      "cron(0 24 ? * MON *)",
      "cron(0 20 ? * MUN *)",
      "cron(0 20 ? 13 MON *)",
      "cron(0 20 32 * ? *)",
      "cron(0  20 ? * MON *)",
      "cron(0 18-8 ? * MON *)",
      "cron(0 20 ? * MON 1969)",
      "at(2026-04-01)",
      "at(2026-02-30T09:00:00)",
      "at(2026-13-01T09:00:00)",
      "rate(1 days)",
      "rate(5 minute)",
      "rate(0 minutes)",
      "rate(5 weeks)",
      " rate(5 minutes)",
    ];
    for (const expression of good) it(`takes ${expression}`, () => assert.ok(isSchedule(expression)));
    for (const expression of bad) it(`refuses "${expression}"`, () => assert.ok(!isSchedule(expression)));
  });

  it("knows time zones by name", () => {
    for (const zone of ["Asia/Tokyo", "Etc/UTC", "America/New_York", "UTC"]) assert.ok(isTimezone(zone), zone);
    for (const zone of ["Asia/Tokio", "", "+09:00", "JST-9"]) assert.ok(!isTimezone(zone), zone);
  });

  describe("deployment defaults", () => {
    const none = { hooks: [], percent: 100, minutes: 0 };
    const cases: [string, SettledDeployment, SettledDeployment][] = [
      ["http", settleDeployment(undefined, true), { strategy: "blueGreen", bakeMinutes: 5, ...none }],
      ["a worker", settleDeployment(undefined, false), { strategy: "rolling", bakeMinutes: 0, ...none }],
      [
        "canary",
        settleDeployment({ strategy: "canary" }, true),
        { strategy: "canary", bakeMinutes: 5, hooks: [], percent: 5, minutes: 10 },
      ],
      [
        "linear",
        settleDeployment({ strategy: "linear", bakeMinutes: 0 }, true),
        { strategy: "linear", bakeMinutes: 0, hooks: [], percent: 10, minutes: 6 },
      ],
    ];
    for (const [what, actual, expected] of cases) it(`of ${what}`, () => assert.deepEqual(actual, expected));
  });
});
