import * as assert from "node:assert/strict";
import * as crypto from "node:crypto";
import { runInNewContext } from "node:vm";

import { immutableCode, notFoundCode, requestCode } from "../../components/static-site/functions";
import { releaseEntries, type SiteLayout } from "../../components/static-site/release";

const staticSite: SiteLayout = {
  mode: "static",
  indexDocument: "index.html",
  notFoundDocument: "404.html",
  immutablePaths: ["/assets/*"],
};
const spa: SiteLayout = { mode: "spa", indexDocument: "index.html", immutablePaths: ["/assets/*"] };
const pages = ["index.html", "404.html", "about/index.html", "blog.html", "docs/v1.2/index.html", "café/index.html"];
const released = releaseEntries(staticSite, "abc", [...pages, "logo.png", "assets/app.1.js"]);

interface Request {
  method: string;
  uri: string;
  querystring: Record<string, { value: string }>;
  headers: Record<string, { value: string }>;
  cookies: Record<string, { value: string }>;
}
interface Response {
  statusCode: number;
  statusDescription: string;
  headers: Record<string, { value: string }>;
  body?: { encoding: string; data: string };
}
interface Event {
  version: string;
  context: Record<string, string>;
  viewer: { ip: string };
  request: Request;
  response?: Response;
}
type Handler = (event: Event) => unknown;

/** The code's handler, with modules as the runtime has them, and no other global that the runtime lacks. */
function load(code: string, entries: readonly { Key: string; Value: string }[] = []): Handler {
  const store = new Map(entries.map(({ Key, Value }) => [Key, Value]));
  const get = (key: string): Promise<string> => {
    const value = store.get(key);
    return value === undefined ? Promise.reject(new Error("KeyNotFound")) : Promise.resolve(value);
  };
  const modules = { cloudfront: { kvs: () => ({ get }) }, crypto: { createHash: crypto.createHash } };
  const script = code.replace(/^import (\w+) from '(\w+)';$/gm, "const $1 = modules.$2;");
  return runInNewContext(`${script}\nhandler;`, { modules }) as Handler;
}

// The shape of AWS's documented events ("CloudFront Functions event structure").
function event(uri: string, headers: Record<string, string> = {}, response?: Response): Event {
  return {
    version: "1.0",
    context: {
      distributionDomainName: "d111111abcdef8.cloudfront.net",
      distributionId: "EDFDVBD6EXAMPLE",
      eventType: response === undefined ? "viewer-request" : "viewer-response",
      requestId: "EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==",
    },
    viewer: { ip: "198.51.100.11" },
    request: {
      method: "GET",
      uri,
      querystring: { ID: { value: "42" } },
      headers: Object.fromEntries(
        Object.entries({ host: "www.example.com", ...headers }).map(([name, value]) => [name, { value }]),
      ),
      cookies: { id: { value: "CookieIdValue" } },
    },
    ...(response !== undefined && { response }),
  };
}

const ok = (): Response => ({ statusCode: 200, statusDescription: "OK", headers: { etag: { value: '"1"' } } });

async function uriOf(handler: Handler, uri: string): Promise<string> {
  return ((await handler(event(uri))) as Request).uri;
}

