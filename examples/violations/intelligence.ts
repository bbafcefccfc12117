import * as aws from "@pulumi/aws";

import { key, opts } from "./base";

const role = "arn:aws:iam::333333333333:role/models";
const models = "arn:aws:bedrock:ap-northeast-1::foundation-model";

// bedrock-guardrail (personal data passes), bedrock-kms
new aws.bedrock.Guardrail(
  "answers",
  {
    name: "answers",
    blockedInputMessaging: "No answer.",
    blockedOutputsMessaging: "No answer.",
    contentPolicyConfig: {
      filtersConfigs: [{ type: "PROMPT_ATTACK", inputStrength: "HIGH", outputStrength: "NONE" }],
    },
  },
  opts,
);

// bedrock-model-allow-list, bedrock-invocation-logs, spend-ceiling (nothing stops it)
new aws.bedrock.InferenceProfile(
  "answers",
  { name: "answers", modelSource: { copyFrom: `${models}/mistral.mistral-large-2402-v1:0` } },
  opts,
);

// provisioned-throughput-ack
new aws.bedrock.ProvisionedModelThroughput(
  "reserved",
  {
    provisionedModelName: "reserved",
    modelArn: `${models}/amazon.nova-pro-v1:0:24k`,
    modelUnits: 1,
    tags: { InvocationLog: "account" },
  },
  opts,
);

// gpu-instance-ack, sagemaker-kms, sagemaker-network (no subnet), sagemaker-root (it never stops)
new aws.sagemaker.NotebookInstance(
  "trials",
  {
    roleArn: role,
    instanceType: "ml.g5.xlarge",
    directInternetAccess: "Disabled",
    rootAccess: "Disabled",
    platformIdentifier: "notebook-al2023-v2",
    instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "2" },
  },
  opts,
);

// sagemaker-model-isolation
const model = new aws.sagemaker.Model(
  "ranking",
  {
    executionRoleArn: role,
    primaryContainer: { image: "333333333333.dkr.ecr.ap-northeast-1.amazonaws.com/ranking:4f2a9d1c7be0" },
  },
  opts,
);

// sagemaker-endpoint-ha, sagemaker-dev-serverless; budget-present: of all that costs by the hour, none has one
new aws.sagemaker.EndpointConfiguration(
  "ranking",
  {
    kmsKeyArn: key.arn,
    productionVariants: [{ modelName: model.name, instanceType: "ml.m5.large", initialInstanceCount: 1 }],
  },
  opts,
);
