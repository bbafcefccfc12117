import * as assert from "node:assert/strict";

import { GenAiEndpoint, type GenAiEndpointArgs } from "../../components/gen-ai-endpoint/gen-ai-endpoint";
import type { BedrockEngine, ProvisionedCapacity, SageMakerEngine } from "../../components/gen-ai-endpoint/types";
import { run } from "../harness";
import { haiku, least, nova, onDemand, reserved } from "./gen-ai-endpoint-fixture";

const image = {
  repository: { url: "images", pull: { name: "images", env: {}, statements: [] } },
  tag: "0123456789abcdef0123456789abcdef01234567",
};
const serverless = { serverless: { memoryMiB: 2048, maxConcurrency: 5 } };

/** Every line of the one error, without its head; nothing may have been registered. */
async function faults(args: GenAiEndpointArgs, name = "ai"): Promise<string[]> {
  const result = await run(() => void new GenAiEndpoint(name, args));
  assert.deepEqual(result.resources, []);
  assert.ok(result.error, "an error");
  const [head, ...lines] = result.error.message.split("\n");
  assert.equal(head, `GenAiEndpoint "${name}":`);
  return lines.map((line) => line.trim());
}

async function compare(args: GenAiEndpointArgs, lines: (string | RegExp)[]): Promise<void> {
  const found = await faults(args);
  assert.equal(found.length, lines.length, found.join("\n"));
  for (const [i, line] of lines.entries()) {
    if (typeof line === "string") assert.equal(found[i], line);
    else assert.match(found[i] ?? "", line);
  }
}

const bedrock = (more: Partial<BedrockEngine>): Partial<GenAiEndpointArgs> => ({ bedrock: { ...onDemand, ...more } });
const withoutCeiling = (more: Partial<BedrockEngine>): Partial<GenAiEndpointArgs> => ({
  bedrock: { model: onDemand.model, ...more },
});
const guardrail = (rules: object): Partial<GenAiEndpointArgs> => bedrock({ guardrail: rules });
const bought = (more: Partial<ProvisionedCapacity>, model = nova, region = "us-east-1"): Partial<GenAiEndpointArgs> => {
  const provisioned = { units: 2, commitment: "oneMonth", unitUsdPerHour: 10, ...more } as ProvisionedCapacity;
  const acknowledge = more.acknowledge ?? `${provisioned.units} x ${model}, ${provisioned.commitment}`;
  return { region, bedrock: { model, capacity: { provisioned: { ...provisioned, acknowledge } } } };
};
const path = "bedrock.capacity.provisioned";
const many = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, value]));

