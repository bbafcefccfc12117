import * as assert from "node:assert/strict";

import type { Access } from "../../components/shared/access";
import type { StreamingEtlArgs } from "../../components/streaming-etl/streaming-etl";
import { children, resource } from "../harness";
import { alarmTopicArn, child, documentOf, keyArn, make, types } from "./streaming-etl-fixture";

const into: Access = {
  name: "visitors-table",
  env: { NAME: "visitors" },
  statements: [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:::table/visitors" }],
};
const copies = { live: { into } };
const via = (service: string) => ({
  StringEquals: { "kms:ViaService": `${service}.ap-northeast-1.amazonaws.com` },
});

describe("StreamingEtl's copies", () => {
  it("are a function each, with its own mapping and alarms", async () => {
    const plain = children(await make(), "clicks");
    assert.deepEqual(
      children(await make({ copies }), "clicks").filter((one) => !plain.includes(one)),
      [
        `${types.logGroup} clicks-live-function-logs`,
        `${types.alarm} clicks-live-failures-alarm`,
        `${types.alarm} clicks-live-lag-alarm`,
        `${types.role} clicks-live-function-role`,
        `${types.rolePolicy} clicks-live-function-policy`,
        `${types.mapping} clicks-live-mapping`,
        `${types.function} clicks-live-function`,
      ].sort(),
    );
  });

  it("read as the lake does, and write to the table alone", async () => {
    const result = await make({ copies });
    const failuresArn = child(result, "bucket", "failures").outputs["arn"] as string;
    const streamArn = child(result, "stream", "stream").outputs["arn"];
    const { inputs } = child(result, "function", "live-function");
    assert.deepEqual(
      [inputs["handler"], (inputs["environment"] as Record<string, unknown>)["variables"]],
      ["copy.handler", { TABLE_NAME: "visitors" }],
    );
    assert.deepEqual(child(result, "mapping", "live-mapping").inputs, {
      ...child(result, "mapping", "mapping").inputs,
      functionName: child(result, "function", "live-function").outputs["arn"],
    });
    assert.deepEqual(documentOf(child(result, "rolePolicy", "live-function-policy").inputs["policy"]).Statement, [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${child(result, "logGroup", "live-function-logs").outputs["arn"] as string}:*`,
      },
      {
        Effect: "Allow",
        Action: ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"].map(
          (action) => `kinesis:${action}`,
        ),
        Resource: streamArn,
      },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via("kinesis") },
      { Effect: "Allow", Action: "s3:ListBucket", Resource: failuresArn },
      { Effect: "Allow", Action: "s3:PutObject", Resource: `${failuresArn}/aws/lambda/*` },
      { Effect: "Allow", Action: "kms:GenerateDataKey", Resource: keyArn, Condition: via("s3") },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: keyArn, Condition: via("lambda") },
      ...into.statements,
    ]);
  });

  it("alarm on their own function and mapping", async () => {
    const result = await make({ copies });
    const func = { FunctionName: child(result, "function", "live-function").outputs["name"] };
    const mapping = { EventSourceMappingUUID: child(result, "mapping", "live-mapping").outputs["uuid"] };
    for (const [role, metricName, dimensions, threshold] of [
      ["lag", "IteratorAge", func, 900_000],
      ["failures", "DroppedEventCount", mapping, 1],
    ] as const) {
      const { inputs } = child(result, "alarm", `live-${role}-alarm`);
      assert.deepEqual(
        [inputs["namespace"], inputs["metricName"], inputs["dimensions"], inputs["threshold"], inputs["alarmActions"]],
        ["AWS/Lambda", metricName, dimensions, threshold, [alarmTopicArn]],
      );
    }
  });

  it("are replayed by the function that gave up", async () => {
    const result = await make({ copies });
    const { replayCommand = "" } = resource(result, "kiban:index:StreamingEtl", "clicks").outputs as Record<
      string,
      string
    >;
    const uuid = child(result, "mapping", "live-mapping").outputs["uuid"] as string;
    const [live, main] = ["live-function", "function"].map(
      (role) => child(result, "function", role).outputs["name"] as string,
    );
    const choice = `case "$key" in aws/lambda/${uuid}/*) name=${live};; *) name=${main};; esac;`;
    assert.ok(replayCommand.includes(choice), replayCommand);
    assert.ok(replayCommand.includes('--function-name "$name" '), replayCommand);
  });

  it("take a transform each", async () => {
    const transform = {
      functionLogGroup: { retentionInDays: 1 },
      functionRole: { description: "x" },
      functionPolicy: { name: "x" },
      function: { description: "x" },
      mapping: { enabled: false },
      lagAlarm: { threshold: 7 },
      failuresAlarm: { threshold: 7 },
    };
    const result = await make({ copies, transform: { copies: transform } });
    for (const [type, role, [property, value]] of [
      ["logGroup", "live-function-logs", ["retentionInDays", 1]],
      ["role", "live-function-role", ["description", "x"]],
      ["rolePolicy", "live-function-policy", ["name", "x"]],
      ["function", "live-function", ["description", "x"]],
      ["mapping", "live-mapping", ["enabled", false]],
      ["alarm", "live-lag-alarm", ["threshold", 7]],
      ["alarm", "live-failures-alarm", ["threshold", 7]],
    ] as const) {
      assert.equal(child(result, type, role).inputs[property], value, role);
    }
    assert.notEqual(child(result, "function", "function").inputs["description"], "x");
  });

  it("refuse names that are taken, an access to no table, and code that is not there", async () => {
    const faulty: StreamingEtlArgs["copies"] = {
      delivery: { into },
      live: {
        into: { ...into, env: {} },
        code: { path: "/nowhere.js", memoryMb: 1, timeoutSeconds: 0, environment: { TABLE_NAME: "x" } },
      },
    };
    const result = await make({ copies: faulty });
    assert.deepEqual(result.error?.message.split("\n"), [
      'StreamingEtl "clicks":',
      '  copies: was "delivery"; allowed: kebab-case, at most 20 characters, none of function, delivery, failures; rename it: its function\'s name is made from it',
      '  copies.live.into: was "visitors-table"; allowed: write of a Table, which sets NAME; take orders.write, for example',
      '  copies.live.code.path: was "/nowhere.js"; allowed: a JavaScript file, or a folder with an index.js; correct the path',
      "  copies.live.code.memoryMb: was 1; allowed: a whole number from 128 to 10240; set one in that range",
      "  copies.live.code.timeoutSeconds: was 0; allowed: a whole number from 1 to 900; set one in that range",
      '  copies.live.code.environment: was "TABLE_NAME"; allowed: other names: this one is the component\'s; rename it',
    ]);
    assert.deepEqual(result.resources, []);
  });
});

type Batch = { Records: { kinesis: { data: string; sequenceNumber: string; approximateArrivalTimestamp: number } }[] };
type Handler = (event: Batch) => Promise<unknown>;
/* eslint-disable @typescript-eslint/no-require-imports -- the function's source is plain JavaScript, as Lambda runs it */
const { handlerOf } = require("../../components/streaming-etl/function/handler.js") as {
  handlerOf: (parts: { encode: (row: unknown) => unknown; deliver: unknown }) => Handler;
};
const { createTableDelivery } = require("../../components/streaming-etl/function/table.js") as {
  createTableDelivery: (parts: { put: (input: unknown) => Promise<void>; tableName: string }) => unknown;
};
/* eslint-enable @typescript-eslint/no-require-imports */

describe("the function of a copy", () => {
  const { error } = console;
  before(() => (console.error = () => undefined));
  after(() => (console.error = error));

  const events = (...values: unknown[]): Batch => ({
    Records: values.map((value, i) => ({
      kinesis: {
        data: Buffer.from(JSON.stringify(value)).toString("base64"),
        sequenceNumber: String(i),
        approximateArrivalTimestamp: 1545084650.987,
      },
    })),
  });
  const start = (refuse: (item: unknown) => string | undefined = () => undefined) => {
    const put: unknown[] = [];
    const deliver = createTableDelivery({
      put: (input) => {
        const name = refuse((input as { Item: unknown }).Item);
        if (name !== undefined) return Promise.reject(Object.assign(new Error("refused"), { name }));
        put.push(input);
        return Promise.resolve();
      },
      tableName: "visitors",
    });
    return { put, handler: handlerOf({ encode: (row) => row, deliver }) };
  };

  it("puts items in the order of the records", async () => {
    const { put, handler } = start();
    assert.deepEqual(await handler(events({ id: 1, n: 1 }, { id: 1, n: 2 })), { batchItemFailures: [] });
    assert.deepEqual(put, [
      { TableName: "visitors", Item: { id: 1, n: 1 } },
      { TableName: "visitors", Item: { id: 1, n: 2 } },
    ]);
  });

  it("goes on from an item that was refused for now", async () => {
    const { handler } = start((item) => ((item as { id: number }).id === 1 ? "ThrottlingException" : undefined));
    assert.deepEqual(await handler(events({ id: 1 }, { id: 2 })), { batchItemFailures: [{ itemIdentifier: "0" }] });
  });

  it("has the batch halved until an item that no table takes is alone", async () => {
    const { handler } = start((item) => ((item as { id: number }).id === 1 ? "ValidationException" : undefined));
    await assert.rejects(handler(events({ id: 1 }, { id: 2 })), { message: "record 0: refused" });
    assert.deepEqual(await handler(events({ id: 2 }, { id: 1 })), { batchItemFailures: [{ itemIdentifier: "1" }] });
    assert.deepEqual(await handler(events({ id: 1 })), { batchItemFailures: [{ itemIdentifier: "0" }] });
  });
});
