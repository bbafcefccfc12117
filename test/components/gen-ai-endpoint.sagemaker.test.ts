import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import {
  GenAiEndpoint,
  type GenAiEndpointArgs,
  type GenAiEndpointTransform,
} from "../../components/gen-ai-endpoint/gen-ai-endpoint";
import { takesKey } from "../../components/gen-ai-endpoint/sagemaker-rules";
import type { SageMakerEngine } from "../../components/gen-ai-endpoint/types";
import { children, resource, type Run, run } from "../harness";
import { alarmTopicArn, keyArn } from "./gen-ai-endpoint-fixture";
import {
  args,
  asynchronous,
  byDay,
  hours,
  pulls,
  realTime,
  serverless,
  tag,
  topicArn,
} from "./gen-ai-endpoint-sagemaker-fixture";

const make = (sagemaker: SageMakerEngine, more: Partial<GenAiEndpointArgs> = {}): Promise<Run> =>
  run(() => void new GenAiEndpoint("own", args(sagemaker, more)));

const types = {
  target: "aws:appautoscaling/target:Target",
  policy: "aws:appautoscaling/policy:Policy",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  group: "aws:scheduler/scheduleGroup:ScheduleGroup",
  schedule: "aws:scheduler/schedule:Schedule",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  logs: "aws:cloudwatch/logGroup:LogGroup",
  role: "aws:iam/role:Role",
  rights: "aws:iam/rolePolicy:RolePolicy",
  model: "aws:sagemaker/model:Model",
  configuration: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
  endpoint: "aws:sagemaker/endpoint:Endpoint",
};
const serverlessChildren = [
  `${types.alarm} own-errors-alarm`,
  `${types.alarm} own-latency-alarm`,
  `${types.alarm} own-throttles-alarm`,
  `${types.logs} own-logs`,
  `${types.role} own-role`,
  `${types.rights} own-rights`,
  `${types.configuration} own-configuration`,
  `${types.endpoint} own-endpoint`,
  `${types.model} own-model`,
].sort();
const endpointName = "kiban-dev-own";

