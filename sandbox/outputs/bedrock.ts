import { type Context, type Made, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "Amazon Bedrock", "Amazon S3 Vectors".

function guardrail(c: Context): Made {
  const guardrailId = c.lower(12);
  return {
    id: guardrailId,
    outputs: {
      guardrailId,
      guardrailArn: c.arn("bedrock", `guardrail/${guardrailId}`),
      version: "DRAFT",
      status: "READY",
    },
  };
}

export const bedrock: Makers = {
  "bedrock/agentKnowledgeBase": (c) => {
    const id = c.upper(10);
    return { id, outputs: { arn: c.arn("bedrock", `knowledge-base/${id}`) } };
  },
  "bedrock/agentDataSource": (c) => {
    const dataSourceId = c.upper(10);
    return { id: `${dataSourceId},${c.name("knowledgeBaseId")}`, outputs: { dataSourceId } };
  },
  "s3/vectorsVectorBucket": (c) => {
    const arn = c.arn("s3vectors", `bucket/${c.name("vectorBucketName")}`);
    return { id: arn, outputs: { vectorBucketArn: arn } };
  },
  "s3/vectorsIndex": (c) => {
    const arn = c.arn("s3vectors", `bucket/${c.name("vectorBucketName")}/index/${c.name("indexName")}`);
    return { id: arn, outputs: { indexArn: arn } };
  },
  "bedrock/guardrail": guardrail,
  "bedrock/guardrailVersion": (c) => ({ id: `${c.name("guardrailArn")},1`, outputs: { version: "1" } }),
  "bedrock/inferenceProfile": (c) => {
    const id = c.lower(12);
    return {
      id,
      outputs: { arn: c.arn("bedrock", `application-inference-profile/${id}`), status: "ACTIVE", type: "APPLICATION" },
    };
  },
  "bedrock/provisionedModelThroughput": (c) => {
    const arn = c.arn("bedrock", `provisioned-model/${c.lower(12)}`);
    return { id: arn, outputs: { provisionedModelArn: arn } };
  },
};
