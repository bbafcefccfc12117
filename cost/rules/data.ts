import type { PlannedResource } from "../../plan/run";
import { block, hoursAMonth, idle, number, type Rules, type Setting, text, unpriced, use } from "../pricer";
import type { PriceKey } from "../prices";
import { combine, product, type Range } from "../range";

const stream = "aws:kinesis/stream:Stream";

/** A record counts as whole payload units of 25 KB. AWS: Kinesis Data Streams pricing. */
const payloadUnitKb = 25;
/** Firehose counts a record as whole steps of 5 KB. AWS: Firehose pricing. */
const deliveryStepKb = 5;
/** Hours that a stream keeps records without a charge of its own. */
const freeRetentionHours = 24;

/** Gigabytes of so many million events, each rounded up to whole steps. AWS's GB here is 2^30 bytes. */
function gigabytes({ millionEvents, kilobytesPerEvent }: Setting["usage"]["stream"], stepKb: number): Range {
  return combine(
    (events, kb) => (events * 1_000_000 * Math.ceil(kb / stepKb) * stepKb) / (1024 * 1024),
    millionEvents,
    kilobytesPerEvent,
  );
}

function ofStream({ inputs }: PlannedResource, { usage }: Setting) {
  const { millionEvents, kilobytesPerEvent, readers } = usage.stream;
  const longer =
    number(inputs["retentionPeriod"], freeRetentionHours) > freeRetentionHours
      ? [unpriced("records kept beyond a day", "no price at hand")]
      : [];
  if (block(inputs["streamModeDetails"])["streamMode"] === "ON_DEMAND") {
    // On demand rounds each record up to a whole kilobyte.
    const gb = gigabytes(usage.stream, 1);
    return [
      idle("stream on demand", "kinesis.onDemand.streamHour", hoursAMonth),
      use("written", "kinesis.onDemand.inGb", gb),
      use("read", "kinesis.onDemand.outGb", product(gb, readers)),
      ...longer,
    ];
  }
  const units = combine((events, kb) => events * Math.ceil(kb / payloadUnitKb), millionEvents, kilobytesPerEvent);
  const shards = number(inputs["shardCount"], 1);
  return [
    idle(`${shards} shards`, "kinesis.provisioned.shardHour", shards * hoursAMonth),
    use("payload units", "kinesis.provisioned.putUnits", units),
    ...longer,
  ];
}

function ofDelivery({ inputs }: PlannedResource, { usage }: Setting) {
  const s3 = block(inputs["extendedS3Configuration"]);
  const gb = gigabytes(usage.stream, deliveryStepKb);
  const converts = Object.keys(block(s3["dataFormatConversionConfiguration"])).length > 0;
  const partitions = block(s3["dynamicPartitioningConfiguration"])["enabled"] === true;
  return [
    use("delivered", "firehose.ingest", gb),
    ...(converts ? [use("converted to Parquet", "firehose.formatConversion", gb)] : []),
    ...(partitions ? [unpriced("dynamic partitioning", "no price at hand")] : []),
  ];
}

/** AWS: Glue developer guide, "Worker types". */
const dpuOf: Readonly<Record<string, number>> = { "G.025X": 0.25, "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8 };

function dpuPrice({ glueVersion, executionClass }: Readonly<Record<string, unknown>>): PriceKey {
  const flex = executionClass === "FLEX";
  if (number(glueVersion, 5) >= 6) return flex ? "glue.dpuHour.glue6Flex" : "glue.dpuHour.glue6";
  return flex ? "glue.dpuHour.flex" : "glue.dpuHour.standard";
}

function ofJob({ inputs }: PlannedResource, { usage }: Setting) {
  const dpu = dpuOf[text(inputs["workerType"])];
  if (dpu === undefined) return [unpriced("runs", `no DPU known of worker type ${text(inputs["workerType"])}`)];
  const workers = number(inputs["numberOfWorkers"], 2) * dpu;
  // With every worker for the whole run; auto-scaling makes it less.
  return [use("runs", dpuPrice(inputs), product(usage.etl.runs, usage.etl.minutesPerRun, workers / 60))];
}

function ofMachine({ inputs }: PlannedResource, { usage }: Setting) {
  if (inputs["type"] === "EXPRESS") return [unpriced("runs", "Express workflows have no price here")];
  const { runs, transitionsPerRun } = usage.etl;
  return [use("state transitions", "stepFunctions.standard", product(runs, transitionsPerRun, 1 / 1000))];
}

const namespace = "aws:redshiftserverless/namespace:Namespace";

/** RPU-hours of a month that the usage limits allow for. */
function ceiling(limits: readonly PlannedResource[]): number {
  const perMonth: Readonly<Record<string, number>> = {
    daily: hoursAMonth / 24,
    weekly: hoursAMonth / 24 / 7,
    monthly: 1,
  };
  const allowed = limits
    .filter(({ inputs }) => inputs["usageType"] === "serverless-compute" && inputs["breachAction"] === "deactivate")
    .map(({ inputs }) => number(inputs["amount"], Infinity) * (perMonth[text(inputs["period"])] ?? 1));
  return Math.min(Infinity, ...allowed);
}

function ofWarehouse(resource: PlannedResource, setting: Setting) {
  const base = number(resource.inputs["baseCapacity"], 128);
  const most = ceiling(setting.referredBy(resource, "aws:redshiftserverless/usageLimit:UsageLimit", "resourceArn"));
  const hours = combine((active) => Math.min(active * base, most), setting.usage.warehouse.activeHours);
  return [use("RPU-hours", "redshiftServerless.rpuHour", hours)];
}

/** Users are the account's, not a group's: the authors' group brings what authors cost, the other what readers do. */
function ofGroup({ name }: PlannedResource, { usage }: Setting) {
  const authors = name.endsWith("-authors");
  const item = authors
    ? idle("authors", "quicksight.author", usage.dashboards.authors)
    : idle("readers", "quicksight.reader", usage.dashboards.readers);
  return [{ ...item, once: authors ? "quicksight authors" : "quicksight readers" }];
}

/** Lake, streams, jobs, warehouse, dashboards. */
export const data: Rules = {
  [stream]: ofStream,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ofDelivery,
  "aws:kinesis/streamConsumer:StreamConsumer": () => [unpriced("enhanced fan-out", "no price at hand")],
  "aws:athena/workgroup:Workgroup": (_, { usage }) => [use("data read", "athena.scannedTb", usage.lake.scannedTb)],
  "aws:glue/job:Job": ofJob,
  "aws:glue/crawler:Crawler": (_, { usage }) => [
    use("runs", "glue.crawler.dpuHour", product(usage.etl.runs, usage.etl.minutesPerRun, 2 / 60)),
  ],
  "aws:glue/catalogTableOptimizer:CatalogTableOptimizer": (_, { usage }) => [
    use("table upkeep", "glue.dpuHour.standard", usage.lake.optimizerDpuHours),
  ],
  "aws:sfn/stateMachine:StateMachine": ofMachine,
  "aws:redshiftserverless/workgroup:Workgroup": ofWarehouse,
  [namespace]: (_, { usage }) => [use("data", "redshiftServerless.storage", usage.warehouse.storageGb)],
  "aws:quicksight/group:Group": ofGroup,
  "aws:quicksight/dataSet:DataSet": ({ inputs }) =>
    inputs["importMode"] === "SPICE"
      ? [unpriced("SPICE", "10 GB come with each author; beyond them no price is at hand")]
      : [],
};
