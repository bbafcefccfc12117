import assert from "node:assert/strict";

import { deltaOf, sentenceOf } from "../../cost/delta";
import type { Estimate } from "../../cost/types";
import { costOf, resource } from "./fixture";

const network = resource("kiban:index:Network", "network");
const nat = (name: string) => resource("aws:ec2/natGateway:NatGateway", name, { parent: network });
const orders = resource("kiban:index:Table", "orders");
const table = resource("aws:dynamodb/table:Table", "orders-table", {
  inputs: { billingMode: "PAY_PER_REQUEST" },
  parent: orders,
});
const reads = "tables: { millionReads: [10, 100, 1000] }";

const shown = (before: Estimate, after: Estimate) => {
  const { total, components } = deltaOf(before, after);
  const cents = (usd: number): string => usd.toFixed(2);
  return [
    ...components.map(({ kind, name, all }) => `${kind} ${name} ${cents(all.expected)}`),
    `total ${cents(total.idle.expected)} ${cents(total.use.expected)}`,
  ];
};

describe("what a change costs", () => {
  const one = costOf([network, nat("a")], reads);
  const two = costOf([network, nat("a"), nat("b"), orders, table], reads);

  it("is told by component, the greatest difference first, new and gone ones by name", () => {
    assert.deepEqual(shown(one, two), ["changed network 45.26", "new orders 14.25", "total 45.26 14.25"]);
    assert.deepEqual(shown(two, one), ["changed network -45.26", "gone orders -14.25", "total -45.26 -14.25"]);
    assert.deepEqual(shown(two, two), ["total 0.00 0.00"]);
  });

  it("names no component that stays as it is", () => {
    const more = costOf([network, nat("a"), orders, table], reads);
    assert.deepEqual(shown(one, more), ["new orders 14.25", "total 0.00 14.25"]);
  });

  const sentences: [string, Estimate, Estimate, string][] = [
    ["dearer", one, two, "this change adds about 60 USD a month to prod (47 to 188)"],
    ["cheaper", two, one, "this change takes about 60 USD a month off prod (47 to 188)"],
    ["the same", two, two, "this change costs nothing in prod"],
    [
      "for certain",
      costOf([network, nat("a")]),
      costOf([network, nat("a"), nat("b")]),
      "this change adds about 45 USD a month to prod",
    ],
    [
      "cheaper at rest and dearer when busy",
      one,
      costOf([orders, table], reads),
      "this change takes about 31 USD a month off prod (-43.83 to 97.24)",
    ],
  ];
  for (const [what, before, after, expected] of sentences) {
    it(`is said in a sentence: ${what}`, () => assert.equal(sentenceOf(deltaOf(before, after), "prod"), expected));
  }
});
