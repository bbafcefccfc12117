import * as assert from "node:assert/strict";

import { Table } from "../../components/table/table";
import { TableSubscription, type TableSubscriptionArgs } from "../../components/table-subscription/table-subscription";
import { children, type Registration, resource, type Run, run } from "../harness";

const account = "111111111111";
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-0000-0000-000000000000`;
const alarmTopicArn = `arn:aws:sns:ap-northeast-1:${account}:alarms`;
const streamArn = `arn:aws:dynamodb:ap-northeast-1:${account}:table/orders/stream/2026-01-01T00:00:00.000`;
const functionArn = `arn:aws:lambda:ap-northeast-1:${account}:function:index-orders`;
const readStream = { Effect: "Allow" as const, Action: "dynamodb:GetRecords", Resource: streamArn };
const least: TableSubscriptionArgs = {
  table: { streamArn, stream: { name: "orders", env: {}, statements: [readStream] } },
  function: { arn: functionArn, roleName: "index-orders-role" },
  keyArn,
  alarmTopicArn,
};
const make = (args: Partial<TableSubscriptionArgs> = {}, name = "orders-to-search") =>
  run(() => void new TableSubscription(name, { ...least, ...args }));

const types = {
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
};

const mapping = (result: Run): Registration => resource(result, types.mapping, "orders-to-search-mapping");
const queue = (result: Run): Registration => resource(result, types.queue, "orders-to-search-failures");

function documentOf(value: unknown): unknown {
  return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
}

describe("TableSubscription", () => {
  it("makes the mapping, the function's rights, and a queue with its policy and alarms", async () => {
    assert.deepEqual(children(await make(), "orders-to-search"), [
      `${types.alarm} orders-to-search-failures-alarm`,
      `${types.alarm} orders-to-search-lag-alarm`,
      `${types.rolePolicy} orders-to-search-policy`,
      `${types.mapping} orders-to-search-mapping`,
      `${types.queue} orders-to-search-failures`,
      `${types.queuePolicy} orders-to-search-failures-policy`,
    ]);
  });

  it("isolates a bad change, tries it a bounded number of times, then puts it aside", async () => {
    const result = await make();
    assert.deepEqual(mapping(result).inputs, {
      eventSourceArn: streamArn,
      functionName: functionArn,
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 10,
      maximumRecordAgeInSeconds: 72_000,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: queue(result).outputs["arn"] } },
    });
  });

  it("takes limits and filters as asked", async () => {
    const { inputs } = mapping(
      await make({
        filters: [{ eventName: ["INSERT"] }, { dynamodb: { NewImage: { status: { S: ["paid"] } } } }],
        batchSize: 10,
        batchWindowSeconds: 5,
        parallelBatches: 2,
        retries: 0,
        maxAgeHours: 1,
        startAt: "latest",
        reportsFailures: false,
      }),
    );
    assert.deepEqual(inputs["filterCriteria"], {
      filters: [
        { pattern: '{"eventName":["INSERT"]}' },
        { pattern: '{"dynamodb":{"NewImage":{"status":{"S":["paid"]}}}}' },
      ],
    });
    assert.equal(inputs["batchSize"], 10);
    assert.equal(inputs["maximumBatchingWindowInSeconds"], 5);
    assert.equal(inputs["parallelizationFactor"], 2);
    assert.equal(inputs["maximumRetryAttempts"], 0);
    assert.equal(inputs["maximumRecordAgeInSeconds"], 3600);
    assert.equal(inputs["startingPosition"], "LATEST");
    assert.equal("functionResponseTypes" in inputs, false);
  });

  it("lets the function read the stream and send to the queue, before Lambda asks", async () => {
    const result = await make();
    const policy = resource(result, types.rolePolicy, "orders-to-search-policy");
    assert.equal(policy.inputs["role"], "index-orders-role");
    assert.deepEqual(documentOf(policy.inputs["policy"]), {
      Version: "2012-10-17",
      Statement: [
        readStream,
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue(result).outputs["arn"] },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": "sqs.ap-northeast-1.amazonaws.com" } },
        },
      ],
    });
    assert.ok(mapping(result).dependencies.includes(policy.urn));
  });

  it("encrypts what it puts aside, keeps it for 14 days and refuses requests without TLS", async () => {
    const result = await make();
    const { inputs, outputs } = queue(result);
    assert.deepEqual(inputs, { kmsMasterKeyId: keyArn, messageRetentionSeconds: 1_209_600 });
    const policy = resource(result, types.queuePolicy, "orders-to-search-failures-policy").inputs;
    assert.equal(policy["queueUrl"], outputs["url"]);
    assert.deepEqual(documentOf(policy["policy"]), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: outputs["arn"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("alarms on anything put aside, and on lag", async () => {
    const result = await make({ alarms: { lagMinutes: 30 } });
    const failures = resource(result, types.alarm, "orders-to-search-failures-alarm").inputs;
    const lag = resource(result, types.alarm, "orders-to-search-lag-alarm").inputs;
    for (const alarm of [failures, lag]) {
      assert.deepEqual([alarm["alarmActions"], alarm["okActions"]], [[alarmTopicArn], [alarmTopicArn]]);
      assert.equal(alarm["treatMissingData"], "notBreaching");
      assert.equal(alarm["comparisonOperator"], "GreaterThanOrEqualToThreshold");
      assert.equal(alarm["statistic"], "Maximum");
      assert.equal(alarm["period"], 60);
      assert.match(alarm["alarmDescription"] as string, /^orders-to-search: /);
    }
    assert.deepEqual(
      [failures["namespace"], failures["metricName"], failures["dimensions"], failures["threshold"]],
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queue(result).outputs["name"] }, 1],
    );
    assert.deepEqual(
      [lag["namespace"], lag["metricName"], lag["dimensions"], lag["threshold"]],
      ["AWS/Lambda", "IteratorAge", { FunctionName: "index-orders" }, 1_800_000],
    );
    const standard = resource(await make(), types.alarm, "orders-to-search-lag-alarm").inputs;
    assert.equal(standard["threshold"], 900_000);
  });

  it("takes a Table as it is", async () => {
    const result = await run(() => {
      const partitionKey = { name: "id", type: "string" } as const;
      const table = new Table("orders-table", { partitionKey, stream: "keys", keyArn, alarmTopicArn, keep: true });
      new TableSubscription("orders-to-search", { ...least, table });
    });
    assert.equal(result.error, undefined);
    const made = resource(result, "aws:dynamodb/table:Table", "orders-table-table").outputs;
    assert.equal(mapping(result).inputs["eventSourceArn"], made["streamArn"]);
    const policy = resource(result, types.rolePolicy, "orders-to-search-policy").inputs["policy"];
    const { Statement } = documentOf(policy) as { Statement: { Action: unknown; Resource: unknown }[] };
    assert.deepEqual(Statement[0]?.Action, [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
    ]);
    assert.equal(Statement[0].Resource, made["streamArn"]);
  });

  it("gives out the mapping's id and the queue's address", async () => {
    const result = await make();
    assert.deepEqual(resource(result, "kiban:index:TableSubscription", "orders-to-search").outputs, {
      mappingId: mapping(result).id,
      failureQueueUrl: queue(result).outputs["url"],
    });
  });

  const six = Array.from({ length: 6 }, () => ({ eventName: ["INSERT"] }));
  const wide = { dynamodb: { Keys: { id: { S: ["x".repeat(4096)] } } } };
  for (const [what, args, lines] of [
    [
      "a table without a stream",
      { table: { stream: undefined, streamArn: undefined } },
      ['table.stream: was not set; allowed: a table with a stream; set stream on the Table, such as "newAndOldImages"'],
    ],
    [
      "limits out of range",
      {
        batchSize: 0,
        batchWindowSeconds: 301,
        parallelBatches: 11,
        retries: -1,
        maxAgeHours: 24,
        alarms: { lagMinutes: 0 },
      },
      [
        "batchSize: was 0; allowed: a whole number from 1 to 10000; set one in that range",
        "batchWindowSeconds: was 301; allowed: a whole number from 0 to 300; set one in that range",
        "parallelBatches: was 11; allowed: a whole number from 1 to 10; set one in that range",
        "retries: was -1; allowed: a whole number from 0 to 10000; set one in that range",
        "maxAgeHours: was 24; allowed: a whole number from 1 to 23; set one in that range",
        "alarms.lagMinutes: was 0; allowed: a whole number from 1 to 1440; set one in that range",
      ],
    ],
    [
      "an empty list of filters",
      { filters: [] },
      ["filters: was 0; allowed: 1 to 5 patterns; join patterns: each field takes a list of values"],
    ],
    [
      "too many filters",
      { filters: six },
      ["filters: was 6; allowed: 1 to 5 patterns; join patterns: each field takes a list of values"],
    ],
    [
      "filters that never match, or are too long",
      { filters: [{ status: ["paid"] }, {}, wide] },
      [
        'filters[0]: was ["status"]; allowed: awsRegion, dynamodb, eventID, eventName, eventSource, eventVersion, userIdentity; name fields of a stream record, such as { eventName: ["INSERT"] }',
        'filters[1]: was []; allowed: awsRegion, dynamodb, eventID, eventName, eventSource, eventVersion, userIdentity; name fields of a stream record, such as { eventName: ["INSERT"] }',
        `filters[2]: was ${JSON.stringify(wide).length}; allowed: at most 4096 characters as JSON; shorten the pattern`,
      ],
    ],
  ] as [string, Partial<TableSubscriptionArgs>, string[]][]) {
    it(`refuses ${what}`, async () => {
      const result = await make(args);
      const expected = ['TableSubscription "orders-to-search":', ...lines.map((line) => `  ${line}`)].join("\n");
      assert.equal(result.error?.message, expected);
      assert.deepEqual(result.resources, []);
    });
  }

  it("refuses a name that is no kebab-case", async () => {
    assert.equal(
      (await make({}, "Search")).error?.message,
      'TableSubscription "Search":\n  name: was "Search"; allowed: kebab-case, such as orders-to-search; rename the component',
    );
  });

  it("gives each transform its child", async () => {
    const result = await make({
      transform: {
        failureQueue: { messageRetentionSeconds: 60 },
        failureQueuePolicy: (ours) => ({ ...ours, policy: "{}" }),
        failuresAlarm: { threshold: 2 },
        policy: { policy: "{}" },
        mapping: { enabled: false },
        lagAlarm: { threshold: 3 },
      },
    });
    assert.equal(queue(result).inputs["messageRetentionSeconds"], 60);
    assert.equal(resource(result, types.queuePolicy, "orders-to-search-failures-policy").inputs["policy"], "{}");
    assert.equal(resource(result, types.alarm, "orders-to-search-failures-alarm").inputs["threshold"], 2);
    assert.equal(resource(result, types.rolePolicy, "orders-to-search-policy").inputs["policy"], "{}");
    assert.equal(mapping(result).inputs["enabled"], false);
    assert.equal(resource(result, types.alarm, "orders-to-search-lag-alarm").inputs["threshold"], 3);
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new TableSubscription(name, least);
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 14);
  });
});