describe("StaticSite's function of a request", () => {
  const table = (title: string, handler: () => Handler, cases: readonly (readonly [string, string])[]): void => {
    for (const [uri, file] of cases) {
      it(`${title}: ${uri} is ${file}`, async () => assert.equal(await uriOf(handler(), uri), file));
    }
  };

  table("spa", () => load(requestCode(spa), [{ Key: "release", Value: "abc" }]), [
    ["/", "/releases/abc/index.html"],
    ["/index.html", "/releases/abc/index.html"],
    ["/users/42", "/releases/abc/index.html"],
    ["/users/42/", "/releases/abc/index.html"],
    ["/releases/1.2", "/releases/abc/index.html"],
    ["/favicon.ico", "/releases/abc/favicon.ico"],
    ["/missing.js", "/releases/abc/missing.js"],
    ["/fonts/a.woff2", "/releases/abc/fonts/a.woff2"],
    ["/.well-known/apple-app-site-association", "/releases/abc/.well-known/apple-app-site-association"],
    // Nobody reaches another release, or the shared folder, through the address bar.
    ["/releases/old/index.html", "/releases/abc/releases/old/index.html"],
  ]);

  table("static", () => load(requestCode(staticSite), released), [
    ["/", "/releases/abc/index.html"],
    ["/index.html", "/releases/abc/index.html"],
    ["/about", "/releases/abc/about/index.html"],
    ["/about/", "/releases/abc/about/index.html"],
    ["/about/index.html", "/releases/abc/about/index.html"],
    ["/blog", "/releases/abc/blog.html"],
    ["/blog/", "/releases/abc/blog.html"],
    ["/blog.html", "/releases/abc/blog.html"],
    ["/docs/v1.2", "/releases/abc/docs/v1.2/index.html"],
    ["/caf%C3%A9", "/releases/abc/caf%C3%A9/index.html"],
    ["/nothing", "/releases/abc/404.html"],
    ["/nothing/", "/releases/abc/404.html"],
    ["/nothing.html", "/releases/abc/404.html"],
    ["/about/nothing", "/releases/abc/404.html"],
    ["/logo.png", "/releases/abc/logo.png"],
    ["/missing.png", "/releases/abc/missing.png"],
    ["/.well-known/security", "/releases/abc/.well-known/security"],
    // No text has this encoding: S3 says what it thinks of it.
    ["/%E0%A4%A", "/releases/abc/%E0%A4%A/index.html"],
  ]);

  table("static without an index", () => load(requestCode(staticSite), [{ Key: "release", Value: "abc" }]), [
    ["/", "/releases/abc/index.html"],
    ["/about", "/releases/abc/about/index.html"],
    ["/nothing", "/releases/abc/nothing/index.html"],
  ]);

  it("follows the pointer, forward and back", async () => {
    const next = releaseEntries(staticSite, "def", ["index.html", "404.html", "new.html"]);
    const both = [...released, ...next].filter(({ Key }) => Key !== "release");
    const at = (release: string): Handler =>
      load(requestCode(staticSite), [...both, { Key: "release", Value: release }]);
    assert.equal(await uriOf(at("def"), "/new"), "/releases/def/new.html");
    assert.equal(await uriOf(at("def"), "/about"), "/releases/def/404.html");
    assert.equal(await uriOf(at("abc"), "/new"), "/releases/abc/404.html");
    assert.equal(await uriOf(at("abc"), "/about"), "/releases/abc/about/index.html");
  });

  it("asks for the whole not-found page, and leaves other requests as they are", async () => {
    const handler = load(requestCode(staticSite), released);
    const conditional = { "if-none-match": '"1"', "if-modified-since": "x", range: "bytes=0-1", "if-range": '"1"' };
    const missing = (await handler(event("/nothing", conditional))) as Request;
    assert.deepEqual(Object.keys(missing.headers), ["host"]);
    const found = (await handler(event("/about", conditional))) as Request;
    assert.deepEqual(found, {
      ...event("/about", conditional).request,
      uri: "/releases/abc/about/index.html",
    });
  });

  const answer = (statusCode: number, statusDescription: string, data: string): Response => ({
    statusCode,
    statusDescription,
    headers: { "cache-control": { value: "no-store" }, "content-type": { value: "text/plain; charset=utf-8" } },
    body: { encoding: "text", data },
  });

  for (const layout of [spa, staticSite]) {
    it(`${layout.mode}: says that nothing has been released yet`, async () => {
      const handler = load(requestCode(layout), [{ Key: "release", Value: "none" }]);
      assert.deepEqual(plain(await handler(event("/"))), answer(404, "Not Found", "Nothing has been released yet."));
    });

    it(`${layout.mode}: is a server error when the pointer is gone`, async () => {
      const expected = answer(503, "Service Unavailable", "The key value store names no release.");
      assert.deepEqual(plain(await load(requestCode(layout))(event("/"))), expected);
    });
  }
});

describe("StaticSite's functions of a response", () => {
  const notFound = (): Handler => load(notFoundCode("404.html"));

  it("give the not-found page its status", () => {
    const response = notFound()(event("/releases/abc/404.html", {}, ok()));
    assert.deepEqual(response, { ...ok(), statusCode: 404, statusDescription: "Not Found" });
  });

  for (const uri of ["/releases/abc/index.html", "/releases/abc/docs/404.html", "/other/abc/404.html"]) {
    it(`leave ${uri} as it is`, () => assert.deepEqual(notFound()(event(uri, {}, ok())), ok()));
  }

  it("let browsers keep immutable files for a year, whatever S3 says", () => {
    const fromS3 = { ...ok(), headers: { ...ok().headers, "cache-control": { value: "no-cache" } } };
    const response = load(immutableCode)(event("/assets/app.1.js", {}, fromS3)) as Response;
    assert.deepEqual(plain(response.headers), {
      etag: { value: '"1"' },
      "cache-control": { value: "public, max-age=31536000, immutable" },
    });
  });
});

describe("The code of StaticSite's functions", () => {
  const codes = {
    spa: requestCode(spa),
    static: requestCode(staticSite),
    notFound: notFoundCode("404.html"),
    immutable: immutableCode,
  };
  for (const [name, code] of Object.entries(codes)) {
    it(`${name}: is within AWS's 10 KB`, () => assert.ok(Buffer.byteLength(code) <= 10_240));

    it(`${name}: uses no syntax that cloudfront-js-2.0 lacks or leaves unsaid`, () => {
      const doubtful = [/catch\s*\{/, /\?\?/, /\?\./, /\.\.\./, /\bclass\b/, /\bfor\s*\([^;)]* of /, /\brequire\(/];
      for (const syntax of doubtful) assert.doesNotMatch(code, syntax);
    });
  }
});

/** Objects of another realm have prototypes of their own, which a strict comparison tells apart. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
