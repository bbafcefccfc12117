import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

import {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  UpdateKeysCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
// CloudFront's key value store takes Signature Version 4A alone; the import gives it to the client.
import "@aws-sdk/signature-v4a";

import {
  type Entry,
  isImmutable,
  isReleaseName,
  objectKey,
  releaseEntries,
  releaseFaults,
  releaseKey,
  type SiteLayout,
} from "../components/static-site/release";
import { UsageError } from "../plan/usage";
import { requireEngine, runEngine } from "../sandbox/command/engine";
import { command, setOutputs } from "./command";
import { placeOf } from "./release/place";

const usage = `usage: npm run site -- release <stack> <folder of the build> <commit>
       npm run site -- back <stack> <commit>
       npm run site -- outputs <stack>      where the site is, and the commit of apps/web
BUCKET, KEY_VALUE_STORE_ARN and LAYOUT are those of the stack's output siteRelease.`;

/** Where a site's files and its pointer are. */
export interface SiteStore {
  /** Uploads a file unless it is there: a release never changes. */
  upload(key: string, content: Buffer, type: string): Promise<"uploaded" | "there">;
  hasRelease(release: string): Promise<boolean>;
  current(): Promise<string | undefined>;
  /** Puts all entries at once, or none. */
  put(entries: readonly Entry[]): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff2: "font/woff2",
  xml: "application/xml",
};

/** What a browser is told of a file. */
export function contentType(file: string): string {
  return types[file.slice(file.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
}

/** The files of a folder, as paths of a URL. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/**
 * Brings a build to the users: every file first, those that pages refer to before the pages, then the pointer in one step.
 * A run that was interrupted goes on where it stopped.
 */
export async function releaseSite(
  store: SiteStore,
  { layout, folder, release }: { layout: SiteLayout; folder: string; release: string },
): Promise<string> {
  const files = filesIn(folder);
  const faults = releaseFaults(layout, release, files);
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  if ((await store.current()) === release) return `${release} is the current release already`;
  const ordered = [...files].sort((a, b) => Number(isImmutable(layout, b)) - Number(isImmutable(layout, a)));
  let uploaded = 0;
  for (const file of ordered) {
    const done = await store.upload(
      objectKey(layout, release, file),
      readFileSync(join(folder, file)),
      contentType(file),
    );
    if (done === "uploaded") uploaded += 1;
  }
  await store.put(releaseEntries(layout, release, files));
  return `${release} is the current release: ${uploaded} of ${files.length} files were new`;
}

/** Makes an older release the current one again. */
export async function backTo(store: SiteStore, release: string): Promise<string> {
  if (!isReleaseName(release) || !(await store.hasRelease(release))) {
    throw new UsageError(`release ${JSON.stringify(release)}: there is none of that name`);
  }
  await store.put([{ Key: releaseKey, Value: release }]);
  return `${release} is the current release`;
}

/** S3 and CloudFront themselves. */
export function siteStoreOf(
  s3: Pick<S3Client, "send">,
  keys: Pick<CloudFrontKeyValueStoreClient, "send">,
  { bucket: Bucket, store: KvsARN }: { bucket: string; store: string },
): SiteStore {
  return {
    async upload(Key, Body, ContentType) {
      try {
        await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, IfNoneMatch: "*" }));
        return "uploaded";
      } catch (error) {
        if (error instanceof Error && error.name === "PreconditionFailed") return "there";
        throw error;
      }
    },
    async hasRelease(release) {
      const { KeyCount } = await s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: `releases/${release}/`, MaxKeys: 1 }),
      );
      return KeyCount === 1;
    },
    async current() {
      return (await keys.send(new GetKeyCommand({ KvsARN, Key: releaseKey }))).Value;
    },
    async put(Puts) {
      const { ETag } = await keys.send(new DescribeKeyValueStoreCommand({ KvsARN }));
      await keys.send(new UpdateKeysCommand({ KvsARN, IfMatch: ETag, Puts: [...Puts] }));
    },
  };
}

/** What the later steps of a deployment have to know; the site's own role cannot read the state. */
async function siteOutputs(stack: string): Promise<Record<string, string>> {
  const words = ["stack", "output", "siteRelease", "--json", "--stack", stack];
  const { code, stdout, stderr } = await runEngine(requireEngine(), words, { cwd: process.cwd(), env: process.env });
  if (code !== 0) throw new Error(stderr);
  const { BUCKET: bucket, KEY_VALUE_STORE_ARN: store, LAYOUT: layout } = JSON.parse(stdout) as Record<string, string>;
  if (bucket === undefined || store === undefined || layout === undefined) {
    throw new Error("the stack has no siteRelease");
  }
  // A release is named by the commit that last changed the site, so that others release nothing.
  const log = ["log", "-1", "--format=%H", "--", "apps/web"];
  return { bucket, store, layout, release: execFileSync("git", log, { encoding: "utf8" }).trim() };
}

command(module, async (args) => {
  const [verb, stack, ...rest] = args;
  if (verb === "outputs" && stack !== undefined && rest.length === 0) {
    setOutputs(await siteOutputs(stack));
    return;
  }
  const { BUCKET: bucket, KEY_VALUE_STORE_ARN: kvs, LAYOUT: layout } = process.env;
  if (stack === undefined || bucket === undefined || kvs === undefined || layout === undefined) {
    throw new UsageError(usage);
  }
  const { region } = placeOf(process.cwd(), stack);
  const store = siteStoreOf(new S3Client({ region }), new CloudFrontKeyValueStoreClient({ region }), {
    bucket,
    store: kvs,
  });
  const [folder, release] = rest;
  if (verb === "release" && folder !== undefined && release !== undefined && statSync(folder).isDirectory()) {
    console.log(await releaseSite(store, { layout: JSON.parse(layout) as SiteLayout, folder, release }));
  } else if (verb === "back" && folder !== undefined && release === undefined) {
    console.log(await backTo(store, folder));
  } else throw new UsageError(usage);
});