const cases: [what: string, args: Partial<GenAiEndpointArgs>, lines: (string | RegExp)[]][] = [
  [
    "another engine",
    { engine: "openai" as "bedrock" },
    [
      'engine: was "openai"; allowed: "bedrock" with bedrock alone, or "sagemaker" with sagemaker alone; set the engine, ' +
        "and the arguments of that name (there are: bedrock)",
    ],
  ],
  [
    "the arguments of both engines",
    { sagemaker: { image, serving: serverless } },
    [/^engine: was "bedrock"; .* \(there are: bedrock, sagemaker\)$/],
  ],
  [
    "a region that is none",
    { region: "tokyo" },
    [
      'region: was "tokyo"; allowed: an AWS region, such as ap-northeast-1; set the stack\'s region',
      /^bedrock\.model: was "jp\./,
    ],
  ],
  [
    "a retention that CloudWatch Logs does not know",
    { logRetentionDays: 31 as 30 },
    ["logRetentionDays: was 31; allowed: a retention of CloudWatch Logs; set 30, 90 or 365"],
  ],
  [
    "thresholds out of range",
    { alarms: { throttles: 0, errors: 0, latencySeconds: 4000 } },
    [
      "alarms.throttles: was 0; allowed: a whole number from 1 to 1000000; set one in that range",
      "alarms.errors: was 0; allowed: a whole number from 1 to 1000000; set one in that range",
      "alarms.latencySeconds: was 4000; allowed: a whole number from 1 to 3600; set one in that range",
    ],
  ],
  [
    "no alarms on SageMaker, which goes back by them",
    { engine: "sagemaker", bedrock: undefined as never, sagemaker: { image, serving: serverless }, alarms: false },
    ["alarms: was false; allowed: thresholds with engine sagemaker; remove it: an update goes back when they go off"],
  ],
  [
    "another way of watching",
    bedrock({ ceiling: { usdPerHour: 1, tokensPerMinute: 1, watch: "nobody" as "calls" } }),
    ['bedrock.ceiling.watch: was "nobody"; allowed: alarm, calls; set one of them'],
  ],
  [
    "a model that is none",
    bedrock({ model: "claude" }),
    [
      'bedrock.model: was "claude"; allowed: <provider>.<model>, with or without one of the prefixes us, eu, apac, jp, ' +
        "au, us-gov, global; copy the id from the model's page in the Bedrock user guide",
    ],
  ],
  [
    "a region that the profile's prefix does not have",
    { ...bedrock({ model: `us.${haiku}` }) },
    [
      `bedrock.model: was "us.${haiku}"; allowed: in ap-northeast-1 the prefixes apac, jp, global, or none (as of ` +
        "2026-11); take a profile that this region has",
    ],
  ],
  [
    "destinations for a model of one region",
    bedrock({ model: "amazon.nova-lite-v1:0", destinationRegions: ["eu-west-1"] }),
    [
      'bedrock.destinationRegions: was ["eu-west-1"]; allowed: none for a model that runs in one region; remove it, or ' +
        "give the model its cross-region prefix",
    ],
  ],
  [
    "destinations for a global profile",
    bedrock({ model: `global.${haiku}`, destinationRegions: ["eu-west-1"] }),
    [
      'bedrock.destinationRegions: was ["eu-west-1"]; allowed: none for a global profile; remove it: AWS decides where a ' +
        "global profile routes to",
    ],
  ],
  [
    "no destinations at all",
    bedrock({ destinationRegions: [] }),
    ["bedrock.destinationRegions: was []; allowed: at least one region; name the profile's regions"],
  ],
  [
    "tags of ours, and characters that Bedrock refuses",
    bedrock({ costTags: { Part: "mine", Team: "a&b" } }),
    [
      'bedrock.costTags.Part: was "mine"; allowed: other tags than Part, Endpoint, InvocationLog, Acknowledged, UnitUsdPerHour; remove it: we set it',
      'bedrock.costTags.Team: was "a&b"; allowed: letters, digits, spaces and ._:/=+@-; leave the other characters out',
    ],
  ],
  [
    "a log group that is none",
    bedrock({ invocationLogGroup: "our log" }),
    [
      'bedrock.invocationLogGroup: was "our log"; allowed: the name of a log group; copy it from the account stack\'s outputs',
    ],
  ],
  [
    "the whole bucket as documents, and a model of no vectors",
    bedrock({ knowledge: { bucket: { bucketArn: "arn" }, prefix: "", embeddingModel: haiku } }),
    [
      `bedrock.knowledge.embeddingModel: was "${haiku}"; allowed: amazon.titan-embed-text-v2:0, cohere.embed-english-v3, ` +
        "cohere.embed-multilingual-v3; set one of them, without the prefix of a profile",
      'bedrock.knowledge.prefix: was ""; allowed: a folder such as documents/; put the documents in a folder of their own and name it',
    ],
  ],
  [
    "vectors of a size that the model does not make",
    bedrock({ knowledge: { bucket: { bucketArn: "arn" }, prefix: "a/", dimensions: 300 } }),
    ["bedrock.knowledge.dimensions: was 300; allowed: 1024, 512, 256; set one that amazon.titan-embed-text-v2:0 makes"],
  ],
  [
    "no ceiling on demand",
    withoutCeiling({}),
    [
      "bedrock.ceiling: was not set; allowed: a ceiling while capacity is onDemand; set { usdPerHour, tokensPerMinute }: " +
        "without one, a loop costs what the account's quota allows",
    ],
  ],
  [
    "a ceiling of nothing",
    bedrock({ ceiling: { usdPerHour: 0, tokensPerMinute: -1 } }),
    [
      "bedrock.ceiling.usdPerHour: was 0; allowed: a number above 0; set one",
      "bedrock.ceiling.tokensPerMinute: was -1; allowed: a number above 0; set one",
    ],
  ],
  [
    "a price that is none",
    bedrock({ listPrice: { inputUsd: -1, outputUsd: 1 } }),
    ["bedrock.listPrice.inputUsd: was -1; allowed: USD for a million tokens, 0 or more; set the model's price"],
  ],
  [
    "a model whose price is not known",
    bedrock({ model: "mistral.mistral-large-2402-v1:0" }),
    [
      "bedrock.listPrice: was not set; allowed: a price while none is known for mistral.mistral-large-2402-v1:0 in " +
        "ap-northeast-1 (as of 2026-11); set { inputUsd, outputUsd } from the Bedrock pricing page: the ceiling counts with it",
    ],
  ],
  ...(["spot", { reserved: 1 }, { provisioned: true }] as unknown[]).map(
    (capacity): [string, Partial<GenAiEndpointArgs>, (string | RegExp)[]] => [
      `capacity ${JSON.stringify(capacity)}`,
      bedrock({ capacity: capacity as "onDemand" }),
      [
        new RegExp(
          `^bedrock\\.capacity: was .*; allowed: "onDemand" or \\{ provisioned: \\{ units, commitment, unitUsdPerHour, acknowledge \\} \\}; set one of the two forms$`,
        ),
      ],
    ],
  ),
  [
    "a commitment without its acknowledgement",
    bought({ acknowledge: "yes" }),
    [
      `${path}.acknowledge: was "yes"; allowed: "2 x ${nova}, oneMonth"; it is bought when this is deployed, and costs ` +
        "14,600 USD in all: write exactly that sentence",
    ],
  ],
  [
    "an acknowledgement of something else",
    bought({ acknowledge: `1 x ${nova}, oneMonth` }),
    [/^bedrock\.capacity\.provisioned\.acknowledge: was "1 x /],
  ],
  [
    "units, term, price and day that are none",
    bought({ units: 0, commitment: "year" as "none", unitUsdPerHour: 0, boughtOn: "2026-13-01" }),
    [
      `${path}.units: was 0; allowed: a whole number from 1 to 1000; set one in that range`,
      `${path}.commitment: was "year"; allowed: none, oneMonth, sixMonths; set one of them`,
      `${path}.unitUsdPerHour: was 0; allowed: USD an hour, above 0; ask your AWS account manager for the price of a unit`,
      `${path}.boughtOn: was "2026-13-01"; allowed: a day such as 2026-12-01; set the day that it was bought`,
    ],
  ],
  [
    "a region that sells no throughput for the model",
    bought({}, nova, "ap-northeast-1"),
    [
      `region: was "ap-northeast-1"; allowed: us-east-1 for ${nova} (as of 2026-11); no throughput is sold here: set ` +
        'capacity "onDemand"',
    ],
  ],
  [
    "a model that is not sold so",
    bought({}, haiku),
    [
      /^bedrock\.model: was "anthropic\.claude-haiku-4-5.*allowed: a model that is sold so \(as of 2026-11\): amazon\.nova-2/,
    ],
  ],
  [
    "a model that is sold with a commitment alone",
    bought({ commitment: "none" }, "amazon.titan-image-generator-v2:0"),
    [`${path}.commitment: was "none"; allowed: oneMonth, sixMonths for this model; set one of them`],
  ],
  [
    "a ceiling beside a fixed price",
    { region: "us-east-1", bedrock: { ...reserved, ceiling: { usdPerHour: 1, tokensPerMinute: 1 } } },
    [
      'bedrock.ceiling: was {"usdPerHour":1,"tokensPerMinute":1}; allowed: none with provisioned capacity; remove it: ' +
        "the price is fixed",
    ],
  ],
  [
    "strengths and a tier that are none",
    guardrail({ content: "max", promptAttack: "off", tier: "gold" }),
    [
      'bedrock.guardrail.content: was "max"; allowed: low, medium, high; set one of them',
      'bedrock.guardrail.promptAttack: was "off"; allowed: low, medium, high; set one of them',
      'bedrock.guardrail.tier: was "gold"; allowed: classic, standard; set one of them',
    ],
  ],
  [
    "the standard tier where no profile is known",
    {
      region: "sa-east-1",
      bedrock: { ...onDemand, model: `global.${haiku}`, guardrail: { tier: "standard" } },
    },
    [
      'bedrock.guardrail.tier: was "standard"; allowed: "classic" in sa-east-1; no guardrail profile is known for the region',
    ],
  ],
  [
    "personal data that AWS does not know, or that is masked and blocked",
    guardrail({ mask: ["SHOE_SIZE", "EMAIL"], block: ["EMAIL"] }),
    [
      /^bedrock\.guardrail\.mask: was "SHOE_SIZE"; allowed: ADDRESS, AGE, .*; take a name from that list$/,
      'bedrock.guardrail.mask: was "EMAIL"; allowed: each kind in mask or in block; leave it out of one of them',
    ],
  ],
  [
    "too many patterns and topics",
    guardrail({
      patterns: many(11, { pattern: "x", action: "mask" }),
      topics: many(31, { definition: "Something." }),
    }),
    [
      'bedrock.guardrail.patterns: was "11 of them"; allowed: at most 10; leave some out',
      'bedrock.guardrail.topics: was "31 of them"; allowed: at most 30; leave some out',
    ],
  ],
  [
    "texts that are too long",
    guardrail({
      topics: { "a/b": { definition: "x".repeat(201), examples: [""] } },
      words: ["x".repeat(101)],
      refusedPrompt: "",
      refusedAnswer: "x".repeat(501),
    }),
    [
      'bedrock.guardrail.topics: was "a/b"; allowed: 1 to 100 letters, digits and -_ !?.; rename the topic',
      /^bedrock\.guardrail\.topics\.a\/b\.definition: was "x+"; allowed: 1 to 200 characters; shorten it$/,
      'bedrock.guardrail.topics.a/b.examples: was ""; allowed: 1 to 100 characters; shorten it',
      /^bedrock\.guardrail\.words: was "x+"; allowed: 1 to 100 characters; shorten it$/,
      'bedrock.guardrail.refusedPrompt: was ""; allowed: 1 to 500 characters; shorten it',
      /^bedrock\.guardrail\.refusedAnswer: was "x+"; allowed: 1 to 500 characters; shorten it$/,
    ],
  ],
];

const sagemakerCases: [what: string, engine: object, lines: (string | RegExp)[]][] = [
  [
    "an image that is no commit's",
    { image: { ...image, tag: "latest" } },
    [
      'sagemaker.image.tag: was "latest"; allowed: a full git SHA, 40 hexadecimal digits; build the image from a commit and ' +
        "set its SHA",
    ],
  ],
  [
    "data that is not packed",
    { artefact: { bucketName: "b", bucketArn: "arn", key: "/model.bin" } },
    ['sagemaker.artefact.key: was "/model.bin"; allowed: the key of a .tar.gz; pack the model so, and name its key'],
  ],
  [
    "no way to serve",
    { serving: {} },
    [
      "sagemaker.serving: was {}; allowed: { serverless: { memoryMiB, maxConcurrency } }, { realTime: { instanceType, min, max " +
        "} } or { async: { instanceType, max, bucket } }; set one of the three forms",
    ],
  ],
  [
    "two ways to serve",
    { serving: { ...serverless, realTime: { instanceType: "ml.m5.large", min: 1, max: 1 } } },
    [/^sagemaker\.serving: was /],
  ],
  [
    "serverless with a GPU instance, an odd size, no concurrency, and capture",
    {
      serving: { serverless: { memoryMiB: 1000, maxConcurrency: 0, instanceType: "ml.g5.xlarge" } },
      capture: { bucketName: "b", bucketArn: "arn", percent: 5 },
    },
    [
      "sagemaker.serving.serverless.memoryMiB: was 1000; allowed: 1024 to 6144 in steps of 1024; set one of those sizes",
      "sagemaker.serving.serverless.maxConcurrency: was 0; allowed: a whole number from 1 to 200; set one in that range",
      'sagemaker.serving.serverless.instanceType: was "ml.g5.xlarge"; allowed: none; remove it, or serve in realTime: ' +
        "serverless has no instances and no GPU",
      "sagemaker.capture: was 5; allowed: none with serverless; remove it, or serve in realTime",
    ],
  ],
  [
    "instances that are none, and counts the wrong way round",
    { serving: { realTime: { instanceType: "m5.large", min: 2, max: 1, requestsPerInstance: 0 } } },
    [
      'sagemaker.serving.realTime.instanceType: was "m5.large"; allowed: a type such as ml.m5.large; set one that the ' +
        "region has",
      "sagemaker.serving.realTime.max: was 1; allowed: a whole number from 2 to 1000; set one in that range",
      "sagemaker.serving.realTime.requestsPerInstance: was 0; allowed: a whole number from 1 to 1000000; set one in that range",
    ],
  ],
  [
    "a GPU without its acknowledgement",
    { serving: { realTime: { instanceType: "ml.g5.xlarge", min: 1, max: 2, acknowledge: "1 x ml.g5.xlarge" } } },
    [
      'sagemaker.serving.realTime.acknowledge: was "1 x ml.g5.xlarge"; allowed: "2 x ml.g5.xlarge"; an accelerator is rented ' +
        "by the hour, used or not: write exactly that",
    ],
  ],
  [
    "asynchronous instances without acknowledgement, none of them, and captured",
    {
      serving: { async: { instanceType: "ml.g5.xlarge", max: 0, bucket: { bucketName: "b", bucketArn: "arn" } } },
      capture: { bucketName: "b", bucketArn: "arn", percent: 5 },
    },
    [
      "sagemaker.serving.async.max: was 0; allowed: a whole number from 1 to 1000; set one in that range",
      /^sagemaker\.serving\.async\.acknowledge: was not set; allowed: "0 x ml\.g5\.xlarge"/,
      "sagemaker.capture: was 5; allowed: none with async; remove it: requests and results stay in S3",
    ],
  ],
  [
    "a share that is none",
    {
      serving: { realTime: { instanceType: "ml.m5.large", min: 1, max: 1 } },
      capture: { bucketName: "b", bucketArn: "arn", percent: 0 },
    },
    ["sagemaker.capture.percent: was 0; allowed: a whole number from 1 to 100; set one in that range"],
  ],
  [
    "hours that are no times of a day, for instances that scale",
    {
      serving: {
        realTime: {
          instanceType: "ml.m5.large",
          min: 1,
          max: 2,
          hours: { start: "rate(1 day)", stop: "cron(0 20 * *)", timezone: "Tokyo" },
        },
      },
    },
    [
      'sagemaker.serving.realTime.hours: was "min 1, max 2"; allowed: one number of instances; set max to min, or remove hours',
      'sagemaker.serving.realTime.hours.start: was "rate(1 day)"; allowed: cron(...) with six fields; set a time of the day',
      'sagemaker.serving.realTime.hours.stop: was "cron(0 20 * *)"; allowed: cron(...) with six fields; set a time of the day',
      'sagemaker.serving.realTime.hours.timezone: was "Tokyo"; allowed: an IANA time zone such as Asia/Tokyo; correct the name',
    ],
  ],
];

describe("GenAiEndpoint refuses", () => {
  for (const [what, engine, lines] of sagemakerCases) {
    it(`on SageMaker ${what}`, () => {
      const { bedrock: _, ...rest } = least;
      const sagemaker = { image, serving: serverless, ...engine } as SageMakerEngine;
      return compare({ ...rest, engine: "sagemaker", sagemaker }, lines);
    });
  }

  for (const [what, args, lines] of cases) {
    it(what, () => compare({ ...least, ...args }, lines));
  }

  it("names that no variable or guardrail can carry", async () => {
    assert.deepEqual(await faults(least, "Ai"), [
      'name: was "Ai"; allowed: kebab-case, such as assistant; rename the component',
    ]);
    const long = "a".repeat(33);
    assert.deepEqual(await faults(least, long), [
      `name: was "${long}"; allowed: up to 32 characters; shorten the component's name`,
    ]);
  });
});
