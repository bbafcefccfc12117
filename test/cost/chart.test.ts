import assert from "node:assert/strict";

import { costChart } from "../../cost/chart";
import { always } from "../../cost/range";
import type { ComponentCost } from "../../cost/types";

function component(name: string, idle: number, use: number): ComponentCost {
  const all = { low: idle, expected: idle + use, high: idle + 2 * use };
  return {
    name,
    type: "kiban:index:Thing",
    resources: [],
    idle: always(idle),
    use: { ...all, low: 0, expected: use, high: 2 * use },
    all,
  };
}

const total = component("", 30, 10);
const chart = (components: readonly ComponentCost[], stack = "dev") => costChart({ stack, components, total });
const attributes = (svg: string, kind: string, attribute: string): number[] =>
  [...svg.matchAll(new RegExp(`<rect class="${kind}"[^>]* ${attribute}="([^"]+)"`, "g"))]
    .slice(1)
    .map(([, value]) => Number(value));

describe("the chart of an estimate", () => {
  it("has a bar of idle and use for each component, as long as it costs, with its figures", () => {
    const svg = chart([component("web", 20, 0), component("orders", 5, 5)]);
    const [web = 0, orders = 0] = attributes(svg, "idle", "width");
    assert.ok(web > 0 && Math.abs(web / 4 - orders) < 0.1, `${web} and ${orders}`);
    const [use = 0] = attributes(svg, "use", "width");
    assert.equal(use, orders);
    // Use begins where idle ends.
    assert.equal(attributes(svg, "use", "x")[0], 190 + orders);
    assert.match(svg, />20\.00 \(20\.00 to 20\.00\)</);
    assert.match(svg, />10\.00 \(5\.00 to 15\.00\)</);
  });

  it("says in words what it shows", () => {
    const svg = chart([component("orders", 5, 5)]);
    assert.match(svg, /role="img" aria-labelledby="kiban-cost-dev-title kiban-cost-dev-says"/);
    assert.match(svg, /<title id="kiban-cost-dev-title">dev: 40\.00 USD a month, 30\.00 of it idle<\/title>/);
    assert.match(svg, /<desc id="kiban-cost-dev-says">.*: orders 10\.00 \(5\.00 to 15\.00\)<\/desc>/);
  });

  it("takes the page's colours, and has its own for light and dark", () => {
    const svg = chart([]);
    for (const colour of ["ink", "faint", "idle", "use"]) {
      assert.equal(svg.split(`var(--kiban-${colour}, #`).length, 3, colour);
    }
    assert.match(svg, /prefers-color-scheme: dark/);
  });

  it("sums up what is small, and leaves out what costs nothing", () => {
    const many = Array.from({ length: 20 }, (_, i) => component(`c${i}`, 20 - i, 1));
    const svg = chart([...many, component("nothing", 0, 0)]);
    assert.equal(attributes(svg, "idle", "width").length, 15);
    // 6 + 5 + … + 1, and 1 each of use.
    assert.match(svg, />6 others<.*\n.*\n.*\n.*>27\.00 \(21\.00 to 33\.00\)</);
    assert.ok(!svg.includes("nothing"));
  });

  it("writes no name as markup", () => {
    const svg = chart([component('<b>"&', 1, 0)], "a<b>");
    assert.match(svg, />&lt;b&gt;&quot;&amp;</);
    assert.match(svg, /id="kiban-cost-a-b--title"/);
    assert.ok(!svg.includes("<b>"));
  });
});
