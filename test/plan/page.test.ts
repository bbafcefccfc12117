import assert from "node:assert/strict";

import { pageOf } from "../../plan/page/page";
import { html, json } from "../../plan/page/html";
import { shop } from "./page-fixture";

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
});
