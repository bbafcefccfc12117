import { DataLake } from "../components/data-lake/data-lake";
import { GenAiEndpoint } from "../components/gen-ai-endpoint/gen-ai-endpoint";
import { Key } from "../components/key/key";

// A model that answers from documents: those under documents/ in the lake's curated zone, found by their vectors in S3.
const key = new Key("key", { services: ["logs", "s3vectors"], keep: false });
const logArchive = { bucketName: "example-logs", bucketArn: "arn:aws:s3:::example-logs" };
const lake = new DataLake("lake", { keyArn: key.arn, logArchive, keep: false });

const assistant = new GenAiEndpoint("assistant", {
  engine: "bedrock",
  region: "ap-northeast-1",
  bedrock: {
    model: "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
    ceiling: { usdPerHour: 5, tokensPerMinute: 200_000 },
    knowledge: { bucket: lake.zones.curated, prefix: "documents/" },
  },
  keyArn: key.arn,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  logRetentionDays: 30,
  keep: false,
});

// What a service takes: `uses: [assistant.invoke, assistant.retrieve]`. It finds ASSISTANT_KNOWLEDGE_BASE_ID, looks up
// passages with Retrieve, and puts them into a prompt of its own, so that the guardrail sees them.
export const documents = lake.zones.curated.bucketName;
export const importCommand = assistant.ingestCommand;
