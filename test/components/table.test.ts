import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../../components/shared/access";
import { Table, type TableArgs } from "../../components/table/table";
import { children, type Registration, resource, type Run, run } from "../harness";

const account = "111111111111";
const keyArn = `arn:aws:kms:ap-northeast-1:${account}:key/00000000-0000-0000-0000-000000000000`;
const alarmTopicArn = `arn:aws:sns:ap-northeast-1:${account}:alarms`;
const least: TableArgs = { partitionKey: { name: "id", type: "string" }, keyArn, alarmTopicArn, keep: false };
const make = (args: Partial<TableArgs> = {}, name = "orders-table") =>
  run(() => void new Table(name, { ...least, ...args }));

const tableType = "aws:dynamodb/table:Table";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

const table = (result: Run, name = "orders-table"): Registration => resource(result, tableType, `${name}-table`);

const arnOf = (result: Run): string => table(result).outputs["arn"] as string;

/** The inputs that make the table, those that the provider adds left out. */
async function inputs(args: Partial<TableArgs>): Promise<Record<string, unknown>> {
  const result = await make(args);
  assert.equal(result.error, undefined);
  return table(result).inputs;
}

/** What a function makes of a table, with its outputs known. */
async function of<T>(args: Partial<TableArgs>, read: (made: Table) => T): Promise<{ value: unknown; result: Run }> {
  let value: unknown;
  const result = await run(async () => {
    const made = new Table("orders-table", { ...least, ...args });
    value = await new Promise((resolve) => pulumi.output(read(made)).apply(resolve));
  });
  assert.equal(result.error, undefined);
  return { value, result };
}

const viaDynamo = {
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: keyArn,
  Condition: { StringEquals: { "kms:ViaService": "dynamodb.ap-northeast-1.amazonaws.com" } },
};

const everyKind: Partial<TableArgs> = {
  sortKey: { name: "at", type: "number" },
  keyAttributes: { status: "string", hash: "binary" },
  globalIndexes: {
    "by-status": { partitionKey: "status", sortKey: "at" },
    "by-hash": { partitionKey: ["hash", "status"], sortKey: ["at", "id"], projection: ["total", "note"] },
    "by-id": { partitionKey: "id", projection: "keys" },
  },
  localIndexes: { "by-local-status": { sortKey: "status", projection: ["total"] } },
};

