import { types } from "../../../policy/lib/types";
import * as rules from "../../../policy/rules/generative-ai";
import {
  type Break,
  EMPTIED,
  type Proof,
  customerKey,
  given,
  keyArn,
  noneOf,
  one,
  oneOf,
  proof,
  values,
} from "../proof";

const region = "ap-northeast-1";
const haiku = "anthropic.claude-haiku-4-5-20251001-v1:0";
const foundation = (id: string, at = region): string => `arn:aws:bedrock:${at}::foundation-model/${id}`;
const profile = (id: string, at = region): string => `arn:aws:bedrock:${at}:111111111111:inference-profile/${id}`;
const application = `arn:aws:bedrock:${region}:111111111111:application-inference-profile/abcdefghijkl`;
const guardrail = `arn:aws:bedrock:${region}:111111111111:guardrail/abcdefghijkl`;

const statement = (more: object = {}): object => ({
  Effect: "Allow",
  Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
  Resource: application,
  Condition: { ArnLike: { "bedrock:GuardrailIdentifier": `${guardrail}:*` } },
  ...more,
});
const policy = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });
/** The policy of each kind, and one inside a role, each with the same breaks at the document's path. */
const inPolicies = (document: string, breaks: (at: string) => Break[]) => [
  one(types.policy, { policy: document }, breaks("policy>"), { provider: { region } }),
  one(types.role, { inlinePolicies: [{ policy: document }] }, breaks("inlinePolicies[0].policy>"), {
    provider: { region },
  }),
];

const under = (key: string, value: unknown): object => ({ [key]: { "bedrock:GuardrailIdentifier": value } });
const ask = (condition: unknown): object => statement({ Condition: condition });

const guarded = inPolicies(policy(statement()), (at) => [
  values(
    `${at}Statement[0]`,
    [
      ask(undefined),
      ask({}),
      ask({ StringEquals: { "aws:RequestedRegion": region } }),
      ask(under("StringLikeIfExists", `${guardrail}:*`)),
      ask(under("StringNotEquals", `${guardrail}:*`)),
      statement({ Action: "bedrock:Invoke*", Condition: undefined }),
      statement({ Action: "BEDROCK:invokemodel", Condition: undefined }),
      statement({ Action: "bedrock:InvokeModelWithResponseStrea?", Condition: undefined }),
      statement({ Resource: [foundation("amazon.titan-embed-text-v2:0"), foundation(haiku)], Condition: undefined }),
      { Effect: "Allow", Action: "bedrock:RetrieveAndGenerate", Resource: "*" },
      { Effect: "Allow", Action: "bedrock:RetrieveAndGenerateStream", Resource: "*" },
    ],
    [
      ask(under("StringEquals", `${guardrail}:7`)),
      ask(under("ForAnyValue:ArnEquals", [`${guardrail}:7`, `${guardrail}:8`])),
      ask({ StringLike: { "bedrock:guardrailidentifier": `${guardrail}:*` } }),
      statement({ Effect: "Deny", Condition: undefined }),
      statement({ Action: "bedrock:Retrieve", Condition: undefined }),
      statement({ Action: "s3:*", Condition: undefined }),
      statement({ Resource: foundation("amazon.titan-embed-text-v2:0"), Condition: undefined }),
      statement({ Resource: [foundation("cohere.rerank-v3-5:0")], Condition: undefined }),
    ],
  ),
  values(`${at}Statement[0]`, [statement({ Action: "bedrock:*", Condition: undefined })], [], { findings: 2 }),
  values(`${at}Statement[0].Condition.ArnLike["bedrock:GuardrailIdentifier"]`, [
    guardrail,
    `${guardrail}:DRAFT`,
    `${guardrail}*`,
    "*",
    `arn:aws:bedrock:${region}:111111111111:guardrail/*`,
    `arn:aws:bedrock:${region}:111111111111:guardrail/*:*`,
  ]),
]);

const filters = [
  { type: "HATE", inputStrength: "HIGH", outputStrength: "HIGH" },
  { type: "PROMPT_ATTACK", inputStrength: "HIGH", outputStrength: "NONE" },
];

const acknowledgedBadly = [undefined, EMPTIED, "yes", "1 x ml.g6.xlarge", "0 x ml.g5.xlarge", "x ml.g5.xlarge"];

