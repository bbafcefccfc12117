import assert from "node:assert/strict";

import { accessMatrix } from "../../plan/access/matrix";
import { comparePlans } from "../../plan/diff/compare";
import { type Plan } from "../../plan/run";
import { reviewMarkdown } from "../../plan/summary/markdown";
import { mermaid } from "../../plan/picture/mermaid";
import { Platform, type Edit } from "./diff-fixture";

describe("the review of a plan for a pull request", function () {
  this.timeout(300_000);
  let platform: Platform;
  let base: Plan;
  const changed = async (...edits: readonly Edit[]): Promise<Plan> => {
    const plan = await platform.plan("stg", ...edits);
    return { ...plan, diff: comparePlans(base, plan, "main (4f2a9d1)") };
  };

  before(async () => {
    platform = new Platform();
    base = await platform.plan("stg");
  });
  after(() => platform.remove());

  it("says first what would be lost, with the ways out, and marks it in the picture", async () => {
    const text = reviewMarkdown(await changed(["index.ts", '"orders",', '"purchases",']));
    assert.match(
      text,
      /^## kiban\/stg\n\n\d+ created, .*\d+ deleted.*, against main \(4f2a9d1\)\.\n\n> \[!CAUTION\]\n/,
    );
    assert.match(text, /> - `orders-table` \(aws:dynamodb\/table:Table\) is \*\*deleted\*\*, and the items with it\n/);
    assert.match(text, />   - a rename\? give Table "purchases" the option aliases: \[\{ name: "orders" \}\]/);
    const order = ["[!CAUTION]", "### New reach", "Changes by component", "### Policies", "```mermaid"];
    const places = order.map((part) => text.indexOf(part));
    assert.ok(
      places.every((place, i) => place > (places[i - 1] ?? 0)),
      String(places),
    );
    assert.match(text, /n\d+\[\("purchases<br\/>Table"\)\]:::created\n/);
    assert.match(text, /n\d+\[\("orders<br\/>Table"\)\]:::lost\n/);
  });

  it("shows new reach as a row: who, which data, what, which way", async () => {
    const edit: Edit = [
      "index.ts",
      "uses: [orders.read] }",
      "uses: [...(database ? [database.connect] : []), orders.read] }",
    ];
    const text = reviewMarkdown(await changed(edit));
    const way = "nightly-security-group > database-main-security-group : 5432";
    assert.ok(text.includes("| `nightly-task-role (task)` | `database-main-cluster` | rds-db:connect; a way through"));
    assert.ok(text.includes(`| ${way} |  |`));
    assert.doesNotMatch(text, /CAUTION/);
  });

  it("is short where nothing changed", async () => {
    const text = reviewMarkdown(await changed());
    assert.match(
      text,
      /^## kiban\/stg\n\nno change, \d+ resources as they were, against main \(4f2a9d1\)\.\n\n### Policies: /,
    );
    assert.doesNotMatch(text, /New reach|Changes by component/);
  });

  it("draws components with data as cylinders, and who works on whose data as arrows", () => {
    const lines = mermaid(base, accessMatrix(base));
    assert.equal(lines[0], "flowchart LR");
    const id = (name: string): string =>
      lines.map((line) => /^ {2}(n\d+)\[\(?"([^<]*)</.exec(line)).find((found) => found?.[2] === name)?.[1] ??
      assert.fail(name);
    assert.ok(lines.includes(`  ${id("orders")}[("orders<br/>Table")]`));
    assert.ok(lines.includes(`  ${id("nightly")}["nightly<br/>ScheduledTask"]`));
    assert.ok(lines.includes(`  ${id("nightly")} -- "read" --> ${id("orders")}`));
    assert.ok(lines.includes(`  ${id("api")} -- "connect" --> ${id("database-main")}`));
    for (const line of lines.slice(1)) {
      assert.match(line, /^ {2}(n\d+(\["[^"]+"\]|\[\("[^"]+"\)\])|n\d+ -- "[^"]+" --> n\d+)$/);
    }
  });
});
