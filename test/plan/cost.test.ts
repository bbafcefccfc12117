import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

  it("refuses to guess what --as-preview leaves unknown", async () => {
    const preview = await plan(shop, ["dev", "--cost", "--as-preview"]);
    assert.equal(preview.code, 2);
    assert.match(preview.stderr, /--cost needs to read what --as-preview leaves unknown: take one of them/);
  });

  describe("against a budget of the plan", () => {
    const branch = join(shop, "branch");
    const cases = [
      ["rich", 0, "Budget all: 30.00 USD a month, which a busy month of this stack does not pass"],
      ["busy", 0, "Budget all: 10.00 USD a month, passed by a busy month (25.00)"],
      [
        "poor",
        4,
        "Budget all: 2.00 USD a month, passed by what is expected, 0.50 more: raise the budget, or spend less",
      ],
    ] as const;
    for (const [stack, code, says] of cases) {
      it(`${stack}: says how it stands, and ends with ${code} where that is asked for`, async () => {
        const asked = await plan(branch, [stack, "--cost", "--fail-over-budget"]);
        assert.deepEqual(
          asked.stdout.split("\n").filter((line) => line.startsWith("  Budget ")),
          [`  ${says}`],
        );
        assert.equal(asked.code, code);
      });
    }

    it("only tells without the flag", async () => {
      const { code, stdout } = await plan(branch, ["poor", "--cost"]);
      assert.equal(code, 0);
      assert.match(stdout, /passed by what is expected/);
    });

    it("says what a change costs against another plan", async () => {
      const file = join(tmpdir(), `kiban-cost-${process.pid}.json`);
      const first = await plan(branch, ["poor", "--json", "-"]);
      const before = JSON.parse(first.stdout) as Plan;
      const resources = before.resources.filter(({ name }) => name !== "things");
      writeFileSync(file, JSON.stringify({ ...before, resources }));
      const { stdout } = await plan(branch, ["poor", "--cost", "--against", file]).finally(() => rmSync(file));
      assert.match(
        stdout,
        /^ {2}this change adds about 2\.50 USD a month to poor \(0\.25 to 25\)\n {4}poor: \+2\.50 \(new\)$/m,
      );
    });

    it("needs an estimate, and a budget to hold it against", async () => {
      const without = await plan(branch, ["poor", "--fail-over-budget"]);
      assert.equal(without.code, 2);
      assert.match(without.stderr, /--fail-over-budget needs the estimate: add --cost/);
      const none = await plan(shop, ["dev", "--cost", "--fail-over-budget"]);
      assert.equal(none.code, 2);
      assert.match(none.stderr, /--fail-over-budget: dev has no monthly budget for all it spends/);
    });
  });
});
