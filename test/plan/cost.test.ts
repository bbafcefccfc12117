import assert from "node:assert/strict";
import { join } from "node:path";

import type { Plan } from "../../plan/run";
import { plan, projects } from "./command";

const shop = join(projects, "shop");

describe("npm run plan -- <stack> --cost", function () {
  this.timeout(60_000);

  it("prints the estimate after the plan: a tree with idle, low, expected and high", async () => {
    const { code, stdout } = await plan(shop, ["dev", "--cost"]);
    assert.equal(code, 0);
    const [, cost = ""] = stdout.split(/^Duration: .*\n\n/m);
    const expected = [
      "Cost, USD a month before tax, list prices (ap-northeast-1 of 2026-09-03), use as usage.yaml says:",
      "                                                                               idle   low  expected   high",
      "  shop                                                                         0.00  0.25      2.50  25.00",
      "    shop-bucket (aws:s3/bucket:Bucket), data: 100 x 0.025 USD/GB-month (first 50 TB)  0.00  0.25      2.50  25.00",
      "  total                                                                        0.00  0.25      2.50  25.00",
      "",
      "  Free:",
      "    describes access, which AWS does not bill: aws:s3/bucketPolicy:BucketPolicy",
      "    AWS's own events and standard parameters are free: aws:ssm/parameter:Parameter",
    ];
    const squeezed = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll(/ {2,}/g, "  "));
    assert.deepEqual(squeezed(cost.trimEnd().split("\n")), squeezed(expected));
    // Numbers stand under each other.
    const ends = cost
      .split("\n")
      .slice(1, 5)
      .map((line) => line.length);
    assert.equal(new Set(ends).size, 1);
  });

  it("has it in the JSON, and without --cost has none", async () => {
    const [withCost, without] = await Promise.all([
      plan(shop, ["dev", "--cost", "--json", "-"]),
      plan(shop, ["dev", "--json", "-"]),
    ]);
    const { cost } = JSON.parse(withCost.stdout) as Plan;
    assert.deepEqual(cost?.total.all, { low: 0.25, expected: 2.5, high: 25 });
    assert.equal((JSON.parse(without.stdout) as Plan).cost, undefined);
  });

  it("refuses to guess what --as-preview leaves unknown, and a project without assumptions", async () => {
    const preview = await plan(shop, ["dev", "--cost", "--as-preview"]);
    assert.equal(preview.code, 2);
    assert.match(preview.stderr, /--cost needs to read what --as-preview leaves unknown: take one of them/);
    const bare = await plan(join(projects, "cases"), ["fine", "--cost"]);
    assert.equal(bare.code, 2);
    assert.match(bare.stderr, /no usage\.yaml in .*: --cost needs to know what a month looks like/);
  });
});
