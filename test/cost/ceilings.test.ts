import assert from "node:assert/strict";

import { openCeilings } from "../../cost/ceilings";
import type { PlannedResource } from "../../plan/run";
import { resource } from "./fixture";

const open = (...resources: PlannedResource[]): string[] =>
  openCeilings(resources).map(({ what, names }) => `${what}: ${names.join(", ")}`);
const made = (type: string, inputs: object = {}, refers: Record<string, PlannedResource[]> = {}) =>
  resource(`aws:${type}`, "it", { inputs: { ...inputs }, refers });
const replaced = (inputs: object, key: string, value: unknown): object => ({ ...inputs, [key]: value });

describe("limits on what is paid by use", () => {
  const single: [type: string, what: string, good: object, broken: [key: string, value: unknown][]][] = [
    [
      "athena/workgroup:Workgroup",
      "bytes that a query scans",
      { configuration: { bytesScannedCutoffPerQuery: 10_000_000 } },
      [
        ["configuration", {}],
        ["configuration", { bytesScannedCutoffPerQuery: 10_000_000, enforceWorkgroupConfiguration: false }],
      ],
    ],
    [
      "dynamodb/table:Table",
      "reads and writes",
      { billingMode: "PAY_PER_REQUEST", onDemandThroughput: { maxReadRequestUnits: 1, maxWriteRequestUnits: 1 } },
      [
        ["onDemandThroughput", undefined],
        ["onDemandThroughput", { maxReadRequestUnits: 1 }],
        // -1 takes a limit away.
        ["onDemandThroughput", { maxReadRequestUnits: 1, maxWriteRequestUnits: -1 }],
      ],
    ],
    [
      "glue/job:Job",
      "minutes of a run, and its workers",
      { timeout: 60, numberOfWorkers: 2 },
      [
        ["timeout", undefined],
        ["numberOfWorkers", undefined],
      ],
    ],
  ];
  for (const [type, what, good, broken] of single) {
    it(`${type}: silent with one, named without`, () => {
      assert.deepEqual(open(made(type, good)), []);
      for (const [key, value] of broken) {
        assert.deepEqual(open(made(type, replaced(good, key, value))), [`${what}: it`], `${key} = ${String(value)}`);
      }
    });
  }

  it("a provisioned table is bounded by what it is", () => {
    assert.deepEqual(open(made("dynamodb/table:Table", { billingMode: "PROVISIONED" })), []);
  });

  it("a warehouse has one that stops it", () => {
    const workgroup = made("redshiftserverless/workgroup:Workgroup");
    const good = { usageType: "serverless-compute", breachAction: "deactivate" };
    const limit = (inputs: object) =>
      made("redshiftserverless/usageLimit:UsageLimit", inputs, { resourceArn: [workgroup] });
    assert.deepEqual(open(workgroup, limit(good)), []);
    for (const inputs of [
      { ...good, breachAction: "log" },
      { ...good, usageType: "cross-region-datasharing" },
    ]) {
      assert.deepEqual(open(workgroup, limit(inputs)), ["RPU-hours: it"]);
    }
    assert.deepEqual(open(workgroup), ["RPU-hours: it"]);
  });

  it("a model has an alarm on its tokens that calls a function", () => {
    const profile = made("bedrock/inferenceProfile:InferenceProfile");
    const stop = made("lambda/function:Function");
    const metric = { namespace: "AWS/Bedrock", metricName: "OutputTokenCount" };
    const alarm = (inputs: object, ...calls: PlannedResource[]) =>
      made("cloudwatch/metricAlarm:MetricAlarm", inputs, { alarmActions: calls });
    assert.deepEqual(open(profile, stop, alarm(metric, stop)), []);
    assert.deepEqual(open(profile, stop, alarm({ metricQueries: [{ id: "out", metric }] }, stop)), []);
    assert.deepEqual(open(profile, stop, alarm(metric)), ["tokens: it"]);
    assert.deepEqual(open(profile, stop, alarm({ ...metric, metricName: "Invocations" }, stop)), ["tokens: it"]);
    assert.deepEqual(open(profile, stop, alarm({ ...metric, namespace: "AWS/Lambda" }, stop)), ["tokens: it"]);
  });

  it("a model has a rule on its calls that calls a function", () => {
    const profile = made("bedrock/inferenceProfile:InferenceProfile");
    const stop = made("lambda/function:Function");
    const good = {
      state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      eventPattern: JSON.stringify({ source: ["aws.bedrock"] }),
    };
    const rule = (inputs: object) => made("cloudwatch/eventRule:EventRule", inputs);
    const target = (of: PlannedResource, ...calls: PlannedResource[]) =>
      made("cloudwatch/eventTarget:EventTarget", {}, { rule: [of], arn: calls });
    assert.deepEqual(open(profile, stop, rule(good), target(rule(good), stop)), []);
    for (const inputs of [
      { ...good, state: "ENABLED" },
      { ...good, state: undefined },
      { ...good, eventPattern: JSON.stringify({ source: ["aws.ecs"] }) },
    ]) {
      assert.deepEqual(open(profile, stop, rule(inputs), target(rule(inputs), stop)), ["tokens: it"]);
    }
    assert.deepEqual(open(profile, stop, rule(good), target(rule(good))), ["tokens: it"]);
    assert.deepEqual(open(profile, stop, rule(good)), ["tokens: it"]);
  });

  it("a model has a budget's action that needs nobody", () => {
    const profile = made("bedrock/inferenceProfile:InferenceProfile");
    const action = (approvalModel: string) => made("budgets/budgetAction:BudgetAction", { approvalModel });
    assert.deepEqual(open(profile, action("AUTOMATIC")), []);
    assert.deepEqual(open(profile, action("MANUAL")), ["tokens: it"]);
    assert.deepEqual(open(profile), ["tokens: it"]);
  });

  it("a function that is called at will has a concurrency, or its queue's mapping has", () => {
    const [fn, bounded, unbounded] = [
      {},
      { reservedConcurrentExecutions: 0 },
      { reservedConcurrentExecutions: -1 },
    ].map((inputs) => made("lambda/function:Function", inputs)) as [PlannedResource, PlannedResource, PlannedResource];
    const queue = made("sqs/queue:Queue");
    const reads = (by: PlannedResource, inputs: object, source: PlannedResource) =>
      made("lambda/eventSourceMapping:EventSourceMapping", inputs, { functionName: [by], eventSourceArn: [source] });
    const named = ["invocations at a time: it"];
    assert.deepEqual(open(fn, queue, reads(fn, {}, queue)), named);
    assert.deepEqual(open(unbounded, queue, reads(unbounded, {}, queue)), named);
    assert.deepEqual(open(bounded, queue, reads(bounded, {}, queue)), []);
    assert.deepEqual(open(fn, queue, reads(fn, { scalingConfig: { maximumConcurrency: 2 } }, queue)), []);
    const stream = (inputs: object) => made("kinesis/stream:Stream", inputs);
    const [shards, onDemand] = [stream({ shardCount: 1 }), stream({ streamModeDetails: { streamMode: "ON_DEMAND" } })];
    assert.deepEqual(open(fn, shards, reads(fn, {}, shards)), []);
    assert.deepEqual(open(fn, onDemand, reads(fn, {}, onDemand)), named);
    const url = made("lambda/functionUrl:FunctionUrl", {}, { functionName: [fn] });
    assert.deepEqual(open(fn, url), named);
    const permission = (principal: string) => made("lambda/permission:Permission", { principal }, { function: [fn] });
    assert.deepEqual(open(fn, permission("sns.amazonaws.com")), named);
    // As rare as an alarm, a deployment or a schedule.
    assert.deepEqual(open(fn, permission("lambda.alarms.cloudwatch.amazonaws.com")), []);
    assert.deepEqual(open(fn), []);
  });

  it("logs have an alarm on what is written, by itself or within an expression", () => {
    const logs = made("cloudwatch/logGroup:LogGroup");
    const metric = { namespace: "AWS/Logs", metricName: "IncomingBytes" };
    const alarm = (inputs: object) => made("cloudwatch/metricAlarm:MetricAlarm", inputs);
    assert.deepEqual(open(logs, alarm(metric)), []);
    assert.deepEqual(open(logs, alarm({ metricQueries: [{ id: "m", metric }] })), []);
    assert.deepEqual(open(logs, alarm({ ...metric, metricName: "IncomingLogEvents" })), ["bytes written to logs: it"]);
    assert.deepEqual(open(logs), ["bytes written to logs: it"]);
  });
});