describe("Table", () => {
  it("makes a table, an alarm on throttling and one on system errors", async () => {
    assert.deepEqual(children(await make(), "orders-table"), [
      `${alarmType} orders-table-system-errors-alarm`,
      `${alarmType} orders-table-throttles-alarm`,
      `${tableType} orders-table-table`,
    ]);
  });

  it("adds an alarm for each global index, and none for a local one", async () => {
    assert.deepEqual(children(await make(everyKind), "orders-table"), [
      `${alarmType} orders-table-by-hash-throttles-alarm`,
      `${alarmType} orders-table-by-id-throttles-alarm`,
      `${alarmType} orders-table-by-status-throttles-alarm`,
      `${alarmType} orders-table-system-errors-alarm`,
      `${alarmType} orders-table-throttles-alarm`,
      `${tableType} orders-table-table`,
    ]);
  });

  it("is paid by the request, encrypted with the key, restorable for 35 days, without stream, ceiling and expiry", async () => {
    assert.deepEqual(await inputs({}), {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: false,
    });
  });

  for (const keep of [true, false]) {
    it(`with keep ${keep}: protected ${keep}, in Pulumi and in AWS`, async () => {
      const made = table(await make({ keep }));
      assert.equal(made.options["protect"], keep);
      assert.equal(made.inputs["deletionProtectionEnabled"], keep);
    });
  }

  it("declares each key attribute once, by name, and spells out the indexes", async () => {
    const made = await inputs(everyKind);
    assert.equal(made["rangeKey"], "at");
    assert.deepEqual(made["attributes"], [
      { name: "at", type: "N" },
      { name: "hash", type: "B" },
      { name: "id", type: "S" },
      { name: "status", type: "S" },
    ]);
    const hash = (attributeName: string) => ({ attributeName, keyType: "HASH" });
    const range = (attributeName: string) => ({ attributeName, keyType: "RANGE" });
    assert.deepEqual(made["globalSecondaryIndexes"], [
      { name: "by-status", keySchemas: [hash("status"), range("at")], projectionType: "ALL" },
      {
        name: "by-hash",
        keySchemas: [hash("hash"), hash("status"), range("at"), range("id")],
        projectionType: "INCLUDE",
        nonKeyAttributes: ["total", "note"],
      },
      { name: "by-id", keySchemas: [hash("id")], projectionType: "KEYS_ONLY" },
    ]);
    assert.deepEqual(made["localSecondaryIndexes"], [
      { name: "by-local-status", rangeKey: "status", projectionType: "INCLUDE", nonKeyAttributes: ["total"] },
    ]);
  });

  it("makes items expire, and stops it where it was on", async () => {
    const { ttl } = await inputs({ ttl: { attribute: "expiresAt" } });
    assert.deepEqual(ttl, { attributeName: "expiresAt", enabled: true });
    const off = await inputs({ ttl: { attribute: "expiresAt", enabled: false } });
    assert.deepEqual(off["ttl"], { attributeName: "expiresAt", enabled: false });
  });

  it("keeps as many days to restore to as asked", async () => {
    const { pointInTimeRecovery } = await inputs({ recoveryDays: 7 });
    assert.deepEqual(pointInTimeRecovery, { enabled: true, recoveryPeriodInDays: 7 });
  });

  for (const [stream, view] of [
    ["keys", "KEYS_ONLY"],
    ["newImage", "NEW_IMAGE"],
    ["oldImage", "OLD_IMAGE"],
    ["newAndOldImages", "NEW_AND_OLD_IMAGES"],
  ] as const) {
    it(`streams ${stream}`, async () => {
      const made = await inputs({ stream });
      assert.equal(made["streamEnabled"], true);
      assert.equal(made["streamViewType"], view);
    });
  }

  describe("ceiling", () => {
    it("bounds the table and each global index alike", async () => {
      const made = await inputs({ ...everyKind, ceiling: { readUnits: 100, writeUnits: 50 } });
      const units = { maxReadRequestUnits: 100, maxWriteRequestUnits: 50 };
      assert.deepEqual(made["onDemandThroughput"], units);
      const indexes = made["globalSecondaryIndexes"] as { onDemandThroughput: unknown }[];
      assert.deepEqual(
        indexes.map((index) => index.onDemandThroughput),
        [units, units, units],
      );
    });

    it("is an index's own where it has one, side by side, and none where it is taken away", async () => {
      const made = await inputs({
        keyAttributes: { status: "string" },
        ceiling: { readUnits: 100, writeUnits: 50 },
        globalIndexes: { "by-status": { partitionKey: "status", ceiling: { readUnits: "none" } } },
      });
      const [index] = made["globalSecondaryIndexes"] as { onDemandThroughput: unknown }[];
      assert.deepEqual(index?.onDemandThroughput, { maxReadRequestUnits: -1, maxWriteRequestUnits: 50 });
    });

    it("may bound one side alone", async () => {
      const { onDemandThroughput } = await inputs({ ceiling: { writeUnits: 50 } });
      assert.deepEqual(onDemandThroughput, { maxWriteRequestUnits: 50 });
    });
  });

  describe("access", () => {
    const readActions = [
      "dynamodb:BatchGetItem",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:Query",
      "dynamodb:Scan",
    ];
    const writeActions = [
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:DescribeTable",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
    ];
    const bothActions = [...new Set([...readActions, ...writeActions])].sort();

    for (const [rights, actions, reads] of [
      ["read", readActions, true],
      ["write", writeActions, false],
      ["readWrite", bothActions, true],
    ] as const) {
      it(`${rights} grants these actions on the table, and no more`, async () => {
        const { value, result } = await of({}, (made) => made[rights]);
        const { arn, name } = table(result).outputs;
        assert.deepEqual(value, {
          name: "orders-table",
          env: { NAME: name },
          statements: [{ Effect: "Allow", Action: actions, Resource: arn }, viaDynamo],
        });
      });

      it(`${rights} ${reads ? "reads" : "does not touch"} the indexes`, async () => {
        const { value, result } = await of(everyKind, (made) => made[rights]);
        const index = {
          Effect: "Allow",
          Action: ["dynamodb:Query", "dynamodb:Scan"],
          Resource: `${arnOf(result)}/index/*`,
        };
        assert.deepEqual((value as Access).statements.slice(1, -1), reads ? [index] : []);
      });
    }

    it("stream grants reading the stream, and sets a variable of its own", async () => {
      const { value, result } = await of({ stream: "keys" }, (made) => made.stream);
      const { streamArn } = table(result).outputs;
      assert.match(streamArn as string, /\/stream\//);
      const reading = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
      assert.deepEqual(value, {
        name: "orders-table",
        env: { STREAM_ARN: streamArn },
        statements: [
          { Effect: "Allow", Action: reading, Resource: streamArn },
          { Effect: "Allow", Action: "dynamodb:ListStreams", Resource: "*" },
          viaDynamo,
        ],
      });
    });

    it("has no stream to offer without one", async () => {
      const { value } = await of({}, (made) => [made.stream === undefined, made.streamArn === undefined]);
      assert.deepEqual(value, [true, true]);
    });

    const tenantReads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
    const tenantWrites = [
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
    ];
    const present = { Null: { "dynamodb:LeadingKeys": "false" } };

    for (const [rights, actions] of [
      ["read", tenantReads],
      ["write", tenantWrites],
      ["readWrite", [...tenantReads, ...tenantWrites].sort()],
    ] as const) {
      it(`forLeadingKeys ${rights} is limited to these keys, without scan`, async () => {
        const { value, result } = await of({}, (made) => made.forLeadingKeys({ equals: ["a", "b"] }, rights));
        const { arn, name } = table(result).outputs;
        const condition = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a", "b"] }, ...present };
        assert.deepEqual(value, {
          name: "orders-table",
          env: { NAME: name },
          statements: [{ Effect: "Allow", Action: actions, Resource: arn, Condition: condition }, viaDynamo],
        });
      });
    }

    it("forLeadingKeys reaches the indexes with the table's own partition key, and no other", async () => {
      const { value, result } = await of(everyKind, (made) => made.forLeadingKeys({ startsWith: ["tenant-1#"] }));
      const arn = arnOf(result);
      const condition = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["tenant-1#*"] }, ...present };
      assert.deepEqual((value as Access).statements[1], {
        Effect: "Allow",
        Action: ["dynamodb:Query"],
        Resource: [`${arn}/index/by-id`, `${arn}/index/by-local-status`],
        Condition: condition,
      });
      const writing = await of(everyKind, (made) => made.forLeadingKeys({ equals: ["a"] }, "write"));
      assert.equal((writing.value as Access).statements.length, 2);
    });

    for (const [what, args, keys, line] of [
      [
        "a number as key",
        { partitionKey: { name: "id", type: "number" } },
        { equals: ["1"] },
        'forLeadingKeys: was "number"; allowed: a partition key of type string; IAM compares leading keys as text: give tenants a table with such a key',
      ],
      [
        "no keys",
        {},
        { equals: [] },
        "forLeadingKeys.equals: was []; allowed: at least one value; name the tenant's keys",
      ],
      [
        "an empty prefix",
        {},
        { startsWith: [""] },
        'forLeadingKeys.startsWith: was ""; allowed: no empty value; it would stand for every key or for none',
      ],
      [
        "a wildcard",
        {},
        { startsWith: ["tenant-*#"] },
        'forLeadingKeys.startsWith: was "tenant-*#"; allowed: a prefix without * and ?; leave the wildcard out: it is added at the end',
      ],
    ] as const) {
      it(`forLeadingKeys refuses ${what}`, async () => {
        const given = "equals" in keys ? { equals: [...keys.equals] } : { startsWith: [...keys.startsWith] };
        const result = await run(() => new Table("orders-table", { ...least, ...args }).forLeadingKeys(given));
        assert.equal(result.error?.message, `Table "orders-table":\n  ${line}`);
      });
    }
  });

  describe("alarms", () => {
    const alarm = async (name: string, args: Partial<TableArgs> = {}) => {
      const result = await make(args);
      return { made: resource(result, alarmType, name).inputs, tableName: table(result).outputs["name"] };
    };

    it("tell the topic, both ways, and take silence for health", async () => {
      for (const name of ["throttles", "system-errors", "by-id-throttles"]) {
        const { made } = await alarm(`orders-table-${name}-alarm`, everyKind);
        assert.deepEqual([made["alarmActions"], made["okActions"]], [[alarmTopicArn], [alarmTopicArn]], name);
        assert.equal(made["treatMissingData"], "notBreaching", name);
        assert.deepEqual([made["evaluationPeriods"], made["datapointsToAlarm"]], [5, 3], name);
        assert.equal(made["comparisonOperator"], "GreaterThanOrEqualToThreshold", name);
        assert.match(made["alarmDescription"] as string, /^orders-table: .*\. Look /, name);
      }
    });

    for (const [name, more] of [
      ["throttles", {}],
      ["by-status-throttles", { GlobalSecondaryIndexName: "by-status" }],
    ] as const) {
      it(`${name} adds up throttled reads and writes`, async () => {
        const { made, tableName } = await alarm(`orders-table-${name}-alarm`, everyKind);
        const metric = (id: string, metricName: string) => ({
          id,
          returnData: false,
          metric: {
            namespace: "AWS/DynamoDB",
            metricName,
            stat: "Sum",
            period: 60,
            dimensions: { TableName: tableName, ...more },
          },
        });
        assert.deepEqual(made["metricQueries"], [
          metric("reads", "ReadThrottleEvents"),
          metric("writes", "WriteThrottleEvents"),
          {
            id: "throttles",
            label: "Throttled requests",
            expression: "FILL(reads, 0) + FILL(writes, 0)",
            returnData: true,
          },
        ]);
      });
    }

    it("system errors are asked for over every operation of this table", async () => {
      const { made, tableName } = await alarm("orders-table-system-errors-alarm");
      assert.deepEqual(made["metricQueries"], [
        {
          id: "errors",
          label: "System errors",
          expression: `SELECT SUM(SystemErrors) FROM SCHEMA("AWS/DynamoDB", Operation, TableName) WHERE TableName = '${tableName as string}'`,
          period: 60,
          returnData: true,
        },
      ]);
    });

    it("have thresholds of 10 and 5 a minute, or as asked", async () => {
      for (const [args, throttles, errors] of [
        [{}, 10, 5],
        [{ alarms: { throttles: 1, systemErrors: 2 } }, 1, 2],
      ] as const) {
        const given = { ...everyKind, ...args };
        assert.equal((await alarm("orders-table-throttles-alarm", given)).made["threshold"], throttles);
        assert.equal((await alarm("orders-table-by-id-throttles-alarm", given)).made["threshold"], throttles);
        assert.equal((await alarm("orders-table-system-errors-alarm", given)).made["threshold"], errors);
      }
    });
  });

  it("gives out its name, ARN and stream", async () => {
    const result = await make({ stream: "newImage" });
    const { name, arn, streamArn } = table(result).outputs;
    assert.deepEqual(resource(result, "kiban:index:Table", "orders-table").outputs, {
      tableName: name,
      arn,
      streamArn,
    });
    assert.deepEqual(Object.keys(resource(await make(), "kiban:index:Table", "orders-table").outputs).sort(), [
      "arn",
      "tableName",
    ]);
  });

  describe("faults", () => {
    const status = { keyAttributes: { status: "string" } } as const;
    const long = "x".repeat(256);
    const cases: [string, Partial<TableArgs>, string[]][] = [
      [
        "an index with an undeclared key",
        { globalIndexes: { "by-customer": { partitionKey: "customerId", sortKey: "at" } } },
        [
          'globalIndexes.by-customer.partitionKey: was "customerId"; allowed: a declared attribute (id); give its type in keyAttributes: { customerId: "string" }',
          'globalIndexes.by-customer.sortKey: was "at"; allowed: a declared attribute (id); give its type in keyAttributes: { at: "string" }',
        ],
      ],
      [
        "a local index with an undeclared key",
        { sortKey: { name: "at", type: "number" }, localIndexes: { "by-total": { sortKey: "total" } } },
        [
          'localIndexes.by-total.sortKey: was "total"; allowed: a declared attribute (at, id); give its type in keyAttributes: { total: "string" }',
        ],
      ],
      [
        "a declared attribute that nothing uses",
        status,
        [
          'keyAttributes.status: was "string"; allowed: attributes that an index uses as key; remove it: items need none',
        ],
      ],
      [
        "a key declared twice",
        { keyAttributes: { id: "number" } },
        [
          'keyAttributes.id: was "number"; allowed: attributes that only indexes use as keys; remove it: partitionKey gives its type',
        ],
      ],
      [
        "a sort key that is the partition key",
        { sortKey: { name: "id", type: "string" } },
        ['sortKey.name: was "id"; allowed: another attribute than partitionKey; name the attribute to sort by'],
      ],
      [
        "a type that keys cannot have",
        { partitionKey: { name: "id", type: "boolean" as "string" } },
        ['partitionKey.type: was "boolean"; allowed: string, number, binary; set the type of the attribute\'s values'],
      ],
      [
        "names that are too long or empty",
        { partitionKey: { name: "", type: "string" }, ttl: { attribute: long } },
        [
          'partitionKey.name: was ""; allowed: 1 to 255 bytes; shorten the attribute\'s name',
          `ttl.attribute: was "${long}"; allowed: 1 to 255 bytes; shorten the attribute's name`,
        ],
      ],
      [
        "expiry by a text",
        { ttl: { attribute: "id" } },
        [
          'ttl.attribute: was "id"; allowed: not an attribute of type string; DynamoDB reads the time from a number alone: name another attribute',
        ],
      ],
      [
        "more than five local indexes",
        {
          sortKey: { name: "at", type: "number" },
          ...status,
          localIndexes: Object.fromEntries("abcdef".split("").map((x) => [`by-${x}`, { sortKey: "status" }])),
        },
        ["localIndexes: was 6; allowed: at most 5; make the others global"],
      ],
      [
        "a local index without a sort key",
        { ...status, localIndexes: { "by-status": { sortKey: "status" } } },
        [
          'localIndexes: was "by-status"; allowed: none on a table without sortKey; give the table a sort key, or make the index global',
        ],
      ],
      [
        "one name for two indexes",
        {
          sortKey: { name: "at", type: "number" },
          ...status,
          globalIndexes: { same: { partitionKey: "status" } },
          localIndexes: { same: { sortKey: "status" } },
        },
        ['localIndexes.same: was "same"; allowed: each name once per table; rename one of the two indexes'],
      ],
      [
        "an index name that DynamoDB refuses",
        { ...status, globalIndexes: { "by status": { partitionKey: "status" } } },
        ['globalIndexes.by status: was "by status"; allowed: 3 to 255 letters, digits and _.-; rename the index'],
      ],
      [
        "too many attributes in a key, and too few",
        {
          keyAttributes: { a: "string", b: "string", c: "string", d: "string", e: "string" },
          globalIndexes: {
            wide: { partitionKey: ["a", "b", "c", "d", "e"] },
            none: { partitionKey: [], sortKey: "id" },
          },
        },
        [
          'globalIndexes.wide.partitionKey: was ["a","b","c","d","e"]; allowed: 1 to 4 attributes; name the attributes of the key',
          "globalIndexes.none.partitionKey: was []; allowed: 1 to 4 attributes; name the attributes of the key",
        ],
      ],
      [
        "an attribute twice in a key",
        { globalIndexes: { "by-id": { partitionKey: "id", sortKey: "id" } } },
        [
          'globalIndexes.by-id.sortKey: was ["id","id"]; allowed: each attribute once in an index\'s keys; name another attribute to sort by',
        ],
      ],
      [
        "a projection of keys, and an unknown one",
        {
          ...status,
          globalIndexes: {
            "by-status": { partitionKey: "status", projection: ["id"] },
            "by-id": { partitionKey: "id", projection: "some" as "all" },
          },
        },
        [
          'globalIndexes.by-status.projection: was ["id"]; allowed: attributes that are no keys, each once, at least one; leave out keys and repetitions; with nothing left, set "keys"',
          'globalIndexes.by-id.projection: was "some"; allowed: "all", "keys" or a list of attributes; set one of them',
        ],
      ],
      [
        "more than 100 projected attributes",
        {
          ...status,
          globalIndexes: {
            "by-status": { partitionKey: "status", projection: Array.from({ length: 101 }, (_, i) => `a${i}`) },
          },
        },
        [
          'globalIndexes and localIndexes: was 101; allowed: at most 100 projected attributes in all; project "all" where an index names most attributes',
        ],
      ],
      [
        "days and thresholds out of range",
        { recoveryDays: 36, alarms: { throttles: 0, systemErrors: 1.5 } },
        [
          "recoveryDays: was 36; allowed: a whole number from 1 to 35; set one in that range",
          "alarms.throttles: was 0; allowed: a whole number from 1 to 1000000; set one in that range",
          "alarms.systemErrors: was 1.5; allowed: a whole number from 1 to 1000000; set one in that range",
        ],
      ],
      [
        "an unknown view",
        { stream: "images" as "keys" },
        ['stream: was "images"; allowed: keys, newImage, oldImage, newAndOldImages; set one of them'],
      ],
      [
        "ceilings of nothing",
        { ceiling: { readUnits: 0 }, globalIndexes: { "by-id": { partitionKey: "id", ceiling: {} } } },
        [
          'ceiling.readUnits: was 0; allowed: a whole number from 1, or "none"; set request units a second',
          "globalIndexes.by-id.ceiling: was {}; allowed: readUnits, writeUnits or both; set one of them, or leave the ceiling out",
        ],
      ],
    ];
    for (const [what, args, lines] of cases) {
      it(`refuses ${what}`, async () => {
        const result = await make(args);
        assert.equal(result.error?.message, ['Table "orders-table":', ...lines.map((line) => `  ${line}`)].join("\n"));
        assert.deepEqual(result.resources, []);
      });
    }

    it("refuses a name that makes no variable", async () => {
      const result = await make({}, "Orders");
      assert.equal(
        result.error?.message,
        'Table "Orders":\n  name: was "Orders"; allowed: kebab-case, such as orders-table; rename the component',
      );
      assert.deepEqual(result.resources, []);
    });
  });

  it("gives each transform its child", async () => {
    const result = await make({
      ...everyKind,
      transform: {
        table: (ours) => ({ ...ours, tableClass: "STANDARD_INFREQUENT_ACCESS" }),
        throttlesAlarm: { threshold: 1 },
        indexThrottlesAlarms: { threshold: 2 },
        systemErrorsAlarm: { threshold: 3 },
      },
    });
    assert.equal(table(result).inputs["tableClass"], "STANDARD_INFREQUENT_ACCESS");
    const threshold = (role: string) => resource(result, alarmType, `orders-table-${role}-alarm`).inputs["threshold"];
    assert.deepEqual(
      ["throttles", "by-status-throttles", "by-hash-throttles", "system-errors"].map(threshold),
      [1, 2, 2, 3],
    );
  });

  it("makes the same in a first preview", async () => {
    const program = () => void new Table("orders-table", { ...least, ...everyKind, stream: "keys" });
    const preview = await run(program, { preview: true });
    assert.equal(preview.error, undefined);
    assert.deepEqual(children(preview, "orders-table"), children(await run(program), "orders-table"));
  });

  it("lives twice in one program", async () => {
    const result = await run(() => {
      for (const name of ["one", "two"]) new Table(name, { ...least, ...everyKind });
    });
    assert.equal(result.error, undefined);
    assert.equal(new Set(result.resources.map((r) => r.urn)).size, 14);
  });
});
