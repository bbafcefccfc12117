import assert from "node:assert/strict";

import * as rules from "../../policy/rules/lambda";
import { sqsRedrive } from "../../policy/rules/messaging";
import { type Break, type Props, StackBuilder, UNKNOWN, analyse, assertLevels, replaced, testRule } from "./harness";

const fn = "aws:lambda/function:Function";
const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
const queue = "aws:sqs/queue:Queue";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const environments = ["dev", "stg", "prod"] as const;

describe("lambda-not-public", () => {
  const rule = rules.lambdaNotPublic;
  const permission = "aws:lambda/permission:Permission";
  const unset = "sourceArn is not set: set it to the ARN of the resource that calls";
  for (const [key, value] of [
    ["sourceArn", "arn:aws:events:eu-west-1:111111111111:rule/r"],
    ["sourceAccount", "111111111111"],
    ["eventSourceToken", "token"],
  ] as const) {
    testRule(rule, permission, { principal: "events.amazonaws.com", [key]: value }, [
      [key, undefined, unset],
      [key, "", unset],
    ]);
  }
  testRule(rule, permission, { principal: "111111111111" }, [
    ["principal", "*", "principal lets everyone in: name the principal, or set principalOrgId"],
    ["principal", "s3.amazonaws.com", unset],
  ]);
  testRule(rule, permission, { principal: "*", principalOrgId: "o-1" }, []);
  testRule(
    rule,
    "aws:lambda/functionUrl:FunctionUrl",
    { authorizationType: "AWS_IAM", cors: { allowOrigins: ["https://example.com"], allowCredentials: true } },
    [
      ["authorizationType", "NONE", "authorizationType lets everyone in: set it to AWS_IAM"],
      ["cors.allowOrigins", ["*"], "cors.allowOrigins lets every site act for its visitors: name the sites"],
    ],
  );
  testRule(rule, "aws:lambda/functionUrl:FunctionUrl", { cors: { allowOrigins: ["*"] } }, []);
});

describe("lambda functions", () => {
  testRule(rules.lambdaRuntime, fn, { runtime: "nodejs24.x" }, [
    ...[
      ["nodejs18.x", "2025-09-01"],
      ["python3.9", "2025-12-15"],
      ["go1.x", "2024-01-08"],
    ].map(([runtime, end]): Break => [
      "runtime",
      runtime,
      `runtime has had no security updates since ${end}: set a newer one`,
    ]),
  ]);
  testRule(rules.lambdaRuntime, fn, { packageType: "Image" }, []);
  it("lambda-runtime looks ahead to a date, the day itself included", () => {
    const at = (today: string) =>
      analyse(rules.lambdaRuntime, fn, { runtime: "nodejs24.x" }, { config: { today } }).length;
    assert.deepEqual([at("2028-04-29"), at("2028-04-30")], [0, 1]);
  });

  const environment = { environment: { variables: { A: "1" } } };
  testRule(rules.lambdaEnvKms, fn, { kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/1", ...environment }, [
    ...[undefined, "alias/aws/lambda"].map((value): Break => [
      "kmsKeyArn",
      value,
      "kmsKeyArn is not a customer-managed key: set it to the ARN of the stack's key",
    ]),
  ]);
  for (const none of [{}, { environment: {} }, { environment: { variables: {} } }]) {
    testRule(rules.lambdaEnvKms, fn, none, []);
  }
});

