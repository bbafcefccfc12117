import type { Input } from "@pulumi/pulumi";

import type { Access } from "../shared/access";

/** How strictly harmful content is filtered. */
export type FilterStrength = "low" | "medium" | "high";

/** AWS: Bedrock API reference, `GuardrailPiiEntityType`. */
export const piiTypes = [
  ...["ADDRESS", "AGE", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "CA_HEALTH_NUMBER", "CA_SOCIAL_INSURANCE_NUMBER"],
  ...["CREDIT_DEBIT_CARD_CVV", "CREDIT_DEBIT_CARD_EXPIRY", "CREDIT_DEBIT_CARD_NUMBER", "DRIVER_ID", "EMAIL"],
  ...["INTERNATIONAL_BANK_ACCOUNT_NUMBER", "IP_ADDRESS", "LICENSE_PLATE", "MAC_ADDRESS", "NAME", "PASSWORD", "PHONE"],
  ...["PIN", "SWIFT_CODE", "UK_NATIONAL_HEALTH_SERVICE_NUMBER", "UK_NATIONAL_INSURANCE_NUMBER"],
  ...["UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "URL", "USERNAME", "US_BANK_ACCOUNT_NUMBER", "US_BANK_ROUTING_NUMBER"],
  ...["US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "US_PASSPORT_NUMBER", "US_SOCIAL_SECURITY_NUMBER"],
  "VEHICLE_IDENTIFICATION_NUMBER",
];

/** What the guardrail does; every change makes a new version of it. */
export interface GuardrailRules {
  /** Strength of the filters for hate, insults, sexual content, violence and misconduct. @default "high" */
  content?: FilterStrength;
  /** Strength of the filter for attacks in prompts. @default "high" */
  promptAttack?: FilterStrength;
  /** Kinds of personal data that are masked, as AWS names them: `EMAIL`. @default see README */
  mask?: string[];
  /** Kinds of personal data that block the request or answer. @default AWS_ACCESS_KEY, AWS_SECRET_KEY */
  block?: string[];
  /** Patterns of your own data, by name, at most 10. @default none */
  patterns?: Record<string, { pattern: string; action: "mask" | "block" }>;
  /** Topics that are refused, by name, at most 30: what the topic is, and prompts as examples. @default none */
  topics?: Record<string, { definition: string; examples?: string[] }>;
  /** Words that are blocked, at most 100 characters each. @default none */
  words?: string[];
  /** Blocks AWS's list of profane words. @default true */
  profanity?: boolean;
  /**
   * `standard` knows over 60 languages, Japanese among them, and evaluates in every region of the geography; `classic`
   * knows English, French and Spanish and stays in the region. @default "classic"
   */
  tier?: "classic" | "standard";
  /** What callers get in place of a refused prompt, at most 500 characters. @default "This request is not allowed." */
  refusedPrompt?: string;
  /** What callers get in place of a refused answer. @default "This answer is not allowed." */
  refusedAnswer?: string;
}

/** USD for a million tokens. */
export interface ListPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** Input read from the prompt cache. @default inputUsd */
  readonly cacheReadUsd?: number;
  /** Input written to the prompt cache. @default 2 x inputUsd, the dearest of any model */
  readonly cacheWriteUsd?: number;
}

/** When invoking is stopped. */
export interface SpendCeiling {
  /** What tokens may cost within any 60 minutes, in USD at list price. */
  usdPerHour: number;
  /** The account's quota for the model, in tokens a minute (Service Quotas): bounds what is lost before the stop acts. */
  tokensPerMinute: number;
  /**
   * What looks at the spending. `alarm`: an alarm, each minute. `calls`: each call to the model, so that nothing is paid while
   * nobody asks; it acts later, and sees what the account's CloudTrail trail logs: without a trail it stops nothing.
   * @default "alarm"
   */
  watch?: "alarm" | "calls";
}

/** How long provisioned throughput is bought for; `none` is paid by the hour until it is deleted. */
export type Commitment = "none" | "oneMonth" | "sixMonths";

/** Reserved throughput of a model, at a fixed price. */
export interface ProvisionedCapacity {
  /** Model units. */
  units: number;
  commitment: Commitment;
  /** Price of one unit, in USD an hour: AWS tells it for each account, there is no public list. */
  unitUsdPerHour: number;
  /** Exactly `<units> x <model>, <commitment>`: whoever writes it knows what is bought. */
  acknowledge: string;
  /** Day that it was bought, `2026-12-01`: the term's end is counted from it. @default today */
  boughtOn?: string;
}

/** A model of Bedrock. */
export interface BedrockEngine {
  /**
   * Model id, `amazon.nova-lite-v1:0` in the stack's region, or with the prefix of a cross-region profile,
   * `jp.anthropic.claude-haiku-4-5-20251001-v1:0`. For provisioned capacity the contextual variant.
   */
  model: string;
  /** Paid by the token, or reserved. @default "onDemand" */
  capacity?: "onDemand" | { provisioned: ProvisionedCapacity };
  /** Stops invoking when tokens cost too much; required on demand. */
  ceiling?: SpendCeiling;
  /** Price of the model's tokens. @default AWS's list price, where the component knows it */
  listPrice?: ListPrice;
  /** Regions that a cross-region profile routes to. @default those of its geography */
  destinationRegions?: string[];
  /** What the guardrail does; `false` for models that know none, such as embeddings. @default see GuardrailRules */
  guardrail?: GuardrailRules | false;
  /** Documents of the lake that programs may look up, as vectors in S3. @default none */
  knowledge?: Knowledge;
  /** Log group of the account's invocation logging, which the account stack sets up; adds a query for who spends. @default none */
  invocationLogGroup?: string;
  /** Tags of the application inference profile, to tell costs apart, beside `Part` and `Endpoint`. @default none */
  costTags?: Record<string, string>;
}

/** Documents that may be looked up. */
export interface Knowledge {
  /** Where the documents lie, encrypted with `keyArn`: `lake.zones.curated` fits. */
  bucket: Omit<ModelBucket, "bucketName">;
  /** Their folder, `documents/`; nothing else of the bucket is read. */
  prefix: string;
  /** Model that makes the vectors; it cannot change without a new import. @default "amazon.titan-embed-text-v2:0" */
  embeddingModel?: string;
  /** Numbers in a vector: 256, 512 or 1024. Fewer cost less and find less. @default the most that the model makes */
  dimensions?: number;
}

/** A model of Bedrock, and where it is asked. */
export interface BedrockPlace {
  readonly region: string;
  readonly bedrock: BedrockEngine;
}

/** Where data of a model lies. */
export interface ModelBucket {
  bucketName: Input<string>;
  bucketArn: Input<string>;
}

/** Instances that are there all the time. */
export interface RealTimeServing {
  /** Such as `ml.m5.large`. */
  instanceType: string;
  /** Fewest instances, at least 1. */
  min: number;
  /** Most instances. */
  max: number;
  /** Requests a minute that one instance should answer; scaling keeps to it. @default 100 */
  requestsPerInstance?: number;
  /** With a GPU or another accelerator exactly `<max> x <instanceType>`: whoever writes it knows what is rented. */
  acknowledge?: string;
  /** Hours outside which the endpoint is deleted and costs nothing; needs `min` and `max` to be one number. @default none */
  hours?: ServingHours;
}

/** When instances are there. */
export interface ServingHours {
  /** When the endpoint is made: `cron(0 8 ? * MON-FRI *)`. It answers some minutes later. */
  start: string;
  /** When it is deleted: `cron(0 20 ? * MON-FRI *)`. */
  stop: string;
  /** IANA time zone of both. @default "UTC" */
  timezone?: string;
}

/** Capacity that is there while requests are, and costs nothing between them. */
export interface ServerlessServing {
  /** Memory in MiB, 1024 to 6144 in steps of 1024; CPU comes with it. */
  memoryMiB: number;
  /** Requests at one time, 1 to 200. */
  maxConcurrency: number;
}

/** Instances that come when there are requests in S3, and all go when there are none. */
export interface AsyncServing {
  /** Such as `ml.m5.large`. */
  instanceType: string;
  /** Most instances. */
  max: number;
  /** Where requests are put (`<name>/requests/`) and results come (`<name>/results/`, `<name>/failures/`). */
  bucket: ModelBucket;
  /** ARN of the SNS topic that is told of each result and failure, encrypted with the stack's key. @default nobody is */
  topicArn?: Input<string>;
  /** With a GPU or another accelerator exactly `<max> x <instanceType>`: whoever writes it knows what is rented. */
  acknowledge?: string;
}

/** A model of your own on SageMaker. */
export interface SageMakerEngine {
  /** The image: its repository (ImageRepository fits) and, as tag, the SHA of the git commit it was built from. */
  image: { repository: { url: Input<string>; pull: Access }; tag: string };
  /** The model's data, a `.tar.gz` in S3. @default all of it is in the image */
  artefact?: ModelBucket & { key: string };
  /** Variables of the container. @default none */
  environment?: Record<string, Input<string>>;
  /** What answers requests. */
  serving: { serverless: ServerlessServing } | { realTime: RealTimeServing } | { async: AsyncServing };
  /** Keeps a part of requests and answers, in percent, under `<name>/` of a bucket; real time alone. @default none */
  capture?: ModelBucket & { percent: number };
}

/** When the alarms go off. */
export interface GenAiAlarmThresholds {
  /** Requests in 5 minutes that were throttled, or on SageMaker refused. @default 10 */
  throttles?: number;
  /** Requests in 5 minutes that failed on AWS's side. @default 5 */
  errors?: number;
  /** 90th percentile of the time to the last token, in seconds, over 15 minutes. @default 60 */
  latencySeconds?: number;
}
