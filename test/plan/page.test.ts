import assert from "node:assert/strict";

import { comparePlans } from "../../plan/diff/compare";
import { pageOf } from "../../plan/page/page";
import { html, json } from "../../plan/page/html";
import { PlanBuilder, readers, shop } from "./page-fixture";

describe("the page of a plan", function () {
  this.timeout(60_000);

  it("takes everything as text but markup", () => {
    assert.equal(
      html`<p>${`<"&'`}${html`<b>${1}</b>`}${[undefined, false, "x"]}</p>`.text,
      "<p>&lt;&quot;&amp;&#39;<b>1</b>x</p>",
    );
    assert.equal(json({ text: "</script>\u2028" }).text, '{"text":"\\u003c/script>\\u2028"}');
  });

  it("has every part, with its number in the navigation", async () => {
    const page = await pageOf(
      shop().finding("advisory", "x", "api-policy", "y is 1: set it to 2").build({ url: "https://shop.example" }),
    );
    const nav = /<nav[^]*?<\/nav>/.exec(page)?.[0] ?? "";
    const links = [...nav.matchAll(/<a href="#(\w+)"[^>]*>([^<]*)(?:<span class="note">([^<]*))?/g)].map(
      ([, id, title = "", count]) => [id, title.trim(), count],
    );
    assert.deepEqual(links, [
      ["picture", "Picture", undefined],
      ["policies", "Policies", "1"],
      ["access", "Access", "0"],
      ["resources", "Resources", "21"],
      ["outputs", "Outputs", "1"],
    ]);
    assert.match(page, /y is 1: set it to 2/);
    assert.match(page, /https:\/\/shop\.example/);
  });

  it("says so where there is no finding, no pack, no output", async () => {
    const plan = shop().build();
    const page = await pageOf(plan);
    assert.match(page, /No finding: 1 policies of kiban have nothing to say/);
    assert.match(page, /The stack has no outputs/);
    const bare = await pageOf({ ...plan, summary: { ...plan.summary, policyPack: undefined } });
    assert.match(bare, /No policy pack was applied/);
  });

  it("loads nothing from anywhere", async () => {
    const page = await pageOf(shop().build());
    assert.deepEqual(page.match(/\b(src|srcset)=|@import|url\((?!#)|<link|\bfetch\(/g), null);
  });

  it("cannot be broken by what a program calls its resources, or gives them", async () => {
    const evil = `</script><script>alert("1")</script>`;
    const page = await pageOf(
      shop()
        .add("aws:sqs/queue:Queue", evil, { inputs: { name: evil } })
        .build({ [evil]: evil }),
    );
    assert.equal(page.match(/<script/g)?.length, 2);
    assert.equal(page.match(/<\/script>/g)?.length, 2);
  });

  it("begins with what is lost and how to keep it, and marks it in the picture", async () => {
    const before = shop().build({ url: "https://old.example" });
    const after = new PlanBuilder()
      .add("shop:index:Table", "purchases")
      .add("aws:dynamodb/table:Table", "purchases-table", { parent: "purchases" })
      .build({ url: "https://new.example" });
    const page = await pageOf({ ...after, diff: comparePlans(before, after, "main (4f2a9d1)") });
    const text = page.replace(/<style>[^]*?<\/style>|<script[^]*?<\/script>/g, "").replace(/<[^>]+>/g, " ");
    const words = text.replace(/\s+/g, " ");
    assert.match(words, /Against main \(4f2a9d1\): 1 created, 14 deleted, 0 as they were/);
    assert.match(words, /stateful resources would be replaced or deleted/);
    assert.match(words, /orders-table aws:dynamodb\/table:Table is deleted , and the items with it/);
    assert.match(words, /a rename\? give Table &quot;purchases&quot; the option aliases/);
    assert.match(words, /url: &quot;https:\/\/old\.example&quot; → &quot;https:\/\/new\.example&quot;/);
    assert.ok(page.indexOf('id="lost"') < page.indexOf('id="picture"'));
    assert.match(page, /<g class="node created" data-urn="[^"]*::purchases"/);
  });

  it("says who may do what on whose data, and by what way", async () => {
    const page = await pageOf(readers().build());
    const access = /<section id="access"[^]*?<\/section>/.exec(page)?.[0] ?? "";
    const words = access.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
    assert.match(words, /orders-table dynamodb\/table:Table reader-role \(role\) read dynamodb:GetItem AWS&#39;s API/);
  });

  it("has a picture of each component's resources, for when somebody looks", async () => {
    const page = await pageOf(shop().build());
    const inside = [...page.matchAll(/<template data-inside="(r\d+)">\s*(<svg[^]*?<\/svg>)/g)];
    assert.deepEqual(
      inside.map(([, id = "", svg = ""]) => [
        new RegExp(`<li id="${id}" data-words="(\\w+)`).exec(page)?.[1],
        svg.match(/<g /g)?.length,
      ]),
      [
        ["web", 3],
        ["site", 2],
        ["api", 6],
      ],
    );
    assert.equal(page.match(/id="tip"/g)?.length, 1);
  });
});
