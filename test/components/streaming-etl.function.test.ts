import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface KinesisRecord {
  kinesis: {
    kinesisSchemaVersion: string;
    partitionKey: string;
    sequenceNumber: string;
    data: string;
    approximateArrivalTimestamp: number;
  };
  eventSource: string;
  eventVersion: string;
  eventID: string;
  eventName: string;
  invokeIdentityArn: string;
  awsRegion: string;
  eventSourceARN: string;
}
interface Put {
  DeliveryStreamName: string;
  Records: { Data: Buffer }[];
}
interface Answer {
  FailedPutCount?: number;
  RequestResponses: { RecordId?: string; ErrorCode?: string; ErrorMessage?: string }[];
}
type Transform = (value: unknown, context: Record<string, unknown>) => unknown;
type Handler = (event: { Records: KinesisRecord[] }) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the function's source is plain JavaScript, as Lambda runs it
const { createHandler } = require("../../components/streaming-etl/function/handler.js") as {
  createHandler: (parts: {
    put: (input: Put) => Promise<Answer>;
    transform?: Transform;
    sleep: (milliseconds: number) => Promise<void>;
    deliveryStream: string;
  }) => Handler;
};

/** A record as Lambda hands it over (AWS: Lambda developer guide, "Using Lambda with Kinesis", example event). */
function record(index: number, text: string): KinesisRecord {
  const sequenceNumber = `4959033827149025660855969253836157109592157598913658${String(8000 + index)}`;
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: `user-${index}`,
      sequenceNumber,
      data: Buffer.from(text).toString("base64"),
      approximateArrivalTimestamp: 1545084650.987,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000006:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: "arn:aws:iam::111111111111:role/clicks-function-role",
    awsRegion: "ap-northeast-1",
    eventSourceARN: "arn:aws:kinesis:ap-northeast-1:111111111111:stream/clicks",
  };
}
const click = (index: number): KinesisRecord => record(index, `{"id":${index}}`);
const clicks = (count: number): KinesisRecord[] => Array.from({ length: count }, (_, index) => click(index));
const poison = (index: number): KinesisRecord => record(index, "{ not JSON");
const sequence = (of: KinesisRecord | undefined): string => of?.kinesis.sequenceNumber ?? "none";

/** Firehose: takes everything, unless the next answers are said. */
class Firehose {
  readonly calls: string[][] = [];
  readonly taken: string[] = [];
  readonly slept: number[] = [];
  readonly names = new Set<string>();
  /** Of the next calls: an error, or the positions that are refused. */
  readonly next: (Error | number[])[] = [];

  handler(transform?: Transform): Handler {
    return createHandler({
      put: (input) => this.put(input),
      ...(transform !== undefined && { transform }),
      sleep: (milliseconds) => Promise.resolve(void this.slept.push(milliseconds)),
      deliveryStream: "clicks-delivery",
    });
  }

