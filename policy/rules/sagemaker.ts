import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { type Subject, on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

type Report = Subject<unknown>["report"];

/** AWS: CreateEndpointConfig, `KmsKeyId`: storage inside an instance is encrypted by its own hardware, and takes no key. */
const ownStorage = /^ml\.(g[4-9]\w*|p3dn|p[4-9][\w-]*|trn\d\w*|dl\d\w*|[cmr]\d[a-z]*d[a-z]*)\./;

export const sagemakerKms = rule(
  {
    name: "sagemaker-kms",
    description: "Notebooks, endpoints, domains and features are encrypted with a key of the customer",
    severity: "medium",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html",
    remediationSteps: "Set the property to the stack's key.",
  },
  on<aws.sagemaker.NotebookInstanceArgs>(types.notebook, ({ props, report }) => ours(props.at("kmsKeyId"), report)),
  on<aws.sagemaker.DomainArgs>(types.studioDomain, ({ props, report }) => ours(props.at("kmsKeyId"), report)),
  on<aws.sagemaker.EndpointConfigurationArgs>(types.endpointConfiguration, ({ props, report }) => {
    const instances = props
      .at("productionVariants")
      .items()
      .map((variant) => variant.at("instanceType"));
    // A volume for at least one of them; serverless has none.
    if (instances.some((type) => type.text !== undefined && !type.isEmpty() && !ownStorage.test(type.text))) {
      ours(props.at("kmsKeyArn"), report);
    }
    const capture = props.at("dataCaptureConfig");
    if (capture.at("enableCapture").is(true)) ours(capture.at("kmsKeyId"), report);
    const output = props.at("asyncInferenceConfig").at("outputConfig");
    if (!output.unknown && !output.isEmpty()) ours(output.at("kmsKeyId"), report);
  }),
  on<aws.sagemaker.FeatureGroupArgs>(types.featureGroup, ({ props, report }) => {
    const online = props.at("onlineStoreConfig");
    if (online.at("enableOnlineStore").is(true)) ours(online.at("securityConfig").at("kmsKeyId"), report);
    const offline = props.at("offlineStoreConfig").at("s3StorageConfig");
    if (!offline.unknown && !offline.isEmpty()) ours(offline.at("kmsKeyId"), report);
  }),
);

function ours(key: Value, report: Report): void {
  if (lacksCustomerKey(key)) report(key, "is no key of the customer", "set it to the ARN of the stack's key");
}

export const sagemakerNetwork = rule(
  {
    name: "sagemaker-network",
    description: "Notebooks and domains reach the internet through the stack's VPC alone",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["SageMaker.1", "Amazon SageMaker notebook instances should not have direct internet access"],
    remediationSteps:
      "Set directInternetAccess Disabled and subnetId on notebooks, appNetworkAccessType VpcOnly on domains.",
  },
  on<aws.sagemaker.NotebookInstanceArgs>(types.notebook, ({ props, report }) => {
    const access = props.at("directInternetAccess");
    if (access.isNot("Disabled")) report(access, "goes past the VPC", "set it to Disabled");
    const subnet = props.at("subnetId");
    if (subnet.isEmpty()) report(subnet, "is not set", "set it to a private subnet");
  }),
  on<aws.sagemaker.DomainArgs>(types.studioDomain, ({ props, report }) => {
    const access = props.at("appNetworkAccessType");
    if (access.isNot("VpcOnly")) report(access, "goes past the VPC", "set it to VpcOnly");
  }),
);

export const sagemakerModelIsolation = stackRule(
  {
    name: "sagemaker-model-isolation",
    description: "A model's container reaches no network, or none but the stack's VPC",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["SageMaker.5", "SageMaker models should have network isolation enabled"],
    remediationSteps:
      "Set enableNetworkIsolation to true, or vpcConfig with private subnets; serverless knows neither.",
  },
  types.sagemakerModel,
  ({ stack, report }) => {
    for (const model of stack.ofType(types.sagemakerModel)) {
      const [isolation, vpc] = [model.props.dig("enableNetworkIsolation"), model.props.dig("vpcConfig")];
      if (isolation.unknown || isolation.is(true) || !vpc.isEmpty() || isServerless(stack, model)) continue;
      report(model, isolation, "is off", "set it to true, or give the model a vpcConfig");
    }
  },
);

/** Whether every configuration that names the model serves it without instances. */
function isServerless(stack: Stack, model: Node): boolean {
  const configurations = stack.referrers(model, "productionVariants", types.endpointConfiguration);
  return configurations.length > 0 && configurations.every((one) => variants(one).every(hasNoInstances));
}

const variants = (configuration: Node): Value[] => configuration.props.dig("productionVariants").items();
const hasNoInstances = (variant: Value): boolean => !variant.dig("serverlessConfig").isEmpty();

/** Amazon Linux 2 has had no updates since June 2026. */
const platforms = ["notebook-al2023-v1", "notebook-al2023-v2"];

export const sagemakerRoot = rule(
  {
    name: "sagemaker-root",
    description: "Notebooks give nobody root, run on a platform that gets updates, and stop when nobody uses them",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["SageMaker.3", "Users should not have root access to SageMaker notebook instances"],
    remediationSteps:
      "Set rootAccess Disabled, a platformIdentifier of Amazon Linux 2023, and a lifecycleConfigName that stops what is idle.",
  },
  on<aws.sagemaker.NotebookInstanceArgs>(types.notebook, ({ props, report }) => {
    const [root, platform, lifecycle] = [
      props.at("rootAccess"),
      props.at("platformIdentifier"),
      props.at("lifecycleConfigName"),
    ];
    if (root.isNot("Disabled")) report(root, "makes every user root", "set it to Disabled");
    if (platform.isNot(...platforms)) report(platform, "gets no updates", `set it to ${platforms.at(-1)}`);
    if (lifecycle.isEmpty()) report(lifecycle, "is not set", "set one that stops an idle notebook");
  }),
);

export const sagemakerEndpointHa = rule(
  {
    name: "sagemaker-endpoint-ha",
    description: "An endpoint in real time has two instances, so that one zone may fail, and no shell into them",
    severity: "low",
    levels: "0/0/A",
    fsbp: [
      "SageMaker.4",
      "SageMaker endpoint production variants should have an initial instance count greater than 1",
    ],
    remediationSteps: "Set initialInstanceCount to 2 or more; remove enableSsmAccess.",
  },
  on<aws.sagemaker.EndpointConfigurationArgs>(types.endpointConfiguration, ({ props, report }) => {
    const waits = props.at("asyncInferenceConfig");
    for (const variant of props.at("productionVariants").items()) {
      const shell = variant.at("enableSsmAccess");
      if (shell.is(true)) report(shell, "lets people into the instances", "remove it");
      const count = variant.at("initialInstanceCount");
      const serverless = variant.at("serverlessConfig");
      // What is asynchronous waits in S3 for an instance.
      if ([waits, serverless, count].some((one) => one.unknown) || !waits.isEmpty() || !serverless.isEmpty()) continue;
      if ((count.known ?? 1) < 2) report(count, "is a single instance", "set it to 2 or more");
    }
  }),
);

export const sagemakerDevServerless = stackRule(
  {
    name: "sagemaker-dev-serverless",
    description: "In development a model costs nothing while nobody asks it",
    severity: "low",
    levels: "A/0/0",
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
    remediationSteps:
      "Set serverlessConfig or asyncInferenceConfig, or delete the endpoint at night: a schedule with the target " +
      "aws-sdk:sagemaker:deleteEndpoint.",
  },
  types.endpointConfiguration,
  ({ stack, report }) => {
    for (const configuration of stack.ofType(types.endpointConfiguration)) {
      const waits = configuration.props.dig("asyncInferenceConfig");
      if (waits.unknown || !waits.isEmpty() || isShutAtNight(stack, configuration)) continue;
      for (const variant of variants(configuration)) {
        const serverless = variant.dig("serverlessConfig");
        if (serverless.isEmpty()) {
          report(configuration, serverless, "is not set", "set it, or shut the endpoint at night");
        }
      }
    }
  },
);

/** Whether schedules delete the endpoints that the configuration is of. */
function isShutAtNight(stack: Stack, configuration: Node): boolean {
  const endpoints = stack.referrers(configuration, "endpointConfigName", types.sagemakerEndpoint);
  const deletes = (schedule: Node): boolean => {
    const target = schedule.props.dig("target", "arn");
    return target.unknown || target.text?.endsWith(":aws-sdk:sagemaker:deleteEndpoint") === true;
  };
  return (
    endpoints.length > 0 &&
    endpoints.every((endpoint) => stack.referrers(endpoint, "target", types.schedule).some(deletes))
  );
}
