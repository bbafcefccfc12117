import * as assert from "node:assert/strict";

import {
  indexKeys,
  indexShards,
  isReleaseName,
  objectKey,
  releaseEntries,
  releaseFaults,
  type SiteLayout,
} from "../../components/static-site/release";

const layout: SiteLayout = {
  mode: "static",
  indexDocument: "index.html",
  notFoundDocument: "404.html",
  immutablePaths: ["/assets/*", "/img-?.png"],
};
const spa: SiteLayout = { mode: "spa", indexDocument: "index.html", immutablePaths: ["/assets/*"] };
const sha = "0123456789abcdef0123456789abcdef01234567";

describe("StaticSite release", () => {
  it("puts immutable files into the folder that all releases share, the rest into the release's own", () => {
    const key = (file: string): string => objectKey(layout, sha, file);
    assert.equal(key("index.html"), `releases/${sha}/index.html`);
    assert.equal(key("about/index.html"), `releases/${sha}/about/index.html`);
    assert.equal(key("assets/app.1a2b.js"), "immutable/assets/app.1a2b.js");
    assert.equal(key("assets/fonts/a.woff2"), "immutable/assets/fonts/a.woff2");
    assert.equal(key("docs/assets/app.js"), `releases/${sha}/docs/assets/app.js`);
    assert.equal(key("img-1.png"), "immutable/img-1.png");
    assert.equal(key("img-12.png"), `releases/${sha}/img-12.png`);
    assert.equal(key("img-1xpng"), `releases/${sha}/img-1xpng`, "a dot is a dot");
  });

  it("accepts a whole build", () => {
    assert.deepEqual(releaseFaults(layout, sha, ["index.html", "404.html", "assets/a.js"]), []);
    assert.deepEqual(releaseFaults(spa, sha, ["index.html", "assets/a.js"]), []);
  });

  it("refuses a build without an index or a not-found page, HTML for a year, and a name that is no name", () => {
    assert.deepEqual(releaseFaults(layout, "a/b", ["assets/page.html"]), [
      'release a/b: 1 to 64 letters, digits, _ and -, not "none": use the commit\'s SHA',
      "index.html is missing: is this the folder that the build writes to?",
      "404.html is missing: is this the folder that the build writes to?",
      "assets/page.html is HTML under an immutable path, which browsers would keep for a year: move it",
    ]);
    assert.deepEqual(releaseFaults(spa, sha, ["assets/a.js"]), [
      "index.html is missing: is this the folder that the build writes to?",
    ]);
  });

  for (const [name, good] of [
    [sha, true],
    ["v1-2_3", true],
    ["none", false],
    ["", false],
    ["..", false],
    ["-a", false],
    ["a".repeat(65), false],
  ] as const) {
    it(`takes ${JSON.stringify(name)} ${good ? "for" : "not for"} a release's name`, () =>
      assert.equal(isReleaseName(name), good));
  }

  it("switches an app by its pointer alone", () => {
    assert.deepEqual(releaseEntries(spa, sha, ["index.html"]), [{ Key: "release", Value: sha }]);
  });

  it("switches a site by pointer and index, in one step that CloudFront takes", () => {
    const entries = releaseEntries(layout, sha, ["index.html", "404.html", "a.png", "about/index.html"]);
    assert.deepEqual(
      entries.map(({ Key }) => Key),
      [...indexKeys(sha), "release"],
    );
    assert.ok(entries.length <= 50, "CloudFront changes at most 50 keys in one step");
    const prints = entries.flatMap(({ Key, Value }) => (Key === "release" ? [] : Value.split(".").filter(Boolean)));
    assert.equal(prints.length, 3, "a picture is no page");
    assert.ok(prints.every((print) => /^[0-9a-f]{8}$/.test(print)));
  });

  it("stays within 1024 bytes for a key and its value, and leaves the index out where it would not", () => {
    const pages = (count: number): string[] => Array.from({ length: count }, (_, index) => `page-${index}.html`);
    const name = "a".repeat(64);
    const many = releaseEntries(layout, name, pages(3000));
    assert.equal(many.length, indexShards + 1);
    for (const { Key, Value } of many) assert.ok(Key.length + Value.length <= 1024);
    assert.deepEqual(releaseEntries(layout, name, pages(6000)), [{ Key: "release", Value: name }]);
  });
});