export const generativeAi: readonly Proof[] = [
  proof(
    rules.bedrockGuardrail,
    one(
      types.bedrockAgent,
      { guardrailConfigurations: [{ guardrailIdentifier: "abcdefghijkl", guardrailVersion: "3" }] },
      [
        given("guardrailConfigurations"),
        given("guardrailConfigurations[0].guardrailIdentifier"),
        values("guardrailConfigurations[0].guardrailVersion", [undefined, null, EMPTIED, "DRAFT"], ["12"]),
      ],
    ),
    one(
      types.bedrockGuardrail,
      {
        contentPolicyConfig: { filtersConfigs: filters },
        sensitiveInformationPolicyConfig: { piiEntitiesConfigs: [{ type: "EMAIL", action: "ANONYMIZE" }] },
      },
      [
        given("contentPolicyConfig.filtersConfigs"),
        values("contentPolicyConfig", [undefined]),
        values("contentPolicyConfig.filtersConfigs[1].type", [undefined, "VIOLENCE"], [], {
          at: "contentPolicyConfig.filtersConfigs lets attacks",
          needs: ["contentPolicyConfig.filtersConfigs[0].type"],
        }),
        noneOf("contentPolicyConfig.filtersConfigs[1].inputStrength", ["NONE"], {
          needs: ["contentPolicyConfig.filtersConfigs[1].type"],
        }),
        values("sensitiveInformationPolicyConfig", [undefined, null, EMPTIED]),
        values("sensitiveInformationPolicyConfig.piiEntitiesConfigs", [undefined, EMPTIED], [], {
          at: "sensitiveInformationPolicyConfig",
        }),
      ],
    ),
    one(
      types.bedrockGuardrail,
      {
        contentPolicyConfig: { filtersConfigs: filters },
        sensitiveInformationPolicyConfig: { regexesConfigs: [{ name: "id", pattern: "x", action: "BLOCK" }] },
      },
      [],
    ),
    ...guarded,
  ),
  proof(
    rules.bedrockModelAllowList,
    ...(
      [
        [types.bedrockAgent, "foundationModel"],
        [types.bedrockProfile, "modelSource.copyFrom"],
        [types.bedrockCustomModel, "baseModelIdentifier"],
        [types.bedrockThroughput, "modelArn"],
        [types.bedrockKnowledgeBase, "knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.embeddingModelArn"],
      ] as const
    ).map(([type, path]) =>
      one(
        type,
        { region, ...nested(path, profile(`jp.${haiku}`)) },
        [
          values(
            path,
            [
              profile(`global.${haiku}`),
              profile(`us.${haiku}`),
              `eu.${haiku}`,
              foundation("mistral.mistral-large-2402-v1:0"),
              "mistral.mistral-large-2402-v1:0",
              foundation(haiku, "us-east-1"),
              foundation(haiku, "eu-west-1"),
            ],
            [`apac.${haiku}`, haiku, foundation(haiku), foundation(haiku, "ap-northeast-3"), application],
            { needs: ["region"] },
          ),
          values(
            "region",
            ["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1"],
            [undefined, "ap-northeast-3"],
            {
              at: path,
              needs: [path],
            },
          ),
        ],
        { provider: { region } },
      ),
    ),
    one(
      types.bedrockProfile,
      { modelSource: { copyFrom: `us.${haiku}` } },
      [values("@provider.region", [region, "us-gov-west-1"], ["us-east-1", undefined], { at: "modelSource.copyFrom" })],
      { provider: { region: "us-west-2" } },
    ),
    one(
      types.bedrockProfile,
      { region, modelSource: { copyFrom: `global.${haiku}` } },
      [
        values(
          "modelSource.copyFrom",
          [`jp.${haiku}`, "mistral.large"],
          ["global.cohere.embed-v4:0", "cohere.embed-v4:0"],
        ),
      ],
      { config: { prefixes: ["global"], models: ["anthropic.claude-*", "cohere.embed-v4:0"] } },
    ),
    ...inPolicies(policy(statement({ Resource: [application, foundation(haiku)] })), (at) => [
      values(
        `${at}Statement[0].Resource[1]`,
        [
          "*",
          foundation("*"),
          profile("*"),
          foundation("mistral.mistral-large-2402-v1:0"),
          foundation(haiku, "us-east-1"),
          foundation(haiku, ""),
          profile(`global.${haiku}`),
        ],
        [foundation(haiku, "ap-northeast-3"), profile(`jp.${haiku}`), application],
      ),
      values(
        `${at}Statement[0]`,
        [statement({ Resource: "*" })],
        [
          statement({ Resource: "*", Effect: "Deny" }),
          statement({ Resource: "*", Action: "bedrock:ListFoundationModels" }),
          statement({ Resource: "*", Action: "s3:GetObject" }),
        ],
        { at: at.replace(">", ".") + "Statement[0].Resource" },
      ),
    ]),
  ),
  proof(
    rules.bedrockInvocationLogs,
    ...[types.bedrockProfile, types.bedrockThroughput, types.bedrockAgent].flatMap((type) => [
      one(type, { tags: { InvocationLog: "bedrock" } }, [
        given("tags.InvocationLog", { at: "tags.InvocationLog" }),
        values("tags", [undefined, EMPTIED], [], { at: "tags.InvocationLog" }),
      ]),
      {
        resources: {
          model: { type, inputs: {} },
          logging: {
            type: types.bedrockLogging,
            inputs: { loggingConfig: { cloudwatchConfig: { logGroupName: "bedrock" }, s3Config: {} } },
            breaks: [given("loggingConfig.cloudwatchConfig", { at: "loggingConfig" })],
          },
        },
      },
    ]),
    one(types.bedrockLogging, { loggingConfig: { s3Config: { bucketName: "logs" } } }, [
      given("loggingConfig.s3Config", { at: "loggingConfig" }),
      // Tokens alone will do, unless prompts and answers are asked for.
      values("loggingConfig.textDataDeliveryEnabled", [], [false], {
        unread: { "loggingConfig.textDataDeliveryEnabled": false },
      }),
    ]),
    one(
      types.bedrockLogging,
      { loggingConfig: { s3Config: { bucketName: "logs" } } },
      [values("loggingConfig.textDataDeliveryEnabled", [false], [undefined, true])],
      { config: { content: true } },
    ),
  ),
  proof(
    rules.bedrockKms,
    one(types.bedrockAgent, { customerEncryptionKeyArn: keyArn }, [customerKey("customerEncryptionKeyArn")]),
    one(types.bedrockGuardrail, { kmsKeyArn: keyArn }, [customerKey("kmsKeyArn")]),
    one(types.bedrockCustomModel, { customModelKmsKeyId: keyArn }, [customerKey("customModelKmsKeyId")]),
    one(types.bedrockDataSource, { serverSideEncryptionConfiguration: { kmsKeyArn: keyArn } }, [
      customerKey("serverSideEncryptionConfiguration.kmsKeyArn"),
      values("serverSideEncryptionConfiguration", [undefined, EMPTIED]),
    ]),
    one(types.searchCollection, { encryptionConfigs: [{ kmsKeyArn: keyArn }] }, [
      customerKey("encryptionConfigs[0].kmsKeyArn"),
      values("encryptionConfigs", [], [undefined]),
    ]),
    one(types.vectorBucket, { encryptionConfigurations: [{ sseType: "aws:kms", kmsKeyArn: keyArn }] }, [
      given("encryptionConfigurations"),
      customerKey("encryptionConfigurations[0].kmsKeyArn"),
    ]),
    one(types.vectorIndex, { encryptionConfigurations: [{ sseType: "aws:kms", kmsKeyArn: keyArn }] }, [
      customerKey("encryptionConfigurations[0].kmsKeyArn"),
      values("encryptionConfigurations", [], [undefined]),
    ]),
  ),
  proof(
    rules.provisionedThroughputAck,
    one(
      types.bedrockThroughput,
      {
        modelUnits: 2,
        modelArn: foundation("amazon.nova-pro-v1:0:24k", "us-east-1"),
        commitmentDuration: "SixMonths",
        tags: { Acknowledged: "2 x amazon.nova-pro-v1:0:24k sixMonths" },
      },
      [
        ...["modelUnits", "modelArn", "commitmentDuration"].map((path) =>
          values(
            path,
            {
              modelUnits: [undefined, 1, 3],
              modelArn: [undefined, "amazon.nova-lite-v1:0:24k"],
              commitmentDuration: ["OneMonth", undefined],
            }[path] ?? [],
            [],
            { at: "tags.Acknowledged", needs: ["tags.Acknowledged", "modelUnits", "modelArn", "commitmentDuration"] },
          ),
        ),
        oneOf("tags.Acknowledged", [], ["2 x amazon.nova-pro-v1:0:24k oneMonth"], {
          needs: ["modelUnits", "modelArn", "commitmentDuration"],
        }),
        values("tags", [undefined, EMPTIED], [], {
          at: "tags.Acknowledged",
          needs: ["modelUnits", "modelArn", "commitmentDuration"],
        }),
        values("@protect", [false], [true], { at: "protect", needs: ["commitmentDuration"] }),
      ],
      { options: { protect: true } },
    ),
    one(
      types.bedrockThroughput,
      {
        modelUnits: 1,
        modelArn: "amazon.nova-pro-v1:0:24k",
        tags: { Acknowledged: "1 x amazon.nova-pro-v1:0:24k none" },
      },
      [values("@protect", [], [true, false])],
    ),
  ),
  proof(
    rules.gpuInstanceAck,
    one(
      types.endpointConfiguration,
      {
        productionVariants: [{ instanceType: "ml.g5.xlarge", initialInstanceCount: 2 }],
        tags: { Acknowledged: "4 x ml.g5.xlarge + 1 x ml.inf2.xlarge" },
      },
      [
        values(
          "productionVariants[0].instanceType",
          [
            "ml.p5.48xlarge",
            "ml.trn1.2xlarge",
            "ml.g5.2xlarge",
            "ml.inf2.xlarge",
            "ml.dl1.24xlarge",
            "ml.p6-b200.48xlarge",
          ],
          ["ml.m5.large", "ml.c7g.large", undefined],
          { needs: ["tags.Acknowledged"] },
        ),
        values("productionVariants[0].initialInstanceCount", [5], [4, 1, undefined], {
          at: "productionVariants[0].instanceType",
          needs: ["tags.Acknowledged", "productionVariants[0].instanceType"],
        }),
        values("tags.Acknowledged", acknowledgedBadly, ["2 x ml.g5.xlarge"], {
          at: "productionVariants[0].instanceType",
          needs: ["productionVariants[0].instanceType"],
        }),
        values("tags", [undefined, EMPTIED], [], {
          at: "productionVariants[0].instanceType",
          needs: ["productionVariants[0].instanceType"],
        }),
        values("shadowProductionVariants", [[{ instanceType: "ml.g6.xlarge" }]], [[{ instanceType: "ml.m5.large" }]], {
          needs: ["tags.Acknowledged"],
        }),
      ],
    ),
    one(types.notebook, { instanceType: "ml.g5.xlarge", tags: { Acknowledged: "1 x ml.g5.xlarge" } }, [
      values("instanceType", ["ml.p3.2xlarge"], ["ml.t3.medium"], { needs: ["tags.Acknowledged"] }),
      values("tags.Acknowledged", acknowledgedBadly, ["2 x ml.g5.xlarge"], {
        at: "instanceType",
        needs: ["instanceType"],
      }),
    ]),
    ...[types.instance, types.launchTemplate].map((type) =>
      one(type, { instanceType: "g5.xlarge", tags: { Acknowledged: "1 x g5.xlarge" } }, [
        values("instanceType", ["p5.48xlarge", "vt1.3xlarge", "dl1.24xlarge"], ["t4g.small", "gr.large", undefined], {
          needs: ["tags.Acknowledged"],
        }),
        values("tags.Acknowledged", [...acknowledgedBadly, "1 x ml.g5.xlarge"], ["2 x g5.xlarge"], {
          at: "instanceType",
          needs: ["instanceType"],
        }),
      ]),
    ),
  ),
  proof(
    rules.budgetPresent,
    ...[
      ...[types.bedrockProfile, types.bedrockThroughput, types.bedrockAgent, types.endpointConfiguration],
      ...[types.service, types.dbCluster, types.natGateway],
    ].map((type) => ({
      resources: {
        it: { type, inputs: {} },
        budget: {
          type: types.budget,
          inputs: { notifications: [{ subscriberEmailAddresses: ["a@example.com"] }] },
          breaks: [given("notifications[0].subscriberEmailAddresses", { at: "notifications" }), given("notifications")],
          needed: { on: "it", at: "stack" },
        },
      },
    })),
    one(types.budget, { notifications: [{}, { subscriberSnsTopicArns: ["arn"] }] }, [
      given("notifications[1].subscriberSnsTopicArns", { at: "notifications" }),
    ]),
  ),
];

function nested(path: string, value: string): Record<string, unknown> {
  return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}