describe("GenAiEndpoint on SageMaker", () => {
  it("serverless makes role, log, model, configuration, endpoint and alarms", async () => {
    const result = await make(serverless);
    assert.equal(result.error, undefined);
    assert.deepEqual(children(result, "own"), serverlessChildren);
  });

  it("in real time scales, too", async () => {
    const result = await make(realTime);
    assert.equal(result.error, undefined);
    assert.deepEqual(
      children(result, "own"),
      [...serverlessChildren, `${types.target} own-scaling`, `${types.policy} own-scale`].sort(),
    );
  });

  it("serverless costs nothing between requests", async () => {
    const result = await make(serverless);
    assert.deepEqual(resource(result, types.configuration, "own-configuration").inputs, {
      productionVariants: [
        {
          variantName: "main",
          modelName: resource(result, types.model, "own-model").outputs["name"],
          serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 5 },
        },
      ],
    });
    const endpoint = resource(result, types.endpoint, "own-endpoint").inputs;
    assert.equal(endpoint["name"], endpointName);
    assert.equal(endpoint["deploymentConfig"], undefined);
    assert.equal(resource(result, types.model, "own-model").inputs["enableNetworkIsolation"], false);
  });

  it("in real time is isolated, encrypted, captured, and rolled back by its alarms", async () => {
    const result = await make(realTime);
    const model = resource(result, types.model, "own-model");
    assert.deepEqual(model.inputs, {
      executionRoleArn: resource(result, types.role, "own-role").outputs["arn"],
      enableNetworkIsolation: true,
      primaryContainer: {
        image: `registry/models:${tag}`,
        modelDataUrl: "s3://models/v1/model.tar.gz",
        environment: { MODE: "fast" },
      },
    });
    assert.deepEqual(resource(result, types.configuration, "own-configuration").inputs, {
      productionVariants: [
        {
          variantName: "main",
          modelName: model.outputs["name"],
          instanceType: "ml.m5.large",
          initialInstanceCount: 1,
        },
      ],
      kmsKeyArn: keyArn,
      dataCaptureConfig: {
        enableCapture: true,
        initialSamplingPercentage: 10,
        destinationS3Uri: "s3://captured/own",
        captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
        kmsKeyId: keyArn,
      },
    });
    const alarm = (role: string) => ({
      alarmName: resource(result, types.alarm, `own-${role}-alarm`).outputs["name"],
    });
    assert.deepEqual(resource(result, types.endpoint, "own-endpoint").inputs["deploymentConfig"], {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 600 },
        terminationWaitInSeconds: 300,
      },
      autoRollbackConfiguration: { alarms: [alarm("errors"), alarm("latency")] },
    });
  });

  it("asynchronous puts results to S3, tells of them, and scales to zero", async () => {
    const result = await make(asynchronous);
    assert.equal(result.error, undefined);
    const more = [
      `${types.target} own-scaling`,
      `${types.policy} own-scale`,
      `${types.policy} own-wake`,
      `${types.alarm} own-wake-alarm`,
    ];
    assert.deepEqual(children(result, "own"), [...serverlessChildren, ...more].sort());
    const configuration = resource(result, types.configuration, "own-configuration").inputs;
    assert.equal(configuration["kmsKeyArn"], keyArn);
    assert.deepEqual(configuration["asyncInferenceConfig"], {
      outputConfig: {
        s3OutputPath: "s3://models/own/results",
        s3FailurePath: "s3://models/own/failures",
        kmsKeyId: keyArn,
        notificationConfig: { successTopic: topicArn, errorTopic: topicArn },
      },
    });
    const [variant] = configuration["productionVariants"] as { initialInstanceCount: number }[];
    assert.equal(variant?.initialInstanceCount, 1);
    assert.equal(resource(result, types.target, "own-scaling").inputs["minCapacity"], 0);
    const { targetTrackingScalingPolicyConfiguration: tracking } = resource(result, types.policy, "own-scale").inputs;
    assert.deepEqual(tracking, {
      customizedMetricSpecification: {
        namespace: "AWS/SageMaker",
        metricName: "ApproximateBacklogSizePerInstance",
        dimensions: [{ name: "EndpointName", value: endpointName }],
        statistic: "Average",
      },
      targetValue: 5,
      scaleOutCooldown: 60,
      scaleInCooldown: 600,
    });
    const wake = resource(result, types.policy, "own-wake");
    assert.deepEqual(wake.inputs["stepScalingPolicyConfiguration"], {
      adjustmentType: "ChangeInCapacity",
      metricAggregationType: "Average",
      cooldown: 300,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
    });
    const alarm = resource(result, types.alarm, "own-wake-alarm").inputs;
    assert.deepEqual(alarm["alarmActions"], [wake.outputs["arn"]]);
    assert.deepEqual(alarm["dimensions"], { EndpointName: endpointName });
    assert.equal(alarm["metricName"], "HasBacklogWithoutCapacity");
  });

  it("asynchronous reads requests, writes results and tells of them", async () => {
    const { statements } = await rightsOf(asynchronous);
    const key = (service: string) => ({
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `${service}.ap-northeast-1.amazonaws.com` } },
    });
    const at = (folder: string) => `arn:aws:s3:::models/own/${folder}/*`;
    assert.deepEqual(statements.slice(3), [
      { Effect: "Allow", Action: "s3:GetObject", Resource: at("requests") },
      { Effect: "Allow", Action: "s3:PutObject", Resource: [at("results"), at("failures")] },
      key("s3"),
      { Effect: "Allow", Action: "sns:Publish", Resource: topicArn },
      key("sns"),
    ]);
    let value: unknown;
    const result = await run(async () => {
      const made = new GenAiEndpoint("own", args(asynchronous));
      assert.equal(made.invokeStream, undefined);
      value = await new Promise((resolve) => pulumi.output(made.invoke).apply(resolve));
    });
    const arn = resource(result, types.endpoint, "own-endpoint").outputs["arn"];
    assert.deepEqual(value, {
      name: "own",
      env: { ENDPOINT_NAME: endpointName, REQUESTS: "s3://models/own/requests" },
      statements: [
        { Effect: "Allow", Action: "sagemaker:InvokeEndpointAsync", Resource: arn },
        { Effect: "Allow", Action: "s3:PutObject", Resource: at("requests") },
        { Effect: "Allow", Action: "s3:GetObject", Resource: [at("results"), at("failures")] },
        key("s3"),
      ],
    });
  });

  it("scales its own variant by requests", async () => {
    const result = await make({
      ...realTime,
      serving: { realTime: { instanceType: "ml.m5.large", min: 1, max: 3, requestsPerInstance: 50 } },
    });
    const common = {
      serviceNamespace: "sagemaker",
      scalableDimension: "sagemaker:variant:DesiredInstanceCount",
      resourceId: `endpoint/${endpointName}/variant/main`,
    };
    assert.deepEqual(resource(result, types.target, "own-scaling").inputs, {
      ...common,
      minCapacity: 1,
      maxCapacity: 3,
    });
    assert.deepEqual(resource(result, types.policy, "own-scale").inputs, {
      ...common,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
        targetValue: 50,
        scaleOutCooldown: 60,
        scaleInCooldown: 600,
      },
    });
  });

  describe("by the hours of a day", () => {
    it("has schedules that delete and make the endpoint, a queue for what they fail at, and does not scale", async () => {
      const result = await make(byDay);
      assert.equal(result.error, undefined);
      const more = [
        `${types.group} own-hours`,
        `${types.schedule} own-start`,
        `${types.schedule} own-stop`,
        `${types.role} own-scheduler-role`,
        `${types.rights} own-scheduler-rights`,
        `${types.queue} own-failures`,
        `${types.queuePolicy} own-failures-policy`,
        `${types.alarm} own-failures-alarm`,
      ];
      assert.deepEqual(children(result, "own"), [...serverlessChildren, ...more].sort());
    });

    it("makes the same endpoint again, from the configuration of today and with its tags", async () => {
      const result = await make(byDay, { transform: { endpoint: { tags: { Team: "search" } } } });
      const out = (type: string, name: string, output = "arn") => resource(result, type, name).outputs[output];
      const common = {
        groupName: out(types.group, "own-hours", "name"),
        scheduleExpressionTimezone: "Asia/Tokyo",
        flexibleTimeWindow: { mode: "OFF" },
      };
      const target = (action: string) => ({
        arn: `arn:aws:scheduler:::aws-sdk:sagemaker:${action}`,
        roleArn: out(types.role, "own-scheduler-role"),
        retryPolicy: { maximumRetryAttempts: 12, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: out(types.queue, "own-failures") },
      });
      const endpoint = { EndpointName: endpointName };
      const EndpointConfigName = out(types.configuration, "own-configuration", "name");
      const Tags = [{ Key: "Team", Value: "search" }];
      for (const [role, action, expression, description, input] of [
        ["start", "createEndpoint", hours.start, "Makes", { ...endpoint, EndpointConfigName, Tags }],
        ["stop", "deleteEndpoint", hours.stop, "Deletes", endpoint],
      ] as const) {
        const { inputs } = resource(result, types.schedule, `own-${role}`);
        const { input: given, ...rest } = inputs["target"] as { input: string };
        assert.deepEqual(rest, target(action));
        assert.deepEqual(JSON.parse(given), input);
        const { target: _, ...others } = inputs;
        assert.deepEqual(others, {
          ...common,
          description: `${description} the endpoint of own`,
          scheduleExpression: expression,
        });
      }
    });

    it("as a role of its group, for this endpoint alone, and with the grant that a key asks for", async () => {
      const result = await make(byDay);
      const out = (type: string, name: string) => resource(result, type, name).outputs["arn"];
      const endpoint = out(types.endpoint, "own-endpoint");
      const policy = resource(result, types.rights, "own-scheduler-rights").checked["policy"] as string;
      const { Statement } = JSON.parse(policy) as { Statement: unknown[] };
      const grant = {
        Effect: "Allow",
        Action: "kms:CreateGrant",
        Resource: keyArn,
        Condition: {
          StringEquals: { "kms:ViaService": "sagemaker.ap-northeast-1.amazonaws.com" },
          Bool: { "kms:GrantIsForAWSResource": "true" },
        },
      };
      assert.deepEqual(Statement, [
        {
          Effect: "Allow",
          Action: "sagemaker:CreateEndpoint",
          Resource: [endpoint, out(types.configuration, "own-configuration")],
        },
        { Effect: "Allow", Action: ["sagemaker:AddTags", "sagemaker:DeleteEndpoint"], Resource: endpoint },
        grant,
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: out(types.queue, "own-failures") },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "sqs.ap-northeast-1.amazonaws.com" } },
        },
      ]);
      const trust = resource(result, types.role, "own-scheduler-role").inputs["assumeRolePolicy"];
      assert.deepEqual(trust, {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": "111111111111", "aws:SourceArn": out(types.group, "own-hours") },
            },
          },
        ],
      });
    });

    it("needs no grant where the instances encrypt with a key of their own", async () => {
      const gpu = { instanceType: "ml.g5.xlarge", min: 1, max: 1, acknowledge: "1 x ml.g5.xlarge", hours };
      const result = await make({ ...serverless, serving: { realTime: gpu } });
      const policy = resource(result, types.rights, "own-scheduler-rights").checked["policy"] as string;
      assert.doesNotMatch(policy, /CreateGrant/);
    });

    it("keeps UTC unless a zone is given", async () => {
      const { timezone: _, ...times } = hours;
      const realTime = { instanceType: "ml.m5.large", min: 1, max: 1, hours: times };
      const result = await make({ ...serverless, serving: { realTime } });
      assert.equal(resource(result, types.schedule, "own-stop").inputs["scheduleExpressionTimezone"], "UTC");
    });
  });

  const rightsOf = async (sagemaker: SageMakerEngine) => {
    const result = await make(sagemaker);
    const document = resource(result, types.rights, "own-rights").checked["policy"] as string;
    return { result, statements: (JSON.parse(document) as { Statement: unknown[] }).Statement };
  };

  it("runs as a role that pulls its image and writes its log, and no more", async () => {
    const { result, statements } = await rightsOf(serverless);
    assert.deepEqual(statements, [
      pulls,
      { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${resource(result, types.logs, "own-logs").outputs["arn"] as string}:*`,
      },
    ]);
    assert.deepEqual(resource(result, types.role, "own-role").inputs["assumeRolePolicy"], {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
  });

  it("reads its data, and writes what it captures, through S3 with the key", async () => {
    const { statements } = await rightsOf(realTime);
    const key = (Action: string) => ({
      Effect: "Allow",
      Action,
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" } },
    });
    assert.deepEqual(statements.slice(3), [
      { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::models/v1/model.tar.gz" },
      key("kms:Decrypt"),
      { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::captured/own/*" },
      key("kms:GenerateDataKey"),
    ]);
  });

  for (const keep of [true, false]) {
    it(`with keep ${keep}: the log is protected ${keep}`, async () => {
      const made = resource(await make(serverless, { keep }), types.logs, "own-logs");
      assert.equal(made.options["protect"], keep);
      assert.deepEqual(made.inputs, {
        name: `/aws/sagemaker/Endpoints/${endpointName}`,
        kmsKeyId: keyArn,
        retentionInDays: 30,
        deletionProtectionEnabled: keep,
      });
    });
  }

  for (const [role, metricName, threshold, how] of [
    ["throttles", "Invocation4XXErrors", 10, { statistic: "Sum", evaluationPeriods: 1 }],
    ["errors", "Invocation5XXErrors", 5, { statistic: "Sum", evaluationPeriods: 1 }],
    ["latency", "ModelLatency", 60_000_000, { extendedStatistic: "p90", evaluationPeriods: 3 }],
  ] as const) {
    it(`alarms on ${role} of its own variant`, async () => {
      const { alarmDescription, ...rest } = resource(await make(serverless), types.alarm, `own-${role}-alarm`).inputs;
      assert.match(alarmDescription as string, /^own: /);
      assert.deepEqual(rest, {
        namespace: "AWS/SageMaker",
        metricName,
        dimensions: { EndpointName: endpointName, VariantName: "main" },
        period: 300,
        threshold,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        treatMissingData: "notBreaching",
        alarmActions: [alarmTopicArn],
        okActions: [alarmTopicArn],
        ...how,
      });
    });
  }

  for (const [name, Action] of [
    ["invoke", ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]],
    ["invokeStream", "sagemaker:InvokeEndpointWithResponseStream"],
  ] as const) {
    it(`${name} is the right to this endpoint`, async () => {
      let value: unknown;
      const result = await run(async () => {
        const made = new GenAiEndpoint("own", args(serverless));
        assert.deepEqual([made.liftCommand, made.mostLostUsd, made.guardrailId], [undefined, undefined, undefined]);
        value = await new Promise((resolve) => pulumi.output(made[name]).apply(resolve));
      });
      assert.equal(result.error, undefined);
      assert.deepEqual(value, {
        name: "own",
        env: { ENDPOINT_NAME: endpointName },
        statements: [
          { Effect: "Allow", Action, Resource: resource(result, types.endpoint, "own-endpoint").outputs["arn"] },
        ],
      });
    });
  }

  it("takes a GPU that is acknowledged, which a tag tells, and whose own storage takes no key of ours", async () => {
    const gpu = { instanceType: "ml.g5.xlarge", min: 1, max: 1, acknowledge: "1 x ml.g5.xlarge" };
    const result = await make({ ...serverless, serving: { realTime: gpu } });
    assert.equal(result.error, undefined);
    const { inputs } = resource(result, types.configuration, "own-configuration");
    assert.equal(inputs["kmsKeyArn"], undefined);
    assert.deepEqual(inputs["tags"], { Acknowledged: "1 x ml.g5.xlarge" });
  });

  for (const [type, takes] of [
    ["ml.m5.large", true],
    ["ml.m5d.large", false],
    ["ml.c6gd.large", false],
    ["ml.r5dn.large", false],
    ["ml.inf2.xlarge", true],
    ["ml.p3.2xlarge", true],
    ["ml.g4dn.xlarge", false],
    ["ml.p4d.24xlarge", false],
  ] as const) {
    it(`${type} ${takes ? "takes" : "takes no"} key`, () => assert.equal(takesKey(type), takes));
  }

  describe("transform", () => {
    const marks: Partial<Record<keyof GenAiEndpointTransform, [string, string]>> = {
      modelRole: [types.role, "own-role"],
      modelRights: [types.rights, "own-rights"],
      modelLogGroup: [types.logs, "own-logs"],
      model: [types.model, "own-model"],
      configuration: [types.configuration, "own-configuration"],
      endpoint: [types.endpoint, "own-endpoint"],
      scalingTarget: [types.target, "own-scaling"],
      scalingPolicy: [types.policy, "own-scale"],
      wakePolicy: [types.policy, "own-wake"],
      wakeAlarm: [types.alarm, "own-wake-alarm"],
      throttlesAlarm: [types.alarm, "own-throttles-alarm"],
      errorsAlarm: [types.alarm, "own-errors-alarm"],
      latencyAlarm: [types.alarm, "own-latency-alarm"],
      scheduleGroup: [types.group, "own-hours"],
      schedulerRole: [types.role, "own-scheduler-role"],
      schedulerRights: [types.rights, "own-scheduler-rights"],
      startSchedule: [types.schedule, "own-start"],
      stopSchedule: [types.schedule, "own-stop"],
      failureQueue: [types.queue, "own-failures"],
      failureQueuePolicy: [types.queuePolicy, "own-failures-policy"],
      failuresAlarm: [types.alarm, "own-failures-alarm"],
    };
    const engineOf = (child: string): SageMakerEngine => {
      if (/^(sched|start|stop|fail)/.test(child)) return byDay;
      return child.startsWith("wake") ? asynchronous : realTime;
    };
    for (const [child, [type, name]] of Object.entries(marks)) {
      it(`reaches ${child}`, async () => {
        // IAM knows no regions.
        const by = type.startsWith("aws:iam/") ? "name" : "region";
        const result = await make(engineOf(child), { transform: { [child]: { [by]: "eu-west-1" } } });
        assert.equal(result.error, undefined);
        assert.equal(resource(result, type, name).inputs[by], "eu-west-1");
      });
    }
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new GenAiEndpoint(name, args(serverless));
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 2 * (serverlessChildren.length + 1));
  });
});
