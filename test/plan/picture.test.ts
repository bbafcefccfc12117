import assert from "node:assert/strict";

import { graphOf } from "../../plan/picture/graph";
import { box, layOut, type Box } from "../../plan/picture/layout";
import { svgOf } from "../../plan/picture/svg";
import { tiers } from "../../plan/picture/tiers";
import { nameOf } from "../../plan/urn";
import { PlanBuilder, shop } from "./page-fixture";

const arrows = (plan = shop().build()): string[] =>
  graphOf(plan)
    .edges.filter(({ kinds }) => !kinds.includes("rests"))
    .map(({ from, to, kinds }) => `${nameOf(from)} ${kinds.join("+")} ${nameOf(to)}`)
    .sort();

const overlap = (a: Box, b: Box): boolean =>
  Math.abs(a.x - b.x) < box.width && Math.abs(a.y - b.y) < box.height && a.node.urn !== b.node.urn;

/** A chain of programs, each with a table of its own and the next one's. */
function large(pairs: number): PlanBuilder {
  const plan = new PlanBuilder().add("shop:index:Key", "key").add("aws:kms/key:Key", "key-key", { parent: "key" });
  for (let i = 0; i < pairs; i++) {
    plan.add("shop:index:Table", `table-${i}`);
    plan.add("aws:dynamodb/table:Table", `table-${i}-table`, { parent: `table-${i}` });
  }
  for (let i = 0; i < pairs; i++) {
    plan
      .add("shop:index:Program", `program-${i}`)
      .add("aws:ecs/service:Service", `service-${i}`, { parent: `program-${i}` });
    const policy = [`table-${i}-table`, `table-${(i + 1) % pairs}-table`];
    plan.add("aws:iam/rolePolicy:RolePolicy", `policy-${i}`, { parent: `program-${i}`, from: { policy } });
  }
  return plan;
}

describe("the picture of a stack", function () {
  this.timeout(60_000);

  it("has a box for each component, in the row of what it is", () => {
    const rows = graphOf(shop().build()).nodes.map(({ tier, kind, name, resources }) => [tier, kind, name, resources]);
    assert.deepEqual(rows, [
      ["foundations", "Key", "key", 1],
      ["foundations", "Logs", "logs", 1],
      ["way-in", "Balancer", "web", 3],
      ["front", "Site", "site", 2],
      ["data", "Table", "orders", 1],
      ["programs", "Program", "api", 6],
    ]);
  });

  it("draws what serves, reaches and uses what, the way a request goes", () => {
    assert.deepEqual(arrows(), ["api uses orders", "site serves web", "web reaches+serves api"]);
  });

  it("shows a bucket that a program uses as data, even where it takes logs too", () => {
    const plan = shop().add("aws:iam/rolePolicy:RolePolicy", "api-logs", {
      parent: "api",
      from: { policy: ["logs-bucket"] },
    });
    assert.equal(graphOf(plan.build()).nodes.find(({ name }) => name === "logs")?.tier, "data");
    assert.ok(arrows(plan.build()).includes("api uses logs"));
  });

  it("shows resources that belong to no component, and counts findings where they are", () => {
    const plan = shop()
      .add("aws:sqs/queue:Queue", "jobs")
      .finding("mandatory", "sqs-sse", "jobs", "wrong")
      .finding("advisory", "x", "api-policy", "wrong");
    const { nodes } = graphOf(plan.build());
    assert.deepEqual(
      nodes
        .filter(({ mandatory, advisory }) => mandatory + advisory > 0)
        .map(({ kind, name, mandatory, advisory }) => ({ kind, name, mandatory, advisory })),
      [
        { kind: "Program", name: "api", mandatory: 0, advisory: 1 },
        { kind: "sqs/queue", name: "jobs", mandatory: 1, advisory: 0 },
      ],
    );
  });

  it("keeps 61 components apart, their tiers in order, within a width that can be read", async () => {
    const { boxes, lines, rows, width } = await layOut(graphOf(large(30).build()));
    assert.equal(boxes.length, 61);
    assert.equal(lines.length, 60);
    assert.deepEqual(
      boxes.filter((one) => boxes.some((other) => overlap(one, other))),
      [],
    );
    assert.deepEqual(
      rows.map(({ tier }) => tier),
      ["programs", "data", "foundations"],
    );
    assert.deepEqual(
      [...rows].sort((a, b) => a.y - b.y),
      rows,
    );
    assert.ok(boxes.every(({ x }) => x >= 0 && x + box.width <= width));
    assert.ok(rows.every(({ tier }) => tiers.includes(tier)));
  });

  it("is the same for the same plan", async () => {
    const draw = async (): Promise<string> => svgOf(await layOut(graphOf(shop().build())), "shop");
    assert.equal(await draw(), await draw());
  });

  it("takes names as text", async () => {
    const plan = new PlanBuilder().add("aws:sqs/queue:Queue", `<script>"&'`).build();
    const svg = svgOf(await layOut(graphOf(plan)), "<b>");
    assert.ok(!svg.includes("<script>") && !svg.includes("<b>"));
    assert.match(svg, /&lt;script&gt;&quot;&amp;&#39;/);
  });

  it("is empty, and not broken, for a stack without resources", async () => {
    const svg = svgOf(await layOut(graphOf(new PlanBuilder().build())), "nothing");
    assert.match(svg, /^<svg [^>]*width="\d+"[^]*<\/svg>$/);
  });
});
