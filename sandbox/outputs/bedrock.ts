import { type Context, type Made, type Makers } from "./context";

// ARN formats: AWS Service Authorization Reference, "Amazon Bedrock".

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
