import type { ListPrice } from "./types";

/** When the tables of this file were read. */
export const tablesDate = "2026-11";

/** Where a cross-region profile may be called from, and where it may send the request. */
interface Routing {
  /** Regions that the profile exists in; undefined: every commercial region. */
  readonly sources: readonly string[] | undefined;
  /** Regions that it routes to; undefined: every commercial region, under a foundation-model ARN without region. */
  readonly destinations: readonly string[] | undefined;
}

const us = ["us-east-1", "us-east-2", "us-west-2"];
const eu = ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"];
const jp = ["ap-northeast-1", "ap-northeast-3"];
const au = ["ap-southeast-2", "ap-southeast-4"];
const gov = ["us-gov-east-1", "us-gov-west-1"];
const apac = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-4",
];

/**
 * AWS: Bedrock user guide, "Supported Regions and models for inference profiles". A model's own profile may route to fewer:
 * rights on a region that it leaves out have no effect.
 */
export const routings: Readonly<Record<string, Routing>> = {
  us: { sources: [...us, "us-west-1"], destinations: us },
  eu: { sources: eu, destinations: eu },
  apac: { sources: apac, destinations: apac },
  jp: { sources: jp, destinations: jp },
  au: { sources: au, destinations: au },
  "us-gov": { sources: gov, destinations: gov },
  global: { sources: undefined, destinations: undefined },
};

/** A model id, taken apart. */
export interface Model {
  /** As given. */
  readonly id: string;
  /** Prefix of the cross-region profile: `jp`; undefined for a model that runs in the stack's region. */
  readonly prefix: string | undefined;
  /** Id of the foundation model, without prefix. */
  readonly foundation: string;
}

/** AWS: Bedrock API reference, `ModelId`: provider, a dot, name; then at most two parts after a colon. */
const foundationPattern = /^[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}(\.?[a-z0-9-]{1,63})?(:[a-z0-9-]{1,63}){0,2}$/;

/** Takes a model id apart; undefined when it is none. `xx.anthropic.claude-...` with an unknown prefix is none. */
export function parseModel(id: string): Model | undefined {
  const [first = "", second = ""] = id.split(".");
  if (routings[first] !== undefined) {
    const foundation = id.slice(first.length + 1);
    return foundationPattern.test(foundation) ? { id, prefix: first, foundation } : undefined;
  }
  // No provider has a name of two or three letters, or one with a dot; every prefix of a geography has one.
  if (/^[a-z]{2,3}$/.test(first) || providers.includes(second)) return undefined;
  return foundationPattern.test(id) ? { id, prefix: undefined, foundation: id } : undefined;
}

const providers = ["ai21", "amazon", "anthropic", "cohere", "deepseek", "meta", "mistral", "openai", "qwen", "writer"];

const price = (inputUsd: number, outputUsd: number): ListPrice => ({ inputUsd, outputUsd });

/**
 * USD for a million tokens on demand: by foundation model, then by the profile's prefix, or by region for a model that runs
 * in one. AWS: price list AmazonBedrock, read in 2026-11. What is not here, `listPrice` gives.
 */
const prices: Readonly<Record<string, Readonly<Record<string, ListPrice>>>> = {
  "anthropic.claude-haiku-4-5-20251001-v1:0": {
    global: price(1, 5),
    // A geography's profile costs a tenth more, the same in each.
    au: price(1.1, 5.5),
    eu: price(1.1, 5.5),
    jp: price(1.1, 5.5),
    us: price(1.1, 5.5),
  },
  "amazon.nova-lite-v1:0": { "ap-northeast-1": price(0.072, 0.288), "us-east-1": price(0.06, 0.24) },
  "amazon.nova-pro-v1:0": { "ap-northeast-1": price(0.96, 3.84), "us-east-1": price(0.8, 3.2) },
  "amazon.nova-2-lite-v1:0": { jp: price(0.396, 3.311), us: price(0.33, 2.75) },
  "amazon.titan-embed-text-v2:0": { "ap-northeast-1": price(0.029, 0), "us-east-1": price(0.02, 0) },
};

