import { types } from "../../../policy/lib/types";
import { imagePinned } from "../../../policy/rules/containers";
import { lambdaFailureDest, lambdaRuntime } from "../../../policy/rules/lambda";
import { sqsRedrive } from "../../../policy/rules/messaging";
import { ecrImmutable, ecrLifecycle, ecrScan } from "../../../policy/rules/repositories";
import { ecsDistinctRoles, ecsExecOff, ecsReadonlyRoot, ecsUnprivileged } from "../../../policy/rules/tasks";
import { type Case, EMPTIED, type Proof, given, isTrue, noneOf, notTrue, one, oneOf, proof, values } from "../proof";

const sha = "0123456789abcdef0123456789abcdef01234567";
const digest = `sha256:${"0".repeat(64)}`;
const registry = "111111111111.dkr.ecr.ap-northeast-1.amazonaws.com/api";
const images = {
  wrong: [registry, `${registry}:latest`, "nginx", "localhost:5000/nginx"],
  right: [`${registry}@${digest}`, "localhost:5000/nginx:1.27", `nginx:${sha}`],
};
const task = (container: object, more: object = {}) => ({ containerDefinitions: JSON.stringify([container]), ...more });
const roles = { task: "arn:aws:iam::111111111111:role/task", execution: "arn:aws:iam::111111111111:role/execution" };

const letters = "arn:aws:sqs:ap-northeast-1:111111111111:letters";
const calledBy = (type: readonly string[], property: string): Case => ({
  resources: {
    fn: {
      type: types.lambda,
      inputs: { deadLetterConfig: { targetArn: letters } },
      breaks: [
        given("deadLetterConfig.targetArn", { at: "deadLetterConfig" }),
        values("deadLetterConfig", [undefined, EMPTIED]),
      ],
    },
    caller: { type, inputs: {}, links: { [property]: "fn" } },
  },
});
const mapping = {
  eventSourceArn: "arn:aws:kinesis:ap-northeast-1:111111111111:stream/clicks",
  destinationConfig: { onFailure: { destinationArn: letters } },
  maximumRetryAttempts: 10,
  bisectBatchOnFunctionError: true,
};

