import { GenAiEndpoint } from "../components/gen-ai-endpoint/gen-ai-endpoint";

// A model that answers within Japan, at most 5 USD of tokens an hour.
const assistant = new GenAiEndpoint("assistant", {
  engine: "bedrock",
  region: "ap-northeast-1",
  bedrock: {
    model: "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
    ceiling: { usdPerHour: 5, tokensPerMinute: 200_000 },
    guardrail: { topics: { "Legal advice": { definition: "Advice on a legal matter of the user's own." } } },
    costTags: { Feature: "support" },
  },
  keyArn: "arn:aws:kms:ap-northeast-1:111111111111:key/11111111-2222-3333-4444-555555555555",
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  logRetentionDays: 30,
  keep: false,
});

// What a service takes: `uses: [assistant.invoke]`. It finds ASSISTANT_MODEL_ID, ASSISTANT_GUARDRAIL_ID and
// ASSISTANT_GUARDRAIL_VERSION, and has to send all three with each request.
export const liftCommand = assistant.liftCommand;
export const mostLostUsd = assistant.mostLostUsd;