describe("lambda-failure-dest", () => {
  const rule = rules.lambdaFailureDest;
  const unset = "deadLetterConfig is not set: set it, or add a FunctionEventInvokeConfig with onFailure";
  const callers = [
    [subscription, "endpoint"],
    ["aws:cloudwatch/eventTarget:EventTarget", "arn"],
    ["aws:s3/bucketNotification:BucketNotification", "lambdaFunctions"],
  ] as const;
  const called = (inputs: Props, [type, property]: readonly [string, string] = callers[0], stack = "prod") =>
    new StackBuilder(stack)
      .add(fn, "fn", inputs)
      .add(type, "caller", { [property]: UNKNOWN }, { links: { [property]: ["fn"] } });

  it("reports a function that is called asynchronously and keeps no failure", () => {
    for (const environment of environments) {
      for (const caller of callers) {
        assertLevels(rule, environment, called({}, caller, environment).check(rule), [unset]);
      }
    }
    assert.deepEqual(new StackBuilder().add(fn, "fn", {}).messages(rule), []);
  });

  it("passes a dead-letter queue, a destination, and what is unknown", () => {
    assert.deepEqual(called({ deadLetterConfig: { targetArn: UNKNOWN } }).messages(rule), []);
    assert.deepEqual(called({ deadLetterConfig: UNKNOWN }).messages(rule), []);
    const invoke = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    const config = (destinationConfig: unknown) =>
      called({})
        .add(invoke, "config", { destinationConfig }, { links: { functionName: ["fn"] } })
        .messages(rule);
    assert.deepEqual(config({ onFailure: { destination: UNKNOWN } }), []);
    assert.deepEqual(config({ onSuccess: { destination: "queue" } }), [`fn: ${unset}`]);
  });

  it("wants a stream's mapping to give up, and to keep what it gave up", () => {
    const good = {
      eventSourceArn: "arn:aws:dynamodb:eu-west-1:111111111111:table/t/stream/1",
      destinationConfig: { onFailure: { destinationArn: UNKNOWN } },
      maximumRetryAttempts: 10,
      bisectBatchOnFunctionError: true,
    };
    const one = (inputs: Props, stack = "prod") => new StackBuilder(stack).add(mapping, "mapping", inputs);
    assert.deepEqual(one(good).messages(rule), []);
    const destination = "destinationConfig.onFailure.destinationArn is not set: set it to a queue, a topic or a bucket";
    const retries = "maximumRetryAttempts has no limit: set it: 10, for example";
    const bisect = "bisectBatchOnFunctionError is not on: set it to true: one bad record gives up its batch else";
    for (const environment of environments) {
      for (const [path, value, message] of [
        ["destinationConfig", undefined, destination],
        ["destinationConfig.onFailure", undefined, destination],
        ["maximumRetryAttempts", undefined, retries],
        ["maximumRetryAttempts", -1, retries],
        ["bisectBatchOnFunctionError", undefined, bisect],
        ["bisectBatchOnFunctionError", false, bisect],
      ] as const) {
        assertLevels(rule, environment, one(replaced(good, path, value), environment).check(rule), [message]);
      }
    }
    for (const path of ["destinationConfig", "maximumRetryAttempts", "bisectBatchOnFunctionError"]) {
      assert.deepEqual(one(replaced(good, path, UNKNOWN)).messages(rule), [], path);
    }
    for (const arn of ["arn:aws:sqs:eu-west-1:111111111111:q", "arn:aws:kafka:eu-west-1:111111111111:cluster/c/1"]) {
      assert.deepEqual(one({ eventSourceArn: arn }).messages(rule), [], arn);
    }
    const linked = (type: string) =>
      new StackBuilder()
        .add(type, "source", {})
        .add(mapping, "mapping", { eventSourceArn: UNKNOWN }, { links: { eventSourceArn: ["source"] } })
        .messages(rule).length;
    assert.equal(linked("aws:dynamodb/table:Table"), 3);
    assert.equal(linked("aws:kinesis/stream:Stream"), 3);
    assert.equal(linked(queue), 0);
  });
});