export const containers: readonly Proof[] = [
  proof(
    imagePinned,
    one(types.taskDefinition, task({ image: `${registry}:${sha}` }), [
      values("containerDefinitions>[0].image", images.wrong, images.right),
    ]),
    one(types.lambda, { imageUri: `${registry}:${sha}` }, [
      values("imageUri", images.wrong, [...images.right, undefined]),
    ]),
    one(types.sagemakerModel, { primaryContainer: { image: `${registry}:${sha}` } }, [
      values("primaryContainer.image", images.wrong, [...images.right, undefined]),
    ]),
    one(types.sagemakerModel, { containers: [{ image: `${registry}:${sha}` }] }, [
      values("containers[0].image", images.wrong, [...images.right, undefined]),
    ]),
    one(types.lambda, { imageUri: `${registry}@${digest}` }, [values("imageUri", [`${registry}:${sha}`])], {
      config: { digest: true },
    }),
    one(types.lambda, { imageUri: `${registry}:${sha}` }, [values("imageUri", [registry], [`nginx:${sha}`])], {
      config: { digest: true },
      stack: "stg",
    }),
    one(types.lambda, { imageUri: `${registry}@${digest}` }, [values("imageUri", [`nginx@${digest}`])], {
      config: { registries: ["111111111111.dkr.ecr."] },
    }),
  ),
  proof(
    ecrImmutable,
    one([...types.repository, ...types.repositoryTemplate], { imageTagMutability: "IMMUTABLE" }, [
      oneOf("imageTagMutability", ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"], ["MUTABLE", "MUTABLE_WITH_EXCLUSION"]),
    ]),
  ),
  proof(
    ecrScan,
    one(types.repository, { imageScanningConfiguration: { scanOnPush: true } }, [
      isTrue("imageScanningConfiguration.scanOnPush"),
      values("imageScanningConfiguration", [undefined]),
    ]),
    {
      resources: {
        images: { type: types.repository, inputs: {} },
        registry: {
          type: types.registryScanning,
          inputs: { scanType: "BASIC", rules: [{ scanFrequency: "SCAN_ON_PUSH" }] },
          needed: { on: "images", at: "imageScanningConfiguration.scanOnPush" },
          breaks: [
            values("rules", [undefined, EMPTIED], [], { on: "images", at: "imageScanningConfiguration.scanOnPush" }),
            oneOf("rules[0].scanFrequency", ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"], [], {
              on: "images",
              at: "imageScanningConfiguration.scanOnPush",
            }),
          ].map((at) => (at.path === "rules" ? at : { ...at, broken: ["MANUAL"] })),
        },
      },
    },
  ),
  proof(ecrLifecycle, {
    resources: {
      images: { type: types.repository, inputs: {} },
      lifecycle: {
        type: types.repositoryLifecycle,
        inputs: { policy: "{}" },
        links: { repository: "images" },
        needed: { on: "images", at: "lifecycle policy" },
      },
    },
  }),
  proof(
    ecsDistinctRoles,
    one(types.taskDefinition, { taskRoleArn: roles.task, executionRoleArn: roles.execution }, [
      values("taskRoleArn", [undefined, null, EMPTIED, roles.execution]),
      given("executionRoleArn"),
    ]),
  ),
  proof(
    ecsReadonlyRoot,
    one(types.taskDefinition, task({ name: "app", readonlyRootFilesystem: true }), [
      isTrue("containerDefinitions>[0].readonlyRootFilesystem"),
    ]),
  ),
  proof(
    ecsUnprivileged,
    one(
      types.taskDefinition,
      task(
        { user: "1000:1000", linuxParameters: { capabilities: { add: ["SYS_PTRACE"] } } },
        { networkMode: "awsvpc" },
      ),
      [
        noneOf("pidMode", ["host"], { passes: ["task"] }),
        noneOf("networkMode", ["host"], { passes: ["bridge"] }),
        notTrue("containerDefinitions>[0].privileged"),
        values("containerDefinitions>[0].user", [undefined, EMPTIED, "root", "0", "0:0", "root:app"], ["app", "10:10"]),
        values(
          "containerDefinitions>[0].linuxParameters.capabilities.add[0]",
          ["ALL", "NET_ADMIN", "SYS_ADMIN"],
          [undefined],
        ),
      ],
    ),
  ),
  proof(
    ecsExecOff,
    one(types.service, { enableExecuteCommand: false }, [notTrue("enableExecuteCommand")]),
    one(types.schedule, { target: { ecsParameters: { enableExecuteCommand: false } } }, [
      notTrue("target.ecsParameters.enableExecuteCommand"),
    ]),
    one(types.eventTarget, { ecsTarget: { enableExecuteCommand: false } }, [notTrue("ecsTarget.enableExecuteCommand")]),
  ),
  proof(
    lambdaRuntime,
    one(
      types.lambda,
      { runtime: "nodejs24.x" },
      [
        values(
          "runtime",
          ["nodejs18.x", "nodejs20.x", "python3.8", "python3.9", "ruby3.2", "dotnet6", "java8", "go1.x", "provided"],
          [undefined, "nodejs22.x", "python3.14", "provided.al2023", "java21", "dotnet10"],
        ),
      ],
      { config: { today: "2026-06-01" } },
    ),
  ),
  proof(
    lambdaFailureDest,
    calledBy(types.subscription, "endpoint"),
    calledBy(types.eventTarget, "arn"),
    calledBy(types.bucketNotification, "lambdaFunctions"),
    {
      resources: {
        fn: { type: types.lambda, inputs: {} },
        caller: { type: types.eventTarget, inputs: {}, links: { arn: "fn" } },
        config: {
          type: types.lambdaInvokeConfig,
          inputs: { destinationConfig: { onFailure: { destination: letters } } },
          links: { functionName: "fn" },
          needed: { on: "fn", at: "deadLetterConfig" },
          breaks: [given("destinationConfig.onFailure.destination", { on: "fn", at: "deadLetterConfig" })],
        },
      },
    },
    one(types.lambdaMapping, mapping, [
      given("destinationConfig.onFailure.destinationArn"),
      values("destinationConfig", [undefined]),
      values("maximumRetryAttempts", [undefined, null, -1], [0, 3]),
      isTrue("bisectBatchOnFunctionError"),
    ]),
  ),
  proof(
    sqsRedrive,
    one(types.queue, { redrivePolicy: JSON.stringify({ deadLetterTargetArn: letters, maxReceiveCount: 5 }) }, [
      values("redrivePolicy", [undefined, EMPTIED]),
      values("redrivePolicy>maxReceiveCount", [undefined, 0], [1], { at: "redrivePolicy" }),
    ]),
    one(types.subscription, { protocol: "sqs", redrivePolicy: JSON.stringify({ deadLetterTargetArn: letters }) }, [
      given("redrivePolicy", { needs: ["protocol"] }),
      values("protocol", [], ["email", "sms"]),
    ]),
    {
      resources: {
        work: { type: types.queue, inputs: {} },
        redrive: {
          type: types.queueRedrivePolicy,
          inputs: { redrivePolicy: JSON.stringify({ deadLetterTargetArn: letters, maxReceiveCount: 5 }) },
          links: { queueUrl: "work" },
          needed: { on: "work", at: "redrivePolicy" },
          breaks: [values("redrivePolicy>maxReceiveCount", [undefined, 0], [], { on: "work", at: "redrivePolicy" })],
        },
      },
    },
    {
      resources: {
        letters: { type: types.queue, inputs: {} },
        work: {
          type: types.queue,
          inputs: { redrivePolicy: JSON.stringify({ maxReceiveCount: 5 }), visibilityTimeoutSeconds: 120 },
          links: { redrivePolicy: "letters" },
          breaks: [values("visibilityTimeoutSeconds", [undefined, 119], [121, 900], { needs: ["fn.timeout"] })],
        },
        fn: {
          type: types.lambda,
          inputs: { timeout: 20 },
          breaks: [
            values("timeout", [21, 900], [undefined, 3], {
              on: "work",
              at: "visibilityTimeoutSeconds",
              needs: ["work.visibilityTimeoutSeconds"],
            }),
          ],
        },
        mapping: { type: types.lambdaMapping, inputs: {}, links: { eventSourceArn: "work", functionName: "fn" } },
      },
    },
  ),
];
