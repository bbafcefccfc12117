import * as aws from "@pulumi/aws";
import type { Resource } from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import { indexShards, noRelease, releaseKey, releasesFolder, type SiteLayout } from "./release";
import type { SiteRouting, StaticSiteTransform } from "./types";

// Code for CloudFront Functions, runtime cloudfront-js-2.0. AWS: at most 10 KB each; ECMAScript 5.1 and some of 6 to 12:
// no `catch` without a variable. The code in the strings has few comments, for it is sent as it is.

/** Finds the file of a request in the current release. A request's path decides alone, so that caches hold few copies. */
export function requestCode(layout: SiteLayout): string {
  return layout.notFoundDocument === undefined
    ? common("", spaFile(layout.indexDocument))
    : common("import crypto from 'crypto';\n", staticFile(layout.indexDocument, layout.notFoundDocument));
}

const common = (imports: string, fileOf: string): string => `import cf from 'cloudfront';
${imports}
const store = cf.kvs();

async function handler(event) {
  const request = event.request;
  let release;
  try {
    release = await store.get('${releaseKey}');
  } catch (error) {
    return answer(503, 'Service Unavailable', 'The key value store names no release.');
  }
  if (release === '${noRelease}') return answer(404, 'Not Found', 'Nothing has been released yet.');
  request.uri = '/${releasesFolder}/' + release + (await fileOf(request, release));
  return request;
}

function isFile(uri) {
  // Clients fetch what is well known by its exact name, with an extension or without.
  return uri.startsWith('/.well-known/') || /\\.[A-Za-z][A-Za-z0-9]*$/.test(uri.slice(uri.lastIndexOf('/') + 1));
}

function answer(statusCode, statusDescription, text) {
  return {
    statusCode: statusCode,
    statusDescription: statusDescription,
    headers: {
      'cache-control': { value: 'no-store' },
      'content-type': { value: 'text/plain; charset=utf-8' },
    },
    body: { encoding: 'text', data: text },
  };
}
${fileOf}`;

const spaFile = (index: string): string => `
async function fileOf(request) {
  return isFile(request.uri) ? request.uri : '/${index}';
}
`;

const staticFile = (index: string, notFound: string): string => `
async function fileOf(request, release) {
  const uri = request.uri;
  if (isFile(uri) && !uri.endsWith('.html')) return uri;
  const candidates = candidatesOf(uri);
  for (let i = 0; i < candidates.length; i++) {
    const known = await isKnown(candidates[i], release);
    if (known === undefined) return candidates[0];
    if (known) return candidates[i];
  }
  // A 304 or a part would have no place under a 404.
  ['if-none-match', 'if-modified-since', 'range', 'if-range'].forEach((name) => delete request.headers[name]);
  return '/${notFound}';
}

function candidatesOf(uri) {
  if (uri.endsWith('.html')) return [uri];
  const path = uri.endsWith('/') ? uri.slice(0, -1) : uri;
  return path === '' ? ['/${index}'] : [path + '/${index}', path + '.html'];
}

// Undefined without an index, and for a path that nobody can decode.
async function isKnown(path, release) {
  try {
    const digest = crypto.createHash('sha256').update(decodeURIComponent(path)).digest('hex');
    const shard = parseInt(digest.slice(0, 4), 16) % ${indexShards};
    const prints = await store.get('pages/' + release + '/' + shard);
    return prints.includes('.' + digest.slice(4, 12) + '.');
  } catch (error) {
    return undefined;
  }
}
`;

/**
 * Gives the not-found page its status. CloudFront's custom error pages would do it too, but hold for the whole
 * distribution: an API's own 404 would turn into HTML. The function sees the path that the other one has set.
 */
export function notFoundCode(notFoundDocument: string): string {
  return `function handler(event) {
  const response = event.response;
  const parts = event.request.uri.split('/');
  if (parts.length === 4 && parts[1] === '${releasesFolder}' && parts[3] === '${notFoundDocument}') {
    response.statusCode = 404;
    response.statusDescription = 'Not Found';
  }
  return response;
}
`;
}

/**
 * Lets browsers keep a file for a year. A headers policy would say so of errors too, and a browser that asked before the
 * upload would keep the 404; this function does not run when the origin answers 400 or more.
 */
export const immutableCode = `function handler(event) {
  const response = event.response;
  response.headers['cache-control'] = { value: 'public, max-age=31536000, immutable' };
  return response;
}
`;

/** The pointer to the current release, and the functions that follow it. */
export function createRouting(
  parent: Resource,
  name: string,
  layout: SiteLayout,
  keep: boolean,
  transform: StaticSiteTransform,
): SiteRouting {
  const opts = { parent };
  const keyValueStore = new aws.cloudfront.KeyValueStore(
    `${name}-store`,
    override<aws.cloudfront.KeyValueStoreArgs>({ comment: `Current release of ${name}` }, transform.keyValueStore),
    { ...opts, protect: keep },
  );
  const release = new aws.cloudfront.KeyvaluestoreKey(
    `${name}-release`,
    override<aws.cloudfront.KeyvaluestoreKeyArgs>(
      { keyValueStoreArn: keyValueStore.arn, key: releaseKey, value: noRelease },
      transform.release,
    ),
    // Each release sets it.
    { ...opts, protect: keep, ignoreChanges: ["value"] },
  );
  const make = (
    role: string,
    args: Omit<aws.cloudfront.FunctionArgs, "runtime">,
    by?: Override<aws.cloudfront.FunctionArgs>,
  ) =>
    new aws.cloudfront.Function(
      `${name}-${role}`,
      override<aws.cloudfront.FunctionArgs>({ runtime: "cloudfront-js-2.0", ...args }, by),
      opts,
    );
  const requestFunction = make(
    "request",
    {
      comment: "Finds the file in the current release",
      code: requestCode(layout),
      keyValueStoreAssociations: [keyValueStore.arn],
    },
    transform.requestFunction,
  );
  const notFoundFunction =
    layout.notFoundDocument === undefined
      ? undefined
      : make(
          "not-found",
          { comment: "Gives the not-found page its status", code: notFoundCode(layout.notFoundDocument) },
          transform.notFoundFunction,
        );
  const immutableFunction =
    layout.immutablePaths.length === 0
      ? undefined
      : make(
          "immutable",
          { comment: "Lets browsers keep a file for a year", code: immutableCode },
          transform.immutableFunction,
        );
  return { keyValueStore, release, requestFunction, notFoundFunction, immutableFunction };
}
