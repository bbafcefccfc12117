import { stringify } from "yaml";

import type { GenAiEndpointArgs } from "../../components/gen-ai-endpoint/gen-ai-endpoint";
import type { SageMakerEngine } from "../../components/gen-ai-endpoint/types";
import { alarmTopicArn, keyArn } from "./gen-ai-endpoint-fixture";

export const tag = "0123456789abcdef0123456789abcdef01234567";
export const pulls = {
  Effect: "Allow" as const,
  Action: "ecr:BatchGetImage",
  Resource: "arn:aws:ecr:::repository/models",
};
export const serverless: SageMakerEngine = {
  image: { repository: { url: "registry/models", pull: { name: "models", env: {}, statements: [pulls] } }, tag },
  serving: { serverless: { memoryMiB: 2048, maxConcurrency: 5 } },
};
const bucket = { bucketName: "models", bucketArn: "arn:aws:s3:::models" };
export const realTime: SageMakerEngine = {
  ...serverless,
  artefact: { ...bucket, key: "v1/model.tar.gz" },
  environment: { MODE: "fast" },
  serving: { realTime: { instanceType: "ml.m5.large", min: 1, max: 2 } },
  capture: { bucketName: "captured", bucketArn: "arn:aws:s3:::captured", percent: 10 },
};
export const topicArn = `${alarmTopicArn}-results`;
export const asynchronous: SageMakerEngine = {
  ...serverless,
  serving: { async: { instanceType: "ml.m5.large", max: 2, bucket, topicArn } },
};
export const hours = { start: "cron(0 8 ? * MON-FRI *)", stop: "cron(0 20 ? * MON-FRI *)", timezone: "Asia/Tokyo" };
export const byDay: SageMakerEngine = {
  ...serverless,
  serving: { realTime: { instanceType: "ml.m5.large", min: 2, max: 2, hours } },
};
export const args = (sagemaker: SageMakerEngine, more: Partial<GenAiEndpointArgs> = {}): GenAiEndpointArgs => ({
  engine: "sagemaker",
  region: "ap-northeast-1",
  sagemaker,
  keyArn,
  alarmTopicArn,
  logRetentionDays: 30,
  keep: false,
  ...more,
});

/** The text of a stack file with this model of one's own in place of the one of Bedrock. */
export function withOwnModel(stackFile: string, ai: object): string {
  const block = stringify({ "kiban:ai": { engine: "sagemaker", logRetentionDays: 7, ...ai } });
  return stackFile.replace(/ {2}kiban:ai:\n( {4}.*\n)+/, block.replace(/^(?=.)/gm, "  "));
}
