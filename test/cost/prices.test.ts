import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pricesDirectory, readPrices, staleness } from "../../cost/prices";

const regions = readdirSync(pricesDirectory).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);

describe("the price tables", () => {
  it("are there for Tokyo and for what must be in us-east-1", () => {
    assert.ok(regions.includes("ap-northeast-1") && regions.includes("us-east-1"), regions.join());
  });

  for (const region of regions) {
    it(`${region} has the entries of every other, in order, each with its unit, source, date and confidence`, () => {
      const table = readPrices(region);
      assert.equal(table.region, region);
      const keys = Object.keys(table.prices);
      assert.deepEqual(keys, Object.keys(readPrices("ap-northeast-1").prices));
      assert.deepEqual(keys, [...keys].sort());
    });
    it(`${region} has low confidence in what no source gives, and a price in all else`, () => {
      for (const [key, { price, source, confidence }] of Object.entries(readPrices(region).prices)) {
        const none = price === null || /^no source|^not found/.test(source);
        if (none) assert.equal(confidence, "low", key);
      }
    });
  }

  it("name the command that makes one", () => {
    assert.throws(() => readPrices("eu-west-1"), {
      name: "UsageError",
      message: "no prices for eu-west-1 (prices/eu-west-1.json): npm run prices -- --region eu-west-1",
    });
  });

  it("are refused when they are no table", () => {
    const directory = mkdtempSync(join(tmpdir(), "kiban-prices-"));
    try {
      writeFileSync(join(directory, "moon.json"), '{"region":"moon","currency":"JPY","asOf":"2026-09-03","prices":{}}');
      assert.throws(() => readPrices("moon", directory), /prices\/moon\.json is no price table/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("say so when they are over 180 days old", () => {
    const table = { region: "ap-northeast-1", asOf: "2026-01-01" };
    assert.equal(staleness(table, new Date("2026-06-30T12:00:00Z")), undefined);
    assert.equal(
      staleness(table, new Date("2026-07-01T00:00:00Z")),
      "the prices of ap-northeast-1 are 181 days old (2026-01-01): npm run prices -- --region ap-northeast-1",
    );
  });
});
