import { list } from "./documents";
import type { Value } from "./value";

/** A foundation model, or a profile of AWS's that leads to one, as an id or an ARN names it. */
export interface ModelName {
  /** Region of the ARN; undefined for an id, and for the ARN that global profiles route to. */
  readonly region: string | undefined;
  /** Prefix of a cross-region profile: `jp`. */
  readonly prefix: string | undefined;
  /** `anthropic.claude-haiku-4-5-20251001-v1:0` */
  readonly foundation: string;
}

const prefixes = ["us", "us-gov", "eu", "apac", "jp", "au", "ca", "global"];

/** Undefined for what is named after it was made here: application profiles, throughput, custom models. */
export function modelName(text: string): ModelName | undefined {
  const arn = /^arn:[^:]+:bedrock:([^:]*):[^:]*:(?:foundation-model|inference-profile)\/(.+)$/.exec(text);
  if (arn === null && text.startsWith("arn:")) return undefined;
  const [, region = "", id = text] = arn ?? [];
  const [first = ""] = id.split(".");
  const prefix = prefixes.includes(first) ? first : undefined;
  return {
    region: region === "" ? undefined : region,
    prefix,
    foundation: prefix === undefined ? id : id.slice(prefix.length + 1),
  };
}

/** Part of the world, as the first word of a region says it. */
export function partOf(region: string): string {
  return region.startsWith("us-gov-") ? "us-gov" : (region.split("-")[0] ?? region);
}

const within: Readonly<Record<string, readonly string[]>> = {
  us: ["us"],
  "us-gov": ["us-gov"],
  eu: ["eu"],
  ca: ["ca"],
  ap: ["apac"],
};
const inCountry: Readonly<Record<string, string>> = {
  "ap-northeast-1": "jp",
  "ap-northeast-3": "jp",
  "ap-southeast-2": "au",
  "ap-southeast-4": "au",
};

/** Prefixes of the profiles that keep what a region's programs ask within its country or part of the world. */
export function residentPrefixes(region: string): readonly string[] {
  const country = inCountry[region];
  return [...(country === undefined ? [] : [country]), ...(within[partOf(region)] ?? [])];
}

/** Whether an action of a statement covers one of these, wildcards as IAM reads them. */
export function allowsAction(statement: Value, actions: readonly string[]): boolean {
  return list(statement.dig("Action")).some((action) => {
    const pattern = action.text;
    // `*` alone is the finding of iam-admin and iam-wildcards.
    return pattern !== undefined && /^bedrock:/i.test(pattern) && actions.some((one) => covers(pattern, one));
  });
}

/** Whether a pattern of IAM's, with `*` and `?`, covers a name; letter case does not count. */
export function covers(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(name);
}
