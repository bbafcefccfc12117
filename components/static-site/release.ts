import { createHash } from "node:crypto";

// What a build's files become in the bucket and in the key value store. The functions of the distribution read what is
// written here; the release script of CI writes it. Nothing in this file knows AWS.

/** How a path finds its file. */
export type SiteMode = "spa" | "static";

/** What the release script has to know of a site; `deploy` carries it as the variable `LAYOUT`, in JSON. */
export interface SiteLayout {
  readonly mode: SiteMode;
  readonly indexDocument: string;
  /** In `static` alone. */
  readonly notFoundDocument?: string;
  readonly immutablePaths: readonly string[];
}

/** One entry of the key value store, as its API takes it. */
export interface Entry {
  readonly Key: string;
  readonly Value: string;
}

/** Folder of the releases, one below for each. */
export const releasesFolder = "releases";
/** Folder of the files whose names change with their content: all releases share it. */
export const immutableFolder = "immutable";
/** Key that holds the name of the current release. */
export const releaseKey = "release";
/** Its value until the first release. */
export const noRelease = "none";
/** Entries of a page index. With the pointer 49, and CloudFront changes at most 50 in one step. */
export const indexShards = 48;

/** AWS: a key and its value have 1024 bytes at most; the rest is for a key with a long name of the release. */
const shardBytes = 900;

/** A release's name, in general the commit's SHA: part of a path and of keys, so few characters are allowed. */
export function isReleaseName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name) && name !== noRelease;
}

/** What is wrong with a build, before anything is uploaded. `files` are paths inside it, such as `about/index.html`. */
export function releaseFaults(layout: SiteLayout, release: string, files: readonly string[]): string[] {
  const faults: string[] = [];
  if (!isReleaseName(release)) {
    faults.push(`release ${release}: 1 to 64 letters, digits, _ and -, not "${noRelease}": use the commit's SHA`);
  }
  for (const document of [layout.indexDocument, layout.notFoundDocument]) {
    if (document === undefined) continue;
    if (!files.includes(document)) faults.push(`${document} is missing: is this the folder that the build writes to?`);
  }
  for (const file of files.filter((path) => path.endsWith(".html") && isImmutable(layout, path))) {
    faults.push(`${file} is HTML under an immutable path, which browsers would keep for a year: move it`);
  }
  return faults;
}

/** Where a file of the build goes in the bucket. */
export function objectKey(layout: SiteLayout, release: string, file: string): string {
  return isImmutable(layout, file) ? `${immutableFolder}/${file}` : `${releasesFolder}/${release}/${file}`;
}

/**
 * What UpdateKeys puts to make a release, whose files are all uploaded, the current one: all or nothing. The release
 * before needs only its name put back.
 */
export function releaseEntries(layout: SiteLayout, release: string, files: readonly string[]): Entry[] {
  const pointer = { Key: releaseKey, Value: release };
  if (layout.mode === "spa") return [pointer];
  const pages = files.filter((file) => file.endsWith(".html") && !isImmutable(layout, file));
  const shards = Array.from({ length: indexShards }, (): string[] => []);
  for (const page of pages) {
    const { shard, print } = fingerprint(`/${page}`);
    shards[shard]?.push(print);
  }
  const values = shards.map((prints) => `.${prints.sort().join(".")}.`);
  // Some 3,500 pages. Without an index S3 answers for what is not there, with a 404 of its own.
  if (values.some((value) => value.length > shardBytes)) return [pointer];
  return [...values.map((Value, shard) => ({ Key: indexKey(release, shard), Value })), pointer];
}

/** The keys of a release's page index, for its removal. */
export function indexKeys(release: string): string[] {
  return Array.from({ length: indexShards }, (_, shard) => indexKey(release, shard));
}

function indexKey(release: string, shard: number): string {
  return `pages/${release}/${shard}`;
}

/** 32 bits of 100 pages in a shard: one missing path in 40 million is taken for a page, and gets S3's own 404. */
function fingerprint(path: string): { shard: number; print: string } {
  const digest = createHash("sha256").update(path).digest("hex");
  return { shard: parseInt(digest.slice(0, 4), 16) % indexShards, print: digest.slice(4, 12) };
}

/** Whether a file of the build lies under one of the immutable paths. */
export function isImmutable(layout: Pick<SiteLayout, "immutablePaths">, file: string): boolean {
  return layout.immutablePaths.some((pattern) => matchesPattern(pattern, `/${file}`));
}

/** AWS: `*` stands for any number of characters, slashes too, and `?` for one. */
function matchesPattern(pattern: string, path: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, "s").test(path);
}
