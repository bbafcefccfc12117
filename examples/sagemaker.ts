import { DataLake } from "../components/data-lake/data-lake";
import { GenAiEndpoint } from "../components/gen-ai-endpoint/gen-ai-endpoint";
import { ImageRepository } from "../components/image-repository/image-repository";
import { Key } from "../components/key/key";

// A model of your own, in the three ways that SageMaker serves it: take the one that fits. The image is one that you
// build, pinned by the commit it was built from; the model's data may lie in it, or as a .tar.gz in the lake.
const key = new Key("key", { services: ["logs", "cloudwatch"], keep: false });
const repository = new ImageRepository("model-images", { keyArn: key.arn, keep: false });
const logArchive = { bucketName: "example-logs", bucketArn: "arn:aws:s3:::example-logs" };
const { raw, curated } = new DataLake("lake", { keyArn: key.arn, logArchive, keep: false }).zones;

const image = { repository, tag: "0123456789abcdef0123456789abcdef01234567" };
const artefact = { ...curated, key: "models/ranking/3.tar.gz" };
const common = {
  engine: "sagemaker" as const,
  region: "ap-northeast-1",
  keyArn: key.arn,
  alarmTopicArn: "arn:aws:sns:ap-northeast-1:111111111111:alarms",
  logRetentionDays: 30 as const,
  keep: false,
};

// Nothing is paid between requests; the first one after a pause waits for a container to start.
const serverless = new GenAiEndpoint("tagging", {
  ...common,
  sagemaker: { image, artefact, serving: { serverless: { memoryMiB: 2048, maxConcurrency: 5 } } },
});

// Answers at once: one to four instances by requests a minute, a tenth of the requests kept to be looked at.
const realTime = new GenAiEndpoint("ranking", {
  ...common,
  sagemaker: {
    image,
    artefact,
    serving: { realTime: { instanceType: "ml.m5.large", min: 1, max: 4, requestsPerInstance: 200 } },
    capture: { ...raw, percent: 10 },
  },
});

// The same for people at work: one instance from 8 to 20 o'clock, and nothing that costs by night.
const byDay = new GenAiEndpoint("ranking-by-day", {
  ...common,
  sagemaker: {
    image,
    artefact,
    serving: {
      realTime: {
        instanceType: "ml.m5.large",
        min: 1,
        max: 1,
        hours: { start: "cron(0 8 ? * MON-FRI *)", stop: "cron(0 20 ? * MON-FRI *)", timezone: "Asia/Tokyo" },
      },
    },
  },
});

// Minutes of work for each request: a GPU comes when one waits in S3, and goes when none does. The topic hears of results.
const transcripts = new GenAiEndpoint("transcripts", {
  ...common,
  sagemaker: {
    image,
    serving: {
      async: {
        instanceType: "ml.g5.xlarge",
        max: 1,
        acknowledge: "1 x ml.g5.xlarge",
        bucket: raw,
        topicArn: "arn:aws:sns:ap-northeast-1:111111111111:transcripts",
      },
    },
  },
});

// What a service takes: `uses: [serverless.invoke]`. It finds TAGGING_ENDPOINT_NAME for InvokeEndpoint; the last one
// TRANSCRIPTS_ENDPOINT_NAME for InvokeEndpointAsync, and TRANSCRIPTS_REQUESTS, where it puts what shall be answered.
export const endpoints = [serverless, realTime, byDay, transcripts].map(({ modelArn }) => modelArn);
export const images = repository.url;