/** What a million tokens cost; undefined when the table does not know. */
export function listPriceOf(model: Model, region: string): ListPrice | undefined {
  return prices[model.foundation]?.[model.prefix ?? region];
}

/** Regions that sell provisioned throughput for a model, by the contextual variant of its id. */
const virginiaAndOregon = ["us-east-1", "us-west-2"];
const embeddings = ["ca-central-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-west-2"];
const haiku3 = ["ap-southeast-2", "eu-west-3", "us-east-1", "us-west-2"];
const sonnet3 = ["ap-southeast-2", "eu-west-1", "eu-west-3", "us-east-1", "us-west-2"];
const claude21 = ["eu-central-1", "us-east-1", "us-west-2"];
const virginia = ["us-east-1"];
const oregon = ["us-west-2"];

/** AWS: Bedrock user guide, "Supported Region and models for Provisioned Throughput", read in 2026-11. */
export const provisionedRegions: Readonly<Record<string, readonly string[]>> = {
  "amazon.nova-2-lite-v1:0:256k": virginia,
  "amazon.nova-canvas-v1:0": virginia,
  "amazon.nova-lite-v1:0:24k": virginia,
  "amazon.nova-lite-v1:0:300k": virginia,
  "amazon.nova-micro-v1:0:128k": virginia,
  "amazon.nova-micro-v1:0:24k": virginia,
  "amazon.nova-pro-v1:0:24k": virginia,
  "amazon.nova-pro-v1:0:300k": virginia,
  "amazon.titan-embed-text-v1:2:8k": virginiaAndOregon,
  "amazon.titan-image-generator-v2:0": virginiaAndOregon,
  "amazon.titan-embed-image-v1:0": [
    ...["ap-south-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-1"],
    ...["eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-west-2"],
  ],
  "anthropic.claude-v2:0:100k": virginiaAndOregon,
  "anthropic.claude-v2:0:18k": virginiaAndOregon,
  "anthropic.claude-v2:1:18k": claude21,
  "anthropic.claude-v2:1:200k": claude21,
  "anthropic.claude-3-haiku-20240307-v1:0:200k": haiku3,
  "anthropic.claude-3-haiku-20240307-v1:0:48k": ["ap-south-1", "eu-west-1", ...haiku3],
  "anthropic.claude-3-sonnet-20240229-v1:0:200k": sonnet3,
  "anthropic.claude-3-sonnet-20240229-v1:0:28k": ["ap-south-1", ...sonnet3],
  "anthropic.claude-3-5-sonnet-20240620-v1:0:18k": oregon,
  "anthropic.claude-3-5-sonnet-20240620-v1:0:51k": oregon,
  "anthropic.claude-3-5-sonnet-20240620-v1:0:200k": oregon,
  "anthropic.claude-3-5-sonnet-20241022-v2:0:18k": oregon,
  "anthropic.claude-3-5-sonnet-20241022-v2:0:51k": oregon,
  "anthropic.claude-3-5-sonnet-20241022-v2:0:200k": oregon,
  "anthropic.claude-instant-v1:2:100k": virginiaAndOregon,
  "cohere.embed-english-v3:0:512": embeddings,
  "cohere.embed-multilingual-v3:0:512": embeddings,
  "meta.llama3-1-70b-instruct-v1:0:128k": oregon,
  "meta.llama3-1-8b-instruct-v1:0:128k": oregon,
  "meta.llama3-2-11b-instruct-v1:0:128k": oregon,
  "meta.llama3-2-1b-instruct-v1:0:128k": oregon,
  "meta.llama3-2-3b-instruct-v1:0:128k": oregon,
  "meta.llama3-2-90b-instruct-v1:0:128k": oregon,
};

/** Same page: base models that are sold with a commitment alone. */
export const commitmentOnly: readonly string[] = ["amazon.titan-image-generator-v2:0"];