describe("sqs-redrive", () => {
  const rule = sqsRedrive;
  const unset = "redrivePolicy is not set: set it, with a second queue and maxReceiveCount";
  const one = (inputs: Props, stack = "prod") => new StackBuilder(stack).add(queue, "jobs", inputs);
  const redrive = JSON.stringify({ deadLetterTargetArn: "arn", maxReceiveCount: 5 });

  it("wants every queue to set aside what fails", () => {
    for (const environment of environments) {
      for (const policy of [undefined, "", "{}", JSON.stringify({ deadLetterTargetArn: "arn", maxReceiveCount: 0 })]) {
        const findings = one(replaced({}, "redrivePolicy", policy), environment).check(rule);
        assertLevels(rule, environment, findings, [unset]);
      }
    }
    assert.deepEqual(one({ redrivePolicy: redrive }).messages(rule), []);
    assert.deepEqual(one({ redrivePolicy: UNKNOWN }).messages(rule), []);
    assert.deepEqual(one({ redrivePolicy: { maxReceiveCount: UNKNOWN } }).messages(rule), []);
    const beside = one({}).add(
      "aws:sqs/redrivePolicy:RedrivePolicy",
      "redrive",
      { redrivePolicy: redrive },
      { links: { queueUrl: ["jobs"] } },
    );
    assert.deepEqual(beside.messages(rule), []);
  });

  it("lets a queue be where failures end", () => {
    for (const [type, property, inputs] of [
      [queue, "redrivePolicy", UNKNOWN],
      ["aws:sqs/redrivePolicy:RedrivePolicy", "redrivePolicy", UNKNOWN],
      [subscription, "redrivePolicy", UNKNOWN],
      [fn, "deadLetterConfig", { targetArn: UNKNOWN }],
      [
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "destinationConfig",
        { onFailure: { destination: UNKNOWN } },
      ],
      [mapping, "destinationConfig", { onFailure: { destinationArn: UNKNOWN } }],
      ["aws:scheduler/schedule:Schedule", "target", { deadLetterConfig: { arn: UNKNOWN } }],
      ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig", { arn: UNKNOWN }],
      ["aws:pipes/pipe:Pipe", "sourceParameters", { kinesisStreamParameters: { deadLetterConfig: { arn: UNKNOWN } } }],
    ] as const) {
      const stack = one({}).add(type, "sender", { [property]: inputs }, { links: { [property]: ["jobs"] } });
      assert.deepEqual(stack.messages(rule), [], type);
    }
    const target = one({}).add(
      "aws:scheduler/schedule:Schedule",
      "work",
      { target: { arn: UNKNOWN } },
      { links: { target: ["jobs"] } },
    );
    assert.deepEqual(target.messages(rule), [`jobs: ${unset}`]);
    const success = { onSuccess: { destination: UNKNOWN } };
    const invoke = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
    const done = one({}).add(
      invoke,
      "done",
      { destinationConfig: success },
      { links: { destinationConfig: ["jobs"] } },
    );
    assert.deepEqual(done.messages(rule), [`jobs: ${unset}`]);
  });

  it("wants subscribers that can fail to set aside what was not delivered", () => {
    const message = "redrivePolicy is not set: set it: what is not delivered within the retries is lost else";
    const subscribed = (inputs: Props, stack = "prod") => new StackBuilder(stack).add(subscription, "sub", inputs);
    for (const environment of environments) {
      for (const protocol of ["sqs", "lambda", "http", "https", "firehose"]) {
        assertLevels(rule, environment, subscribed({ protocol }, environment).check(rule), [message]);
      }
    }
    for (const inputs of [{ protocol: "email" }, { protocol: UNKNOWN }, { protocol: "sqs", redrivePolicy: UNKNOWN }]) {
      assert.deepEqual(subscribed(inputs).messages(rule), []);
    }
  });

  it("wants a message hidden for six times its function's timeout", () => {
    const build = (visible: Props, limit: Props) =>
      one({ redrivePolicy: redrive, ...visible })
        .add(fn, "fn", limit)
        .add(
          mapping,
          "mapping",
          { eventSourceArn: UNKNOWN },
          { links: { eventSourceArn: ["jobs"], functionName: ["fn"] } },
        )
        .messages(rule);
    const short = (least: number) =>
      `jobs: visibilityTimeoutSeconds is less than six times its function's timeout: set it to ${least} or more`;
    assert.deepEqual(build({ visibilityTimeoutSeconds: 60 }, { timeout: 10 }), []);
    assert.deepEqual(build({ visibilityTimeoutSeconds: 59 }, { timeout: 10 }), [short(60)]);
    assert.deepEqual(build({}, { timeout: 6 }), [short(36)]);
    assert.deepEqual(build({}, {}), []);
    assert.deepEqual(build({ visibilityTimeoutSeconds: 17 }, {}), [short(18)]);
    assert.deepEqual(build({ visibilityTimeoutSeconds: UNKNOWN }, { timeout: 10 }), []);
    assert.deepEqual(build({ visibilityTimeoutSeconds: 1 }, { timeout: UNKNOWN }), []);
  });
});
