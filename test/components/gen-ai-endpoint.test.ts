import * as assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import {
  GenAiEndpoint,
  type GenAiEndpointArgs,
  type GenAiEndpointTransform,
} from "../../components/gen-ai-endpoint/gen-ai-endpoint";
import { bill, termEnd } from "../../components/gen-ai-endpoint/capacity";
import { listPriceOf, parseModel, provisionedRegions, routings } from "../../components/gen-ai-endpoint/models";
import type { Access } from "../../components/shared/access";
import { children, resource, type Run, run } from "../harness";
import {
  account,
  alarmTopicArn,
  haiku,
  keyArn,
  least,
  make,
  makeReserved,
  nova,
  of,
  onDemand,
  reserved,
} from "./gen-ai-endpoint-fixture";

const types = {
  profile: "aws:bedrock/inferenceProfile:InferenceProfile",
  throughput: "aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput",
  guardrail: "aws:bedrock/guardrail:Guardrail",
  version: "aws:bedrock/guardrailVersion:GuardrailVersion",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  logs: "aws:cloudwatch/logGroup:LogGroup",
  policy: "aws:iam/policy:Policy",
  query: "aws:cloudwatch/queryDefinition:QueryDefinition",
  role: "aws:iam/role:Role",
  rights: "aws:iam/rolePolicy:RolePolicy",
  lambda: "aws:lambda/function:Function",
  permission: "aws:lambda/permission:Permission",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  rule: "aws:cloudwatch/eventRule:EventRule",
  target: "aws:cloudwatch/eventTarget:EventTarget",
};

const onDemandChildren = [
  `${types.guardrail} ai-guardrail`,
  `${types.version} ai-guardrail-version`,
  `${types.profile} ai-profile`,
  `${types.alarm} ai-errors-alarm`,
  `${types.alarm} ai-failures-alarm`,
  `${types.alarm} ai-latency-alarm`,
  `${types.alarm} ai-spend-alarm`,
  `${types.alarm} ai-throttles-alarm`,
  `${types.logs} ai-stop-logs`,
  `${types.policy} ai-stop`,
  `${types.role} ai-stop-role`,
  `${types.rights} ai-lift-rights`,
  `${types.rights} ai-stop-rights`,
  `${types.lambda} ai-stop-function`,
  `${types.permission} ai-stop-permission`,
  `${types.queue} ai-failures`,
  `${types.queuePolicy} ai-failures-policy`,
].sort();

const out = (result: Run, type: string, name: string, output: string): string =>
  resource(result, type, name).outputs[output] as string;

const statementsOf = (document: unknown): unknown =>
  (JSON.parse(document as string) as { Statement: unknown }).Statement;

