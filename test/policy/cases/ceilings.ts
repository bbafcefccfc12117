import { types } from "../../../policy/lib/types";
import { spendCeiling } from "../../../policy/rules/ceilings";
import { type Case, type Proof, given, oneOf, one, proof, values } from "../proof";

const tokens = { namespace: "AWS/Bedrock", metricName: "OutputTokenCount" };
const invoking = ["Converse", "ConverseStream", "InvokeModel", "InvokeModelWithResponseStream"];
const logBytes = { namespace: "AWS/Logs", metricName: "IncomingBytes" };
const model = { type: [...types.bedrockProfile, ...types.bedrockAgent], inputs: {} };
const atModel = { on: "model", at: "model" };
const bound = "reservedConcurrentExecutions";

/** A function that something calls as often as it likes, bounded by its own concurrency. */
const called = (by: Case["resources"]): Case => ({
  resources: {
    ...Object.fromEntries(Object.entries(by).filter(([name]) => name === "source")),
    fn: { type: types.lambda, inputs: { [bound]: 10 }, breaks: [values(bound, [undefined, -1], [0])] },
    ...Object.fromEntries(Object.entries(by).filter(([name]) => name !== "source")),
  },
});
const mapping = (inputs: object) => ({
  type: types.lambdaMapping,
  inputs: { ...inputs },
  links: { functionName: "fn", eventSourceArn: "source" },
});

export const ceilings: readonly Proof[] = [
  proof(
    spendCeiling,
    {
      resources: {
        model,
        action: {
          type: types.budgetAction,
          inputs: { approvalModel: "AUTOMATIC" },
          breaks: [oneOf("approvalModel", ["AUTOMATIC"], ["MANUAL"], atModel)],
        },
      },
    },
    {
      resources: {
        model,
        stop: { type: types.lambda, inputs: {} },
        alarm: {
          type: types.metricAlarm,
          inputs: { ...tokens },
          links: { alarmActions: "stop" },
          breaks: [
            oneOf("namespace", ["AWS/Bedrock"], ["AWS/Lambda"], atModel),
            values("metricName", [undefined, "Invocations"], ["InputTokenCount"], atModel),
          ],
          needed: atModel,
        },
      },
    },
    {
      resources: {
        model,
        stop: { type: types.lambda, inputs: {} },
        alarm: {
          type: types.metricAlarm,
          inputs: {
            metricQueries: [
              { id: "spend", expression: "output * 5" },
              { id: "output", metric: tokens },
            ],
          },
          links: { alarmActions: "stop" },
          breaks: [values("metricQueries[1].metric.namespace", [undefined, "AWS/Lambda"], [], atModel)],
        },
      },
    },
    {
      resources: {
        model,
        stop: { type: types.lambda, inputs: {} },
        calls: {
          type: types.eventRule,
          inputs: {
            state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            eventPattern: JSON.stringify({ source: ["aws.bedrock"], detail: { eventName: invoking } }),
          },
          breaks: [
            values("state", [undefined, "ENABLED", "DISABLED"], [], atModel),
            values("eventPattern>source", [undefined, ["aws.ecs"]], [["aws.ecs", "aws.bedrock"]], atModel),
            values(
              "eventPattern>detail.eventName",
              invoking.map((name) => invoking.filter((other) => other !== name)),
              [undefined, [...invoking, "ApplyGuardrail"]],
              atModel,
            ),
          ],
          needed: atModel,
        },
        target: {
          type: types.eventTarget,
          inputs: {},
          links: { rule: "calls", arn: "stop" },
          needed: atModel,
        },
      },
    },
    one(types.glueJob, { numberOfWorkers: 2 }, [given("numberOfWorkers")]),
    one(types.glueJob, { maxCapacity: 1 }, [given("maxCapacity", { at: "numberOfWorkers" })]),
    one(
      types.table,
      { billingMode: "PAY_PER_REQUEST", onDemandThroughput: { maxReadRequestUnits: 1, maxWriteRequestUnits: 1 } },
      [
        values("onDemandThroughput.maxReadRequestUnits", [undefined, -1], [40_000], { needs: ["billingMode"] }),
        values("onDemandThroughput.maxWriteRequestUnits", [undefined, -1], [40_000], { needs: ["billingMode"] }),
        values("billingMode", [], ["PROVISIONED"]),
      ],
    ),
    one(types.table, { billingMode: "PROVISIONED" }, [
      values("billingMode", ["PAY_PER_REQUEST"], [undefined], { at: "onDemandThroughput", findings: 2 }),
    ]),
    called({ url: { type: types.lambdaUrl, inputs: {}, links: { functionName: "fn" } } }),
    ...["apigateway", "elasticloadbalancing", "s3", "sns", "cloudfront"].map((service) =>
      called({
        permission: {
          type: types.lambdaPermission,
          inputs: { principal: `${service}.amazonaws.com` },
          links: { function: "fn" },
        },
      }),
    ),
    called({ source: { type: types.queue, inputs: {} }, mapping: mapping({}) }),
    called({ source: { type: types.stream, inputs: {} }, mapping: mapping({}) }),
    {
      resources: {
        source: {
          type: types.stream,
          inputs: { shardCount: 1 },
          breaks: [given("shardCount", { on: "fn", at: bound })],
        },
        fn: { type: types.lambda, inputs: {} },
        mapping: mapping({}),
      },
    },
    {
      resources: {
        source: { type: types.queue, inputs: {} },
        fn: { type: types.lambda, inputs: {} },
        mapping: {
          ...mapping({ scalingConfig: { maximumConcurrency: 10 } }),
          breaks: [
            values("scalingConfig.maximumConcurrency", [undefined], [2], { on: "fn", at: bound }),
            values("scalingConfig", [undefined], [], { on: "fn", at: bound }),
          ],
        },
        // Called by what is as rare as its alarm is.
        alarm: { type: types.lambdaPermission, inputs: { principal: "lambda.alarms.cloudwatch.amazonaws.com" } },
      },
    },
    {
      resources: {
        group: { type: types.logGroup, inputs: {} },
        program: { type: types.taskDefinition, inputs: {} },
        alarm: {
          type: types.metricAlarm,
          inputs: { ...logBytes },
          breaks: [
            oneOf("namespace", ["AWS/Logs"], ["AWS/Lambda"], { on: "group", at: "logs" }),
            oneOf("metricName", ["IncomingBytes"], ["IncomingLogEvents"], { on: "group", at: "logs" }),
          ],
          needed: { on: "group", at: "logs" },
        },
      },
    },
    {
      config: { logs: false },
      resources: { group: { type: types.logGroup, inputs: {} }, program: { type: types.taskDefinition, inputs: {} } },
    },
    { resources: { group: { type: types.logGroup, inputs: {} } } },
  ),
];