  private put({ DeliveryStreamName, Records }: Put): Promise<Answer> {
    this.names.add(DeliveryStreamName);
    const lines = Records.map(({ Data }) => Data.toString("utf8"));
    this.calls.push(lines);
    const refused = this.next.shift() ?? [];
    if (refused instanceof Error) return Promise.reject(refused);
    this.taken.push(...lines.filter((_, i) => !refused.includes(i)));
    return Promise.resolve({
      FailedPutCount: refused.length,
      RequestResponses: lines.map((_, i) =>
        refused.includes(i)
          ? { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." }
          : { RecordId: `record-${i}` },
      ),
    });
  }
}

/** What an event source mapping with halving, partial answers and bounded retries does with one batch. */
async function poll(handler: Handler, batch: KinesisRecord[], retries: number) {
  const given: KinesisRecord[][] = [];
  let calls = 0;
  const work: { records: KinesisRecord[]; left: number }[] = [{ records: batch, left: retries }];
  for (let next = work.shift(); next !== undefined; next = work.shift()) {
    const { records, left } = next;
    calls++;
    let from = 0;
    try {
      const { batchItemFailures } = await handler({ Records: records });
      if (batchItemFailures.length === 0) continue;
      from = records.findIndex((one) => sequence(one) === batchItemFailures[0]?.itemIdentifier);
      assert.notEqual(from, -1, "the answer names no record of the batch");
    } catch {
      // Splitting does not count as a retry (AWS: Lambda developer guide, "Retain discarded batch records ...").
      const half = Math.ceil(records.length / 2);
      if (records.length > 1) {
        work.unshift({ records: records.slice(0, half), left }, { records: records.slice(half), left });
        continue;
      }
    }
    const rest = records.slice(from);
    if (left === 0) given.push(rest);
    else work.unshift({ records: rest, left: left - 1 });
  }
  return { given, calls };
}

describe("StreamingEtl's function", () => {
  // What it writes to the log.
  let log: string[];
  const original = console.error;
  beforeEach(() => {
    log = [];
    console.error = (line: string) => void log.push(line);
  });
  afterEach(() => (console.error = original));

  it("delivers each record's JSON as a line, in order, and reports no failure", async () => {
    const firehose = new Firehose();
    const answer = await firehose.handler()({ Records: clicks(3) });
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.deepEqual(firehose.taken, ['{"id":0}\n', '{"id":1}\n', '{"id":2}\n']);
    assert.deepEqual([...firehose.names], ["clicks-delivery"]);
  });

  it("gives the user's code the value and where it came from; takes one row, several or none", async () => {
    const firehose = new Firehose();
    const seen: unknown[] = [];
    const handler = firehose.handler(async (value, context) => {
      seen.push(context);
      const { id } = value as { id: number };
      await Promise.resolve();
      return [{ id, kind: "one" }, [{ id: `${id}a` }, { id: `${id}b` }], undefined, null][id];
    });
    assert.deepEqual(await handler({ Records: clicks(4) }), { batchItemFailures: [] });
    assert.deepEqual(firehose.taken, ['{"id":0,"kind":"one"}\n', '{"id":"1a"}\n', '{"id":"1b"}\n']);
    assert.deepEqual(seen[1], {
      partitionKey: "user-1",
      sequenceNumber: sequence(click(1)),
      arrivedAt: new Date("2018-12-17T22:10:50.987Z"),
    });
  });

  it("delivers what came before a poisoned record, and names that record alone", async () => {
    const firehose = new Firehose();
    const batch = [click(0), click(1), poison(2), click(3)];
    assert.deepEqual(await firehose.handler()({ Records: batch }), {
      batchItemFailures: [{ itemIdentifier: sequence(batch[2]) }],
    });
    assert.deepEqual(firehose.taken, ['{"id":0}\n', '{"id":1}\n']);
  });

  it("fails as a whole when the poisoned record is the first of several, so that Lambda halves the batch", async () => {
    const firehose = new Firehose();
    await assert.rejects(firehose.handler()({ Records: [poison(0), click(1)] }), {
      message: `record ${sequence(poison(0))}: not JSON`,
    });
    assert.deepEqual(firehose.calls, []);
  });

  it("names a poisoned record that is alone", async () => {
    const firehose = new Firehose();
    const batch = [poison(0)];
    assert.deepEqual(await firehose.handler()({ Records: batch }), {
      batchItemFailures: [{ itemIdentifier: sequence(batch[0]) }],
    });
  });

  for (const at of [0, 1, 42, 99]) {
    it(`costs nothing but the poisoned record itself, at ${at} of 100, and delivers every other once`, async () => {
      const firehose = new Firehose();
      const batch = clicks(100).with(at, poison(at));
      const { given, calls } = await poll(firehose.handler(), batch, 2);
      assert.deepEqual(given, [[batch[at]]]);
      const others = clicks(100).filter((_, index) => index !== at);
      assert.deepEqual(
        firehose.taken,
        others.map((_, i) => `{"id":${i < at ? i : i + 1}}\n`),
      );
      assert.ok(calls <= 20, `${calls} calls`);
    });
  }

  it("puts several poisoned records aside, each alone", async () => {
    const firehose = new Firehose();
    const batch = clicks(50).with(3, poison(3)).with(4, poison(4)).with(49, poison(49));
    const { given } = await poll(firehose.handler(), batch, 1);
    assert.deepEqual(given, [[batch[3]], [batch[4]], [batch[49]]]);
    assert.equal(firehose.taken.length, 47);
    assert.equal(new Set(firehose.taken).size, 47);
  });

  for (const [what, transform, reason] of [
    ["the code throws", () => assert.fail("no user"), "no user"],
    ["the code answers with text", () => "a row", "the row is no JSON object"],
    ["the code answers with a list of lists", () => [[1]], "the row is no JSON object"],
    [
      "a row is larger than Firehose takes",
      () => ({ text: "x".repeat(1_024_000) }),
      "the row has 1024012 bytes; Firehose takes 1024000",
    ],
  ] as [string, Transform, string][]) {
    it(`takes a record for poisoned when ${what}`, async () => {
      const firehose = new Firehose();
      const { batchItemFailures } = await firehose.handler(transform)({ Records: [click(0)] });
      assert.deepEqual(batchItemFailures, [{ itemIdentifier: sequence(click(0)) }]);
      assert.deepEqual(JSON.parse(log[0] ?? ""), {
        message: "record failed",
        sequenceNumber: sequence(click(0)),
        reason,
      });
    });
  }

  it("keeps the record's content out of the log", async () => {
    const firehose = new Firehose();
    await firehose.handler()({ Records: [record(0, "secret of a person")] });
    assert.equal(log.length, 1);
    assert.doesNotMatch(log[0] ?? "", /secret|person/);
    await assert.rejects(
      firehose.handler()({ Records: [record(0, "secret of a person"), click(1)] }),
      (error: Error) => !/secret|person/.test(error.message),
    );
  });

  it("sends again only what Firehose refused, a little later each time", async () => {
    const firehose = new Firehose();
    firehose.next.push([1, 2], [0]);
    assert.deepEqual(await firehose.handler()({ Records: clicks(4) }), { batchItemFailures: [] });
    assert.deepEqual(firehose.calls, [
      ['{"id":0}\n', '{"id":1}\n', '{"id":2}\n', '{"id":3}\n'],
      ['{"id":1}\n', '{"id":2}\n'],
      ['{"id":1}\n'],
    ]);
    assert.deepEqual(firehose.slept, [200, 400]);
  });

  it("names the first record that Firehose goes on refusing", async () => {
    const firehose = new Firehose();
    firehose.next.push([1, 3], [0, 1], [0], [0]);
    const { batchItemFailures } = await firehose.handler()({ Records: clicks(4) });
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: sequence(click(1)) }]);
    assert.match(log[0] ?? "", /Firehose refused it: ServiceUnavailableException/);
  });

  it("names the first record of a call that failed, after calls that did not", async () => {
    const firehose = new Firehose();
    const down = new Error("connect ETIMEDOUT");
    firehose.next.push([], down, down, down, down);
    const { batchItemFailures } = await firehose.handler()({ Records: clicks(1200) });
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: sequence(click(500)) }]);
    assert.equal(firehose.calls.length, 5, "the third call's rows come again anyway");
  });

  it("a delivery that fails is no reason to halve: the first record is named, not thrown", async () => {
    const firehose = new Firehose();
    const down = new Error("connect ETIMEDOUT");
    firehose.next.push(down, down, down, down);
    const { batchItemFailures } = await firehose.handler()({ Records: clicks(3) });
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: sequence(click(0)) }]);
  });

  it("keeps to 500 records and 4 MiB a call", async () => {
    const firehose = new Firehose();
    await firehose.handler()({ Records: clicks(1001) });
    assert.deepEqual(
      firehose.calls.map((call) => call.length),
      [500, 500, 1],
    );
    const large = new Firehose();
    await large.handler((value) => ({ ...(value as object), text: "x".repeat(1_000_000) }))({ Records: clicks(6) });
    assert.deepEqual(
      large.calls.map((call) => call.length),
      [4, 2],
    );
  });

  it("says at once that a module exports no transform", () => {
    assert.throws(() => new Firehose().handler({} as unknown as Transform), {
      message: "the module exports no function `transform`",
    });
  });

  it("starts as Lambda starts it: with the runtime's SDK, the variables and the user's module beside it", () => {
    const home = mkdtempSync(join(tmpdir(), "streaming-etl-"));
    cpSync(join(__dirname, "..", "..", "components", "streaming-etl", "function"), home, { recursive: true });
    mkdirSync(join(home, "node_modules", "@aws-sdk", "client-firehose"), { recursive: true });
    writeFileSync(
      join(home, "node_modules", "@aws-sdk", "client-firehose", "index.js"),
      `exports.PutRecordBatchCommand = class { constructor(input) { this.input = input; } };
       exports.FirehoseClient = class {
         async send({ input }) {
           console.log(input.DeliveryStreamName, String(input.Records[0].Data));
           return { RequestResponses: [{ RecordId: "1" }] };
         }
       };`,
    );
    mkdirSync(join(home, "transform"));
    writeFileSync(join(home, "transform", "index.js"), "exports.transform = ({ id }) => ({ twice: id * 2 });");
    const start = (env: Record<string, string>): string =>
      execFileSync(
        process.execPath,
        [
          "-e",
          `require("./index.js").handler(${JSON.stringify({ Records: [click(7)] })}).then((a) => console.log(JSON.stringify(a)))`,
        ],
        { cwd: home, encoding: "utf8", env: { DELIVERY_STREAM: "clicks-delivery", ...env } },
      );
    assert.equal(start({}), 'clicks-delivery {"id":7}\n\n{"batchItemFailures":[]}\n');
    assert.equal(start({ TRANSFORM: "./transform" }), 'clicks-delivery {"twice":14}\n\n{"batchItemFailures":[]}\n');
    rmSync(home, { recursive: true });
  });
});
