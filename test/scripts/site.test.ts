import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type SiteLayout } from "../../components/static-site/release";
import { backTo, contentType, filesIn, releaseSite, siteStoreOf } from "../../scripts/site";
import { awsError, recorded } from "./recorded";

const layout: SiteLayout = { mode: "spa", indexDocument: "index.html", immutablePaths: ["/assets/*"] };
const release = "0123456789abcdef0123456789abcdef01234567";
const place = { bucket: "site-bucket-1234567", store: "arn:aws:cloudfront::111111111111:key-value-store/1" };

describe("npm run site", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kiban-site-"));
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "index.html"), "<!doctype html>");
    writeFileSync(join(folder, "assets", "app.1a2b3c.js"), "1");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const answers = {
    GetKeyCommand: { Value: "none" },
    PutObjectCommand: {},
    DescribeKeyValueStoreCommand: { ETag: "e1" },
    UpdateKeysCommand: {},
  };
  const run = async (more: Record<string, unknown> = {}) => {
    const aws = recorded({ ...answers, ...more });
    const said = await releaseSite(siteStoreOf(aws.client, aws.client, place), { layout, folder, release });
    return { said, calls: aws.calls };
  };

  it("uploads what pages refer to, then the pages, and moves the pointer last", async () => {
    const { said, calls } = await run();
    const Bucket = place.bucket;
    assert.deepEqual(
      calls.map(([name, input]) => {
        const { Body, ...rest } = input as { Body?: Buffer };
        return [name, rest, Body?.toString()];
      }),
      [
        ["GetKeyCommand", { KvsARN: place.store, Key: "release" }, undefined],
        [
          "PutObjectCommand",
          {
            Bucket,
            Key: "immutable/assets/app.1a2b3c.js",
            IfNoneMatch: "*",
            ContentType: "text/javascript; charset=utf-8",
          },
          "1",
        ],
        [
          "PutObjectCommand",
          {
            Bucket,
            Key: `releases/${release}/index.html`,
            IfNoneMatch: "*",
            ContentType: "text/html; charset=utf-8",
          },
          "<!doctype html>",
        ],
        ["DescribeKeyValueStoreCommand", { KvsARN: place.store }, undefined],
        [
          "UpdateKeysCommand",
          { KvsARN: place.store, IfMatch: "e1", Puts: [{ Key: "release", Value: release }] },
          undefined,
        ],
      ],
    );
    assert.equal(said, `${release} is the current release: 2 of 2 files were new`);
  });

  it("goes on where an upload was interrupted, and does nothing for the current release", async () => {
    const half = await run({ PutObjectCommand: [awsError("PreconditionFailed"), {}] });
    assert.equal(half.said, `${release} is the current release: 1 of 2 files were new`);
    const again = await run({ GetKeyCommand: { Value: release } });
    assert.deepEqual(
      again.calls.map(([name]) => name),
      ["GetKeyCommand"],
    );
  });

  it("does not move the pointer where a file did not go up", async () => {
    const aws = recorded({ ...answers, PutObjectCommand: [{}, awsError("AccessDenied")] });
    const store = siteStoreOf(aws.client, aws.client, place);
    await assert.rejects(releaseSite(store, { layout, folder, release }), { name: "AccessDenied" });
    assert.ok(!aws.calls.some(([name]) => name === "UpdateKeysCommand"));
  });

  it("refuses a folder that is not the build, before anything goes up", async () => {
    rmSync(join(folder, "index.html"));
    const aws = recorded({});
    const store = siteStoreOf(aws.client, aws.client, place);
    await assert.rejects(releaseSite(store, { layout, folder, release: "no/name" }), (error: Error) => {
      assert.equal(error.name, "UsageError");
      assert.match(error.message, /^release no\/name: .*\nindex\.html is missing/);
      return true;
    });
    assert.deepEqual(aws.calls, []);
  });

  it("goes back to a release that is there, and to no other", async () => {
    const back = recorded({ ...answers, ListObjectsV2Command: { KeyCount: 1 } });
    await backTo(siteStoreOf(back.client, back.client, place), release);
    assert.deepEqual(back.calls[0], [
      "ListObjectsV2Command",
      { Bucket: place.bucket, Prefix: `releases/${release}/`, MaxKeys: 1 },
    ]);
    assert.deepEqual(back.calls.at(-1)?.[0], "UpdateKeysCommand");
    const none = recorded({ ListObjectsV2Command: { KeyCount: 0 } });
    await assert.rejects(backTo(siteStoreOf(none.client, none.client, place), release), /there is none of that name/);
  });

  it("knows a file's type by its name", () => {
    const names = ["a.html", "b/c.JS", "d.woff2", "e.unknown", "f"];
    assert.deepEqual(names.map(contentType), [
      "text/html; charset=utf-8",
      "text/javascript; charset=utf-8",
      "font/woff2",
      "application/octet-stream",
      "application/octet-stream",
    ]);
    assert.deepEqual(filesIn(folder), ["assets/app.1a2b3c.js", "index.html"]);
  });
});
