import { types } from "../../../policy/lib/types";
import * as rules from "../../../policy/rules/sagemaker";
import { EMPTIED, type Proof, customerKey, given, keyArn, noneOf, one, oneOf, proof, values } from "../proof";

const serverless = { memorySizeInMb: 2048, maxConcurrency: 5 };
const deleting = "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint";

export const sagemaker: readonly Proof[] = [
  proof(
    rules.sagemakerKms,
    ...[types.notebook, types.studioDomain].map((type) => one(type, { kmsKeyId: keyArn }, [customerKey("kmsKeyId")])),
    one(
      types.endpointConfiguration,
      {
        productionVariants: [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.m5.large" }],
        kmsKeyArn: keyArn,
        dataCaptureConfig: { enableCapture: true, kmsKeyId: keyArn },
        asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://b/results", kmsKeyId: keyArn } },
      },
      [
        customerKey("kmsKeyArn", { needs: ["productionVariants[1].instanceType"] }),
        customerKey("dataCaptureConfig.kmsKeyId", { needs: ["dataCaptureConfig.enableCapture"] }),
        customerKey("asyncInferenceConfig.outputConfig.kmsKeyId"),
        values("dataCaptureConfig", [], [undefined, { enableCapture: false }]),
        values("asyncInferenceConfig", [], [undefined]),
      ],
    ),
    ...[
      "ml.g5.xlarge",
      "ml.g7e.2xlarge",
      "ml.p5.48xlarge",
      "ml.p6-b200.48xlarge",
      "ml.trn1.2xlarge",
      "ml.c5d.large",
    ].map((instanceType) =>
      one(types.endpointConfiguration, { productionVariants: [{ instanceType }] }, [
        values("productionVariants[0].instanceType", ["ml.m5.large", "ml.p3.2xlarge", "ml.inf2.xlarge"], [undefined], {
          at: "kmsKeyArn",
        }),
      ]),
    ),
    one(
      types.featureGroup,
      {
        onlineStoreConfig: { enableOnlineStore: true, securityConfig: { kmsKeyId: keyArn } },
        offlineStoreConfig: { s3StorageConfig: { s3Uri: "s3://b", kmsKeyId: keyArn } },
      },
      [
        customerKey("onlineStoreConfig.securityConfig.kmsKeyId", { needs: ["onlineStoreConfig.enableOnlineStore"] }),
        customerKey("offlineStoreConfig.s3StorageConfig.kmsKeyId"),
        values("onlineStoreConfig", [], [undefined, { enableOnlineStore: false }]),
        values("offlineStoreConfig", [], [undefined]),
      ],
    ),
  ),
  proof(
    rules.sagemakerNetwork,
    one(types.notebook, { directInternetAccess: "Disabled", subnetId: "subnet-1" }, [
      oneOf("directInternetAccess", ["Disabled"], ["Enabled"]),
      given("subnetId"),
    ]),
    one(types.studioDomain, { appNetworkAccessType: "VpcOnly" }, [
      oneOf("appNetworkAccessType", ["VpcOnly"], ["PublicInternetOnly"]),
    ]),
  ),
  proof(
    rules.sagemakerModelIsolation,
    one(types.sagemakerModel, { enableNetworkIsolation: true }, [
      values("enableNetworkIsolation", [undefined, null, false]),
    ]),
    one(types.sagemakerModel, { vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] } }, [
      values("vpcConfig", [undefined, EMPTIED], [], { at: "enableNetworkIsolation" }),
    ]),
    {
      resources: {
        model: { type: types.sagemakerModel, inputs: { enableNetworkIsolation: false } },
        configuration: {
          type: types.endpointConfiguration,
          inputs: { productionVariants: [{ serverlessConfig: serverless }] },
          links: { productionVariants: "model" },
          breaks: [
            values("productionVariants[0].serverlessConfig", [undefined, EMPTIED], [], {
              on: "model",
              at: "enableNetworkIsolation",
            }),
          ],
          needed: { on: "model", at: "enableNetworkIsolation" },
        },
      },
    },
  ),
  proof(
    rules.sagemakerRoot,
    one(
      types.notebook,
      { rootAccess: "Disabled", platformIdentifier: "notebook-al2023-v2", lifecycleConfigName: "stop-idle" },
      [
        oneOf("rootAccess", ["Disabled"], ["Enabled"]),
        oneOf("platformIdentifier", ["notebook-al2023-v1"], ["notebook-al2-v3", "notebook-al1-v1"]),
        given("lifecycleConfigName"),
      ],
    ),
  ),
  proof(
    rules.sagemakerEndpointHa,
    one(types.endpointConfiguration, { productionVariants: [{ initialInstanceCount: 2 }] }, [
      values("productionVariants[0].initialInstanceCount", [undefined, null, 1, 0], [3], {
        needs: ["asyncInferenceConfig", "productionVariants[0].serverlessConfig"],
      }),
      noneOf("productionVariants[0].enableSsmAccess", [true], { passes: [false] }),
    ]),
    one(types.endpointConfiguration, { productionVariants: [{ serverlessConfig: serverless }] }, [
      values("productionVariants[0].serverlessConfig", [undefined, EMPTIED], [], {
        at: "productionVariants[0].initialInstanceCount",
      }),
    ]),
    one(
      types.endpointConfiguration,
      {
        productionVariants: [{ initialInstanceCount: 1 }],
        asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://b" } },
      },
      [values("asyncInferenceConfig", [undefined, EMPTIED], [], { at: "productionVariants[0].initialInstanceCount" })],
    ),
  ),
  proof(
    rules.sagemakerDevServerless,
    one(types.endpointConfiguration, { productionVariants: [{ serverlessConfig: serverless }] }, [
      values("productionVariants[0].serverlessConfig", [undefined, null, EMPTIED]),
    ]),
    one(
      types.endpointConfiguration,
      { productionVariants: [{}], asyncInferenceConfig: { outputConfig: { s3OutputPath: "s3://b" } } },
      [values("asyncInferenceConfig", [undefined, EMPTIED], [], { at: "productionVariants[0].serverlessConfig" })],
    ),
    {
      resources: {
        configuration: { type: types.endpointConfiguration, inputs: { productionVariants: [{}] } },
        endpoint: {
          type: types.sagemakerEndpoint,
          inputs: {},
          links: { endpointConfigName: "configuration" },
          needed: { on: "configuration", at: "productionVariants[0].serverlessConfig" },
        },
        night: {
          type: types.schedule,
          inputs: { target: { arn: deleting } },
          links: { target: "endpoint" },
          breaks: [
            values("target.arn", [undefined, "arn:aws:scheduler:::aws-sdk:sagemaker:createEndpoint"], [], {
              on: "configuration",
              at: "productionVariants[0].serverlessConfig",
            }),
          ],
          needed: { on: "configuration", at: "productionVariants[0].serverlessConfig" },
        },
      },
    },
  ),
];
