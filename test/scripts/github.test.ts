import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sectionsOf, upsertComment } from "../../scripts/comment";
import { reportDrift } from "../../scripts/drift";
import { bodyOf, githubOf, type Request } from "../../scripts/release/github";

type Call = [method: string, path: string, body?: unknown];

/** GitHub with what it holds: answers to GET by path, everything else is noted. */
function github(held: Record<string, unknown>): { request: Request; calls: Call[] } {
  const calls: Call[] = [];
  const request: Request = (method, path, body) => {
    if (method === "GET") return Promise.resolve(held[path] ?? assert.fail(`GET ${path}`));
    calls.push(body === undefined ? [method, path] : [method, path, body]);
    return Promise.resolve({});
  };
  return { request, calls };
}
const bot = { type: "Bot" };
const sections = [{ title: "plan of dev", text: "129 resources" }];

describe("what workflows write to GitHub", () => {
  it("keeps a program's text as text, whatever is in it", () => {
    const text = "```\n</details>\n````\n@everyone \u001b[1mbold\u001b[0m\n";
    const body = bodyOf("<!-- m -->", "heading", [{ title: "t", text }]);
    assert.equal(
      body,
      "<!-- m -->\n\nheading\n\n<details><summary>t</summary>\n\n" +
        "`````text\n```\n</details>\n````\n@everyone bold\n`````\n\n</details>",
    );
  });

  it("cuts the beginning away where there is too much, and keeps within GitHub's limit", () => {
    const text = `${"x".repeat(100_000)}the end`;
    const body = bodyOf("<!-- m -->", "heading", [
      { title: "one", text },
      { title: "two", text },
      { title: "three", text: "short" },
    ]);
    assert.ok(body.length <= 65_536, String(body.length));
    assert.equal(body.match(/\[the beginning is in the run's log\]\nx+the end\n/g)?.length, 2);
    assert.match(body, /\nshort\n/);
  });

  it("shows a report as Markdown that calls nobody and hides nothing, and closes what a cut leaves open", () => {
    const report = "## Policies\n\n@team <!-- kiban:preview -->\n";
    const body = bodyOf("<!-- m -->", "heading", [{ title: "t", text: "text", report }]);
    assert.equal(
      body,
      "<!-- m -->\n\nheading\n\n## Policies\n\n@\u200bteam &lt;!-- kiban:preview -->\n\n" +
        "<details><summary>t</summary>\n\n```text\ntext\n```\n\n</details>",
    );
    const long = `## Policies\n<details>\n${"| row |\n".repeat(20_000)}</details>\n`;
    const sections = Array.from({ length: 3 }, () => ({ title: "t", text: "x".repeat(100_000), report: long }));
    const cut = bodyOf("<!-- m -->", "heading", sections);
    assert.ok(cut.length <= 65_536, String(cut.length));
    assert.equal(cut.match(/<details>/g)?.length, cut.match(/<\/details>/g)?.length);
    assert.equal(cut.match(/\| row \|\n\n<\/details>\n\n\[the rest is in the run's log\]/g)?.length, 3);
  });

  it("asks with the job's token, and says what GitHub answered where it refused", async () => {
    const asked: unknown[] = [];
    const send = (answer: Response) => (url: unknown, init: unknown) => {
      asked.push(url, init);
      return Promise.resolve(answer);
    };
    const env = { GITHUB_TOKEN: "token", GITHUB_REPOSITORY: "acme/shop" };
    const fine = githubOf(env, send(new Response('{"id":1}')));
    assert.deepEqual(await fine("POST", "/issues", { title: "t" }), { id: 1 });
    assert.equal(asked[0], "https://api.github.com/repos/acme/shop/issues");
    const init = asked[1] as { method: string; headers: Record<string, string>; body: string };
    assert.deepEqual(
      [init.method, init.headers["Authorization"], init.body],
      ["POST", "Bearer token", '{"title":"t"}'],
    );
    const refused = githubOf(env, send(new Response("no", { status: 403 })));
    await assert.rejects(refused("GET", "/issues"), /^Error: GitHub: GET \/issues: 403 no$/);
    assert.throws(() => githubOf({}), { name: "UsageError" });
  });
});

describe("npm run comment", () => {
  const first = "/issues/7/comments?per_page=100&page=1";

  it("makes one comment, and writes it anew from then on", async () => {
    const empty = github({ [first]: [] });
    assert.equal(await upsertComment(empty.request, 7, sections), "made");
    const [[method, path, body] = []] = empty.calls;
    assert.deepEqual([method, path], ["POST", "/issues/7/comments"]);
    const text = (body as { body: string }).body;
    assert.match(text, /^<!-- kiban:preview -->\n\nWhat this pull request would change:/);
    const later = github({
      [first]: [
        { id: 1, body: "hi", user: bot },
        { id: 2, body: text, user: bot },
      ],
    });
    assert.equal(await upsertComment(later.request, 7, sections), "updated");
    assert.deepEqual(later.calls, [["PATCH", "/issues/comments/2", { body: text }]]);
  });

  it("finds it on a later page, and takes nobody else's for it", async () => {
    const theirs = { id: 3, body: "<!-- kiban:preview --> mine", user: { type: "User" } };
    const second = "/issues/7/comments?per_page=100&page=2";
    const held = { [first]: Array(100).fill(theirs), [second]: [{ id: 4, body: "<!-- kiban:preview -->", user: bot }] };
    const { request, calls } = github(held);
    assert.equal(await upsertComment(request, 7, sections), "updated");
    assert.deepEqual(calls[0]?.slice(0, 2), ["PATCH", "/issues/comments/4"]);
  });

  it("shows a stack's preview in the place of its plan", () => {
    const folder = mkdtempSync(join(tmpdir(), "kiban-comment-"));
    for (const file of ["prod.plan.txt", "dev.plan.txt", "dev.plan.md", "dev.preview.txt", "other.txt"]) {
      writeFileSync(join(folder, file), file);
    }
    assert.deepEqual(sectionsOf(folder), [
      { title: "pulumi preview of dev", text: "dev.preview.txt", report: "dev.plan.md" },
      { title: "plan of prod, without an account", text: "prod.plan.txt" },
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe("npm run drift", () => {
  const open = "/issues?state=open&per_page=100&page=1";
  const ours = { number: 5, body: "<!-- kiban:drift -->\n", user: bot };

  it("opens one issue, and writes it anew from then on", async () => {
    const none = github({ [open]: [{ number: 1, body: "other", user: bot }] });
    assert.equal(await reportDrift(none.request, sections), "opened");
    assert.deepEqual(none.calls[0]?.slice(0, 2), ["POST", "/issues"]);
    const one = github({ [open]: [ours] });
    assert.equal(await reportDrift(one.request, sections), "updated");
    assert.deepEqual(
      one.calls.map((call) => call.slice(0, 2)),
      [["PATCH", "/issues/5"]],
    );
  });

  it("closes it when no stack differs, and does nothing where there is none", async () => {
    const one = github({ [open]: [ours] });
    assert.equal(await reportDrift(one.request, []), "closed");
    assert.deepEqual(one.calls, [
      ["POST", "/issues/5/comments", { body: "No stack differs from the code any more." }],
      ["PATCH", "/issues/5", { state: "closed", state_reason: "completed" }],
    ]);
    const none = github({ [open]: [] });
    assert.equal(await reportDrift(none.request, []), "nothing");
    assert.deepEqual(none.calls, []);
  });

  it("takes neither a pull request nor a person's issue for it", async () => {
    const others = [
      { ...ours, pull_request: {} },
      { ...ours, user: { type: "User" } },
    ];
    assert.equal(await reportDrift(github({ [open]: others }).request, sections), "opened");
  });
});