describe("GenAiEndpoint on Bedrock", () => {
  it("makes profile, guardrail with version, alarms, and what stops it", async () => {
    const result = await make();
    assert.equal(result.error, undefined);
    assert.deepEqual(children(result, "ai"), onDemandChildren);
  });

  it("makes no guardrail where it is switched off", async () => {
    const result = await make({ guardrail: false });
    assert.deepEqual(
      children(result, "ai"),
      onDemandChildren.filter((child) => !child.includes("guardrail")),
    );
  });

  it("makes a throughput and no stop with provisioned capacity", async () => {
    const result = await makeReserved();
    assert.equal(result.error, undefined);
    assert.deepEqual(
      children(result, "ai"),
      [
        `${types.guardrail} ai-guardrail`,
        `${types.version} ai-guardrail-version`,
        `${types.throughput} ai-throughput`,
        `${types.alarm} ai-errors-alarm`,
        `${types.alarm} ai-latency-alarm`,
        `${types.alarm} ai-throttles-alarm`,
      ].sort(),
    );
  });

  describe("profile", () => {
    it("is a copy of the cross-region profile, with tags that tell the cost", async () => {
      const result = await make({ costTags: { Feature: "search" } });
      assert.deepEqual(resource(result, types.profile, "ai-profile").inputs, {
        description: `jp.${haiku} for ai`,
        modelSource: { copyFrom: `arn:aws:bedrock:ap-northeast-1:${account}:inference-profile/jp.${haiku}` },
        tags: { Feature: "search", Part: "generative-ai", Endpoint: "ai" },
      });
    });

    it("is a copy of the model itself where that runs in the region", async () => {
      const result = await make({ model: "amazon.nova-lite-v1:0" });
      assert.deepEqual(resource(result, types.profile, "ai-profile").inputs["modelSource"], {
        copyFrom: "arn:aws:bedrock:ap-northeast-1::foundation-model/amazon.nova-lite-v1:0",
      });
    });
  });

  describe("guardrail", () => {
    it("filters content and attacks, masks personal data and blocks keys and profanity, with the stack's key", async () => {
      const masked = [
        "CREDIT_DEBIT_CARD_CVV",
        "CREDIT_DEBIT_CARD_EXPIRY",
        "CREDIT_DEBIT_CARD_NUMBER",
        "EMAIL",
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        "PASSWORD",
        "PHONE",
        "PIN",
        "US_SOCIAL_SECURITY_NUMBER",
      ];
      assert.deepEqual(resource(await make(), types.guardrail, "ai-guardrail").inputs, {
        description: "What ai refuses and masks",
        blockedInputMessaging: "This request is not allowed.",
        blockedOutputsMessaging: "This answer is not allowed.",
        kmsKeyArn: keyArn,
        contentPolicyConfig: {
          filtersConfigs: [
            ...["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT"].map((type) => ({
              type,
              inputStrength: "HIGH",
              outputStrength: "HIGH",
            })),
            { type: "PROMPT_ATTACK", inputStrength: "HIGH", outputStrength: "NONE" },
          ],
        },
        sensitiveInformationPolicyConfig: {
          piiEntitiesConfigs: [
            ...masked.map((type) => ({ type, action: "ANONYMIZE" })),
            { type: "AWS_ACCESS_KEY", action: "BLOCK" },
            { type: "AWS_SECRET_KEY", action: "BLOCK" },
          ],
        },
        wordPolicyConfig: { managedWordListsConfigs: [{ type: "PROFANITY" }] },
      });
    });

    it("takes topics, words, patterns, strengths and the standard tier", async () => {
      const result = await make({
        guardrail: {
          content: "low",
          promptAttack: "medium",
          mask: ["NAME"],
          block: [],
          patterns: {
            customer: { pattern: "C-\\d{6}", action: "mask" },
            secret: { pattern: "S-\\d+", action: "block" },
          },
          topics: { Investment: { definition: "Advice on investing money.", examples: ["What should I buy?"] } },
          words: ["rival"],
          profanity: false,
          tier: "standard",
        },
      });
      const made = resource(result, types.guardrail, "ai-guardrail").inputs;
      const tierConfigs = [{ tierName: "STANDARD" }];
      assert.deepEqual(made["topicPolicyConfig"], {
        topicsConfigs: [
          {
            name: "Investment",
            definition: "Advice on investing money.",
            type: "DENY",
            examples: ["What should I buy?"],
          },
        ],
        tierConfigs,
      });
      assert.deepEqual((made["contentPolicyConfig"] as Record<string, unknown>)["tierConfigs"], tierConfigs);
      assert.deepEqual(made["wordPolicyConfig"], { wordsConfigs: [{ text: "rival" }] });
      assert.deepEqual(made["sensitiveInformationPolicyConfig"], {
        piiEntitiesConfigs: [{ type: "NAME", action: "ANONYMIZE" }],
        regexesConfigs: [
          { name: "customer", pattern: "C-\\d{6}", action: "ANONYMIZE" },
          { name: "secret", pattern: "S-\\d+", action: "BLOCK" },
        ],
      });
      assert.deepEqual(made["crossRegionConfig"], {
        guardrailProfileIdentifier: `arn:aws:bedrock:ap-northeast-1:${account}:guardrail-profile/apac.guardrail.v1:0`,
      });
      const [hate, , , , , attack] = (made["contentPolicyConfig"] as { filtersConfigs: unknown[] }).filtersConfigs;
      assert.deepEqual(hate, { type: "HATE", inputStrength: "LOW", outputStrength: "LOW" });
      assert.deepEqual(attack, { type: "PROMPT_ATTACK", inputStrength: "MEDIUM", outputStrength: "NONE" });
    });

    it("keeps its old versions, and makes a new one when a rule changes", async () => {
      const version = async (words: string[]) => {
        const result = await make({ guardrail: { words } });
        const { inputs } = resource(result, types.version, "ai-guardrail-version");
        assert.equal(inputs["skipDestroy"], true);
        assert.equal(inputs["guardrailArn"], out(result, types.guardrail, "ai-guardrail", "guardrailArn"));
        return inputs["description"] as string;
      };
      assert.match(await version([]), /^Rules [0-9a-f]{16}$/);
      assert.equal(await version(["a"]), await version(["a"]));
      assert.notEqual(await version(["a"]), await version(["b"]));
    });
  });

  describe("with the account's invocation log", () => {
    const invocationLogGroup = "/kiban/model-invocations";

    it("saves a query that tells which caller spent how many tokens", async () => {
      const result = await make({ invocationLogGroup });
      assert.equal(result.error, undefined);
      assert.deepEqual(children(result, "ai"), [...onDemandChildren, `${types.query} ai-spenders`].sort());
      assert.deepEqual(resource(result, types.query, "ai-spenders").inputs, {
        name: "kiban/dev/ai: tokens by caller",
        logGroupNames: [invocationLogGroup],
        queryString:
          "fields identity.arn as caller, modelId | stats count() as requests, sum(input.inputTokenCount) as inputTokens, " +
          "sum(output.outputTokenCount) as outputTokens by caller, modelId | sort outputTokens desc",
      });
    });

    it("names the log on what is invoked", async () => {
      const tags = { Part: "generative-ai", Endpoint: "ai", InvocationLog: invocationLogGroup };
      assert.deepEqual(resource(await make({ invocationLogGroup }), types.profile, "ai-profile").inputs["tags"], tags);
      const bought = await makeReserved({ bedrock: { ...reserved, invocationLogGroup } });
      assert.deepEqual(resource(bought, types.throughput, "ai-throughput").inputs["tags"], {
        ...tags,
        Acknowledged: `2 x ${nova} oneMonth`,
        UnitUsdPerHour: "10",
      });
    });
  });

  describe("with knowledge", () => {
    const knowledge = { bucket: { bucketArn: "arn:aws:s3:::lake" }, prefix: "documents/" };
    const kb = {
      bucket: "aws:s3/vectorsVectorBucket:VectorsVectorBucket",
      index: "aws:s3/vectorsIndex:VectorsIndex",
      base: "aws:bedrock/agentKnowledgeBase:AgentKnowledgeBase",
      source: "aws:bedrock/agentDataSource:AgentDataSource",
    };

    it("keeps vectors in S3, and finds documents of one folder by them", async () => {
      const result = await make({ knowledge });
      assert.equal(result.error, undefined);
      assert.deepEqual(
        children(result, "ai"),
        [
          ...onDemandChildren,
          `${kb.bucket} ai-vectors`,
          `${kb.index} ai-vector-index`,
          `${kb.base} ai-knowledge`,
          `${kb.source} ai-documents`,
          `${types.role} ai-knowledge-role`,
          `${types.rights} ai-knowledge-rights`,
        ].sort(),
      );
      assert.deepEqual(resource(result, kb.bucket, "ai-vectors").inputs, {
        vectorBucketName: "kiban-dev-ai",
        encryptionConfigurations: [{ sseType: "aws:kms", kmsKeyArn: keyArn }],
        forceDestroy: true,
      });
      assert.deepEqual(resource(result, kb.index, "ai-vector-index").inputs, {
        vectorBucketName: "kiban-dev-ai",
        indexName: "amazon-titan-embed-text-v2-0-1024",
        dataType: "float32",
        dimension: 1024,
        distanceMetric: "cosine",
        metadataConfiguration: { nonFilterableMetadataKeys: ["AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"] },
      });
      const { dataSourceConfiguration, dataDeletionPolicy } = resource(result, kb.source, "ai-documents").inputs;
      assert.deepEqual(dataSourceConfiguration, {
        type: "S3",
        s3Configuration: { bucketArn: "arn:aws:s3:::lake", inclusionPrefixes: ["documents/"] },
      });
      assert.equal(dataDeletionPolicy, "RETAIN");
    });

    it("works as a role that reads that folder, writes that index and asks that model", async () => {
      const result = await make({ knowledge });
      const index =
        "arn:aws:s3vectors:ap-northeast-1:111111111111:bucket/kiban-dev-ai/index/amazon-titan-embed-text-v2-0-1024";
      assert.deepEqual(statementsOf(resource(result, types.rights, "ai-knowledge-rights").checked["policy"]), [
        {
          Effect: "Allow",
          Action: "bedrock:InvokeModel",
          Resource: "arn:aws:bedrock:ap-northeast-1::foundation-model/amazon.titan-embed-text-v2:0",
        },
        {
          Effect: "Allow",
          Action: ["DeleteVectors", "GetIndex", "GetVectors", "PutVectors", "QueryVectors"].map(
            (v) => `s3vectors:${v}`,
          ),
          Resource: index,
        },
        {
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: "arn:aws:s3:::lake",
          Condition: { StringLike: { "s3:prefix": "documents/*" } },
        },
        { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::lake/documents/*" },
        { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: keyArn },
      ]);
    });

    it("gives retrieve alone, never retrieve-and-generate", async () => {
      const { value, result } = await of((made) => made.retrieve, { bedrock: { ...onDemand, knowledge } });
      const base = resource(result, kb.base, "ai-knowledge");
      assert.deepEqual(value, {
        name: "ai",
        env: { KNOWLEDGE_BASE_ID: base.id },
        statements: [{ Effect: "Allow", Action: "bedrock:Retrieve", Resource: base.outputs["arn"] }],
      });
    });

    for (const keep of [true, false]) {
      it(`with keep ${keep}: the vectors are protected ${keep}`, async () => {
        const made = resource(await make({ knowledge }, { keep }), kb.bucket, "ai-vectors");
        assert.equal(made.options["protect"], keep);
        assert.equal(made.inputs["forceDestroy"], !keep);
      });
    }

    for (const [child, type, name, by] of [
      ["vectorBucket", kb.bucket, "ai-vectors", "region"],
      ["vectorIndex", kb.index, "ai-vector-index", "region"],
      ["knowledgeBase", kb.base, "ai-knowledge", "region"],
      ["dataSource", kb.source, "ai-documents", "region"],
      ["knowledgeRole", types.role, "ai-knowledge-role", "name"],
      ["knowledgeRights", types.rights, "ai-knowledge-rights", "name"],
    ] as const) {
      it(`transform reaches ${child}`, async () => {
        const result = await make({ knowledge }, { transform: { [child]: { [by]: "eu-west-1" } } });
        assert.equal(resource(result, type, name).inputs[by], "eu-west-1");
      });
    }
  });

  describe("invoke", () => {
    const both = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
    const stream = "bedrock:InvokeModelWithResponseStream";
    const decrypt = {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": "bedrock.ap-northeast-1.amazonaws.com" } },
    };
    const system = `arn:aws:bedrock:ap-northeast-1:${account}:inference-profile`;

    for (const [name, Action] of [
      ["invoke", both],
      ["invokeStream", stream],
    ] as const) {
      it(`${name}: the profile, and the model in every region that it routes to, under a numbered guardrail`, async () => {
        const { value, result } = await of((made) => made[name]);
        const profile = out(result, types.profile, "ai-profile", "arn");
        const guardrail = out(result, types.guardrail, "ai-guardrail", "guardrailArn");
        const numbered = { "bedrock:GuardrailIdentifier": `${guardrail}:*` };
        const allow = (Resource: unknown, more = {}) => ({
          Effect: "Allow",
          Action,
          Resource,
          Condition: { ArnLike: { ...numbered, ...more } },
        });
        assert.deepEqual(value, {
          name: "ai",
          env: {
            MODEL_ID: profile,
            GUARDRAIL_ID: out(result, types.guardrail, "ai-guardrail", "guardrailId"),
            GUARDRAIL_VERSION: "1",
          },
          statements: [
            allow(profile),
            allow(`${system}/jp.${haiku}`, { "bedrock:InferenceProfileArn": profile }),
            allow(
              [
                `arn:aws:bedrock:ap-northeast-1::foundation-model/${haiku}`,
                `arn:aws:bedrock:ap-northeast-3::foundation-model/${haiku}`,
              ],
              { "bedrock:InferenceProfileArn": [profile, `${system}/jp.${haiku}`] },
            ),
            { Effect: "Allow", Action: "bedrock:ApplyGuardrail", Resource: guardrail },
            decrypt,
          ],
        });
      });
    }

    it("of a global profile: the model in the region, and without one", async () => {
      const { value, result } = await of((made) => made.invoke, {
        bedrock: { ...onDemand, model: `global.${haiku}`, guardrail: false },
      });
      const profile = out(result, types.profile, "ai-profile", "arn");
      const through = { "bedrock:InferenceProfileArn": [profile, `${system}/global.${haiku}`] };
      const model = (region: string, requested: string) => ({
        Effect: "Allow",
        Action: both,
        Resource: `arn:aws:bedrock:${region}::foundation-model/${haiku}`,
        Condition: { ArnLike: through, StringEquals: { "aws:RequestedRegion": requested } },
      });
      const { statements, env } = value as Access;
      assert.deepEqual(env, { MODEL_ID: profile });
      assert.deepEqual(statements, [
        { Effect: "Allow", Action: both, Resource: profile },
        {
          Effect: "Allow",
          Action: both,
          Resource: `${system}/global.${haiku}`,
          Condition: { ArnLike: { "bedrock:InferenceProfileArn": profile } },
        },
        model("ap-northeast-1", "ap-northeast-1"),
        model("", "unspecified"),
      ]);
    });

    it("of a model in the region: the profile and the model behind it", async () => {
      const { value, result } = await of((made) => made.invoke, {
        bedrock: { ...onDemand, model: "amazon.nova-lite-v1:0", guardrail: false },
      });
      const profile = out(result, types.profile, "ai-profile", "arn");
      assert.deepEqual((value as Access).statements, [
        { Effect: "Allow", Action: both, Resource: profile },
        {
          Effect: "Allow",
          Action: both,
          Resource: "arn:aws:bedrock:ap-northeast-1::foundation-model/amazon.nova-lite-v1:0",
          Condition: { ArnLike: { "bedrock:InferenceProfileArn": profile } },
        },
      ]);
    });

    it("reaches the regions that are named, and the stack's own", async () => {
      const { value } = await of((made) => made.invoke, {
        bedrock: { ...onDemand, destinationRegions: ["ap-northeast-3"] },
      });
      assert.deepEqual((value as Access).statements[2]?.Resource, [
        `arn:aws:bedrock:ap-northeast-1::foundation-model/${haiku}`,
        `arn:aws:bedrock:ap-northeast-3::foundation-model/${haiku}`,
      ]);
    });

    it("applies a guardrail of the standard tier in every region of the geography", async () => {
      const { value, result } = await of((made) => made.invoke, {
        bedrock: { ...onDemand, guardrail: { tier: "standard" } },
      });
      assert.deepEqual((value as Access).statements.at(-2), {
        Effect: "Allow",
        Action: "bedrock:ApplyGuardrail",
        Resource: [
          out(result, types.guardrail, "ai-guardrail", "guardrailArn"),
          `arn:aws:bedrock:*:${account}:guardrail-profile/apac.guardrail.v1:0`,
        ],
      });
    });

    it("of a throughput: the throughput alone, under the guardrail", async () => {
      const { value, result } = await of((made) => made.invoke, { region: "us-east-1", bedrock: reserved });
      const throughput = out(result, types.throughput, "ai-throughput", "provisionedModelArn");
      const guardrail = out(result, types.guardrail, "ai-guardrail", "guardrailArn");
      const { env, statements } = value as Access;
      assert.equal(env["MODEL_ID"], throughput);
      assert.deepEqual(statements.slice(0, 2), [
        {
          Effect: "Allow",
          Action: both,
          Resource: throughput,
          Condition: { ArnLike: { "bedrock:GuardrailIdentifier": `${guardrail}:*` } },
        },
        { Effect: "Allow", Action: "bedrock:ApplyGuardrail", Resource: guardrail },
      ]);
    });
  });

  describe("provisioned capacity", () => {
    const withCommitment = (commitment: "none" | "oneMonth" | "sixMonths", keep = false) =>
      makeReserved({
        keep,
        bedrock: {
          model: nova,
          capacity: {
            provisioned: { units: 2, commitment, unitUsdPerHour: 10, acknowledge: `2 x ${nova}, ${commitment}` },
          },
        },
      });

    it("names units, term and the acknowledgement", async () => {
      assert.deepEqual(resource(await makeReserved(), types.throughput, "ai-throughput").inputs, {
        provisionedModelName: "kiban-dev-ai",
        modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${nova}`,
        modelUnits: 2,
        commitmentDuration: "OneMonth",
        tags: { Part: "generative-ai", Endpoint: "ai", Acknowledged: `2 x ${nova} oneMonth`, UnitUsdPerHour: "10" },
      });
    });

    for (const [commitment, keep, protect, retain, duration] of [
      ["oneMonth", false, true, true, "OneMonth"],
      ["sixMonths", false, true, true, "SixMonths"],
      ["none", false, false, false, undefined],
      ["none", true, true, false, undefined],
    ] as const) {
      it(`with ${commitment} and keep ${keep}: protected ${protect}, retained ${retain}`, async () => {
        const made = duration === undefined ? "ai-hourly" : "ai";
        const found = resource(await withCommitment(commitment, keep), types.throughput, `${made}-throughput`);
        const { options, inputs } = found;
        assert.equal(inputs["provisionedModelName"], `kiban-dev-${made}`);
        assert.equal(options["protect"] ?? false, protect);
        assert.equal(options["retainOnDelete"] ?? false, retain);
        assert.equal(options["deleteBeforeReplace"], true);
        assert.equal(inputs["commitmentDuration"], duration);
      });
    }

    it("costs what its hours cost", () => {
      const two = { units: 2, unitUsdPerHour: 10, acknowledge: "" };
      assert.equal(bill({ ...two, commitment: "none" }), "14,600 USD a month");
      assert.equal(bill({ ...two, commitment: "oneMonth" }), "14,600 USD in all");
      assert.equal(bill({ ...two, commitment: "sixMonths" }), "87,600 USD in all");
    });

    for (const [commitment, boughtOn, end] of [
      ["none", undefined, undefined],
      ["oneMonth", undefined, "2026-12-23"],
      ["sixMonths", "2026-08-31", "2027-02-28"],
    ] as const) {
      it(`${commitment} bought ${boughtOn ?? "today"} ends ${end ?? "when it is deleted"}`, () => {
        const units = { units: 1, unitUsdPerHour: 1, acknowledge: "" };
        const bought = { ...units, commitment, ...(boughtOn !== undefined && { boughtOn }) };
        assert.equal(termEnd(bought, new Date("2026-11-23T10:00:00Z")), end);
      });
    }
  });

  describe("stop", () => {
    it("goes off at the cost of the last 60 minutes, and calls the function", async () => {
      const result = await make();
      const { inputs } = resource(result, types.alarm, "ai-spend-alarm");
      const id = out(result, types.profile, "ai-profile", "arn").split("/")[1];
      const metric = (metricName: string) => ({
        namespace: "AWS/Bedrock",
        metricName,
        stat: "Sum",
        period: 3600,
        dimensions: { ModelId: id },
      });
      assert.deepEqual(inputs["metricQueries"], [
        { id: "input", returnData: false, metric: metric("InputTokenCount") },
        { id: "output", returnData: false, metric: metric("OutputTokenCount") },
        { id: "cacheRead", returnData: false, metric: metric("CacheReadInputTokenCount") },
        { id: "cacheWrite", returnData: false, metric: metric("CacheWriteInputTokenCount") },
        {
          id: "spend",
          label: "USD an hour",
          expression:
            "(FILL(input, 0) * 1.1 + FILL(output, 0) * 5.5 + FILL(cacheRead, 0) * 1.1 + FILL(cacheWrite, 0) * 2.2) / 1000000",
          returnData: true,
        },
      ]);
      assert.equal(inputs["threshold"], 5);
      assert.deepEqual(inputs["alarmActions"], [alarmTopicArn, out(result, types.lambda, "ai-stop-function", "arn")]);
      assert.deepEqual(inputs["okActions"], [alarmTopicArn]);
    });

    it("tells the most that an hour may cost", async () => {
      // 5 USD, and 5 minutes of a million tokens at 5.5 USD.
      assert.equal((await of((made) => made.mostLostUsd)).value, 32.5);
    });

    it("denies this profile, and lets the alarm alone call the function", async () => {
      const result = await make();
      const arn = out(result, types.profile, "ai-profile", "arn");
      assert.deepEqual(statementsOf(resource(result, types.policy, "ai-stop").checked["policy"]), [
        { Effect: "Deny", Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], Resource: arn },
      ]);
      assert.deepEqual(resource(result, types.permission, "ai-stop-permission").inputs, {
        function: out(result, types.lambda, "ai-stop-function", "name"),
        action: "lambda:InvokeFunction",
        principal: "lambda.alarms.cloudwatch.amazonaws.com",
        sourceAccount: account,
        sourceArn: out(result, types.alarm, "ai-spend-alarm", "arn"),
      });
    });

    it("gives the function the right to attach that policy, and no other", async () => {
      const result = await make();
      const stop = out(result, types.policy, "ai-stop", "arn");
      const queue = out(result, types.queue, "ai-failures", "arn");
      const via = (service: string) => ({
        StringEquals: { "kms:ViaService": `${service}.ap-northeast-1.amazonaws.com` },
      });
      assert.deepEqual(statementsOf(resource(result, types.rights, "ai-stop-rights").checked["policy"]), [
        { Effect: "Allow", Action: "iam:GetAccountAuthorizationDetails", Resource: "*" },
        { Effect: "Allow", Action: "iam:ListEntitiesForPolicy", Resource: stop },
        {
          Effect: "Allow",
          Action: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
          Resource: `arn:aws:iam::${account}:role/*`,
          Condition: { ArnEquals: { "iam:PolicyARN": stop } },
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${out(result, types.logs, "ai-stop-logs", "arn")}:*`,
        },
        { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via("lambda") },
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: via("sqs"),
        },
      ]);
      assert.deepEqual(statementsOf(resource(result, types.rights, "ai-lift-rights").checked["policy"]), [
        {
          Effect: "Allow",
          Action: "cloudwatch:SetAlarmState",
          Resource: out(result, types.alarm, "ai-spend-alarm", "arn"),
        },
      ]);
    });

    it("runs with encrypted variables, a queue for what fails, and its source", async () => {
      const result = await make();
      const { inputs } = resource(result, types.lambda, "ai-stop-function");
      assert.equal(inputs["kmsKeyArn"], keyArn);
      const folder = join(__dirname, "..", "..", "components", "gen-ai-endpoint", "function");
      const { assets } = inputs["code"] as { assets: Record<string, unknown> };
      assert.deepEqual(Object.keys(assets).sort(), readdirSync(folder).sort());
      assert.deepEqual(inputs["deadLetterConfig"], { targetArn: out(result, types.queue, "ai-failures", "arn") });
      assert.deepEqual(inputs["environment"], {
        variables: {
          MODEL_ARN: out(result, types.profile, "ai-profile", "arn"),
          DENY_POLICY_ARN: out(result, types.policy, "ai-stop", "arn"),
        },
      });
    });

    it("is lifted by one command", async () => {
      const { value, result } = await of((made) => made.liftCommand);
      const name = out(result, types.lambda, "ai-stop-function", "name");
      const alarm = out(result, types.alarm, "ai-spend-alarm", "name");
      assert.equal(
        value,
        `aws lambda invoke --region ap-northeast-1 --function-name ${name} --cli-binary-format raw-in-base64-out ` +
          `--payload '{"lift":"${alarm}"}' /dev/stdout`,
      );
    });

    for (const keep of [true, false]) {
      it(`with keep ${keep}: the log is protected ${keep}`, async () => {
        const made = resource(await make({}, { keep }), types.logs, "ai-stop-logs");
        assert.equal(made.options["protect"], keep);
        assert.equal(made.inputs["deletionProtectionEnabled"], keep);
      });
    }
  });

  describe("watching calls", () => {
    const ceiling = { usdPerHour: 5, tokensPerMinute: 1_000_000, watch: "calls" } as const;
    const watching = (args: Partial<GenAiEndpointArgs> = {}): Promise<Run> => make({ ceiling }, args);

    it("has a rule in the place of alarms, and nothing that costs at rest", async () => {
      const result = await watching({ alarms: false });
      assert.equal(result.error, undefined);
      const alarmed = /MetricAlarm|lift-rights/;
      assert.deepEqual(
        children(result, "ai"),
        [
          ...onDemandChildren.filter((child) => !alarmed.test(child)),
          `${types.rule} ai-calls`,
          `${types.target} ai-calls-target`,
        ].sort(),
      );
    });

    it("keeps the alarms on the model itself unless they are off", async () => {
      const alarms = async (args?: Partial<GenAiEndpointArgs>) =>
        children(await watching(args), "ai").filter((child) => child.startsWith(types.alarm));
      const three = ["errors", "latency", "throttles"].map((role) => `${types.alarm} ai-${role}-alarm`);
      assert.deepEqual(await alarms(), three);
      assert.deepEqual(await alarms({ alarms: false }), []);
    });

    it("calls the function upon each call to this endpoint that was answered", async () => {
      const result = await watching();
      const arn = out(result, types.profile, "ai-profile", "arn");
      const { state, eventPattern } = resource(result, types.rule, "ai-calls").inputs;
      assert.equal(state, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
      assert.deepEqual(JSON.parse(eventPattern as string), {
        source: ["aws.bedrock"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: {
          eventSource: ["bedrock.amazonaws.com"],
          eventName: ["InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"],
          requestParameters: { modelId: [arn, arn.split("/")[1]] },
          errorCode: [{ exists: false }],
        },
      });
      assert.deepEqual(resource(result, types.target, "ai-calls-target").inputs, {
        rule: out(result, types.rule, "ai-calls", "name"),
        arn: out(result, types.lambda, "ai-stop-function", "arn"),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
      });
      assert.deepEqual(resource(result, types.permission, "ai-stop-permission").inputs, {
        function: out(result, types.lambda, "ai-stop-function", "name"),
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: out(result, types.rule, "ai-calls", "arn"),
      });
    });

    it("tells the function what tokens cost, and whom to tell", async () => {
      const result = await watching();
      const { environment } = resource(result, types.lambda, "ai-stop-function").inputs;
      const { variables } = environment as { variables: Record<string, string> };
      const { PRICES = "", ...others } = variables;
      assert.deepEqual(JSON.parse(PRICES), {
        InputTokenCount: 1.1,
        OutputTokenCount: 5.5,
        CacheReadInputTokenCount: 1.1,
        CacheWriteInputTokenCount: 2.2,
      });
      assert.deepEqual(others, {
        MODEL_ARN: out(result, types.profile, "ai-profile", "arn"),
        DENY_POLICY_ARN: out(result, types.policy, "ai-stop", "arn"),
        ENDPOINT: "ai",
        CEILING_USD: "5",
        ALARM_TOPIC_ARN: alarmTopicArn,
      });
    });

    it("adds to the function's rights those to read metrics and to tell", async () => {
      const rights = async (run: Promise<Run>) =>
        statementsOf(resource(await run, types.rights, "ai-stop-rights").checked["policy"]) as unknown[];
      const [before, after] = [await rights(make()), await rights(watching())];
      assert.deepEqual(after.slice(0, before.length), before);
      assert.deepEqual(after.slice(before.length), [
        { Effect: "Allow", Action: "cloudwatch:GetMetricData", Resource: "*" },
        { Effect: "Allow", Action: "sns:Publish", Resource: alarmTopicArn },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "sns.ap-northeast-1.amazonaws.com" } },
        },
      ]);
    });

    it("is lifted by one command", async () => {
      const { value } = await of((made) => made.liftCommand, { bedrock: { ...onDemand, ceiling } });
      assert.match(value as string, / --payload '\{"lift":true\}' \/dev\/stdout$/);
    });

    it("counts 20 minutes until it acts, the alarm 5", async () => {
      // 5 USD, and so many minutes of a million tokens at 5.50 USD.
      const lost = async (bedrock: typeof onDemand) => (await of((made) => made.mostLostUsd, { bedrock })).value;
      assert.equal(await lost({ ...onDemand, ceiling }), 5 + 20 * 5.5);
      assert.equal(await lost(onDemand), 5 + 5 * 5.5);
    });

    for (const [child, type, name] of [
      ["calls", types.rule, "ai-calls"],
      ["callsTarget", types.target, "ai-calls-target"],
      ["failureQueue", types.queue, "ai-failures"],
    ] as const) {
      it(`transform reaches ${child}`, async () => {
        const result = await watching({ transform: { [child]: { region: "eu-west-1" } } });
        assert.equal(resource(result, type, name).inputs["region"], "eu-west-1");
      });
    }
  });

  it("makes no alarms on the model itself where they are off", async () => {
    const off = await make({}, { alarms: false });
    assert.deepEqual(
      children(off, "ai"),
      onDemandChildren.filter((child) => !/ai-(errors|latency|throttles)-alarm/.test(child)),
    );
  });

  for (const [role, metricName, threshold, how] of [
    ["throttles", "InvocationThrottles", 10, { statistic: "Sum", evaluationPeriods: 1 }],
    ["errors", "InvocationServerErrors", 5, { statistic: "Sum", evaluationPeriods: 1 }],
    ["latency", "InvocationLatency", 60_000, { extendedStatistic: "p90", evaluationPeriods: 3 }],
  ] as const) {
    it(`alarms on ${role} of its own profile`, async () => {
      const result = await make();
      const { inputs } = resource(result, types.alarm, `ai-${role}-alarm`);
      const { alarmDescription, ...rest } = inputs;
      assert.match(alarmDescription as string, /^ai: /);
      assert.deepEqual(rest, {
        namespace: "AWS/Bedrock",
        metricName,
        dimensions: { ModelId: out(result, types.profile, "ai-profile", "arn").split("/")[1] },
        period: 300,
        threshold,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "notBreaching",
        alarmActions: [alarmTopicArn],
        okActions: [alarmTopicArn],
        ...how,
      });
    });
  }

  it("takes other thresholds", async () => {
    const result = await make({}, { alarms: { throttles: 1, errors: 2, latencySeconds: 3 } });
    const thresholds = ["throttles", "errors", "latency"].map(
      (role) => resource(result, types.alarm, `ai-${role}-alarm`).inputs["threshold"],
    );
    assert.deepEqual(thresholds, [1, 2, 3000]);
  });

  describe("transform", () => {
    const marks: Partial<Record<keyof GenAiEndpointTransform, [string, string]>> = {
      profile: [types.profile, "ai-profile"],
      guardrail: [types.guardrail, "ai-guardrail"],
      guardrailVersion: [types.version, "ai-guardrail-version"],
      stopPolicy: [types.policy, "ai-stop"],
      stopLogGroup: [types.logs, "ai-stop-logs"],
      stopRole: [types.role, "ai-stop-role"],
      stopRights: [types.rights, "ai-stop-rights"],
      stopFunction: [types.lambda, "ai-stop-function"],
      stopPermission: [types.permission, "ai-stop-permission"],
      liftRights: [types.rights, "ai-lift-rights"],
      failureQueue: [types.queue, "ai-failures"],
      failureQueuePolicy: [types.queuePolicy, "ai-failures-policy"],
      failuresAlarm: [types.alarm, "ai-failures-alarm"],
      spendAlarm: [types.alarm, "ai-spend-alarm"],
      throttlesAlarm: [types.alarm, "ai-throttles-alarm"],
      errorsAlarm: [types.alarm, "ai-errors-alarm"],
      latencyAlarm: [types.alarm, "ai-latency-alarm"],
    };
    for (const [child, [type, name]] of Object.entries(marks)) {
      it(`reaches ${child}`, async () => {
        // IAM knows no regions.
        const by = type.startsWith("aws:iam/") ? "name" : "region";
        const result = await make({}, { transform: { [child]: { [by]: "eu-west-1" } } });
        assert.equal(result.error, undefined);
        assert.equal(resource(result, type, name).inputs[by], "eu-west-1");
      });
    }

    it("reaches spendersQuery", async () => {
      const result = await make({ invocationLogGroup: "log" }, { transform: { spendersQuery: { name: "mine" } } });
      assert.equal(resource(result, types.query, "ai-spenders").inputs["name"], "mine");
    });

    it("reaches throughput", async () => {
      const result = await makeReserved({ transform: { throughput: { provisionedModelName: "mine" } } });
      assert.equal(resource(result, types.throughput, "ai-throughput").inputs["provisionedModelName"], "mine");
    });
  });

  describe("models", () => {
    for (const [id, prefix, foundation] of [
      [`jp.${haiku}`, "jp", haiku],
      [`us-gov.${haiku}`, "us-gov", haiku],
      [haiku, undefined, haiku],
      ["amazon.nova-pro-v1:0:24k", undefined, "amazon.nova-pro-v1:0:24k"],
    ] as const) {
      it(`reads ${id}`, () => assert.deepEqual(parseModel(id), { id, prefix, foundation }));
    }
    for (const id of ["claude", "", "xx.anthropic.claude-3", "mars.anthropic.claude-3", "jp.", "JP.anthropic.x"]) {
      it(`refuses "${id}"`, () => assert.equal(parseModel(id), undefined));
    }

    it("knows a price by prefix, or by region", () => {
      const priceOf = (id: string, region: string) => {
        const model = parseModel(id);
        assert.ok(model);
        return listPriceOf(model, region);
      };
      assert.deepEqual(priceOf(`global.${haiku}`, "eu-west-1"), { inputUsd: 1, outputUsd: 5 });
      assert.deepEqual(priceOf("amazon.nova-lite-v1:0", "us-east-1"), { inputUsd: 0.06, outputUsd: 0.24 });
      assert.equal(priceOf(haiku, "ap-northeast-1"), undefined);
    });

    it("has regions alone in its tables", () => {
      const regions = [
        ...Object.values(routings).flatMap(({ sources = [], destinations = [] }) => [...sources, ...destinations]),
        ...Object.values(provisionedRegions).flat(),
      ];
      assert.deepEqual(
        regions.filter((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)),
        [],
      );
    });
  });

  it("registers the same in a preview", async () => {
    const program = () => void new GenAiEndpoint("ai", least);
    assert.deepEqual(children(await run(program, { preview: true }), "ai"), onDemandChildren);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new GenAiEndpoint(name, least);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 2 * (onDemandChildren.length + 1));
  });
});
