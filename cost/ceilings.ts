import type { PlannedResource } from "../plan/run";
import { block, list, number, text } from "./pricer";
import type { OpenCeiling } from "./types";

// What is paid by use and could run away has a limit that somebody chose: a query's bytes, a month's RPU-hours, a table's
// requests, a run's minutes. The rest is listed, with what would bound it.

type Related = (to: PlannedResource, type: string, property: string) => readonly PlannedResource[];

interface Ceiling {
  /** What grows without it. */
  readonly what: string;
  /** What to set. */
  readonly set: string;
  /** Whether the resource is paid by use at all. @default always */
  readonly concerns?: (resource: PlannedResource) => boolean;
  readonly isSet: (resource: PlannedResource, related: Related, all: readonly PlannedResource[]) => boolean;
}

function positive(value: unknown): boolean {
  return number(value, 0) > 0;
}

/** A stream's shards bound the invocations, or the mapping says so itself. */
function isBounded(mapping: PlannedResource, all: readonly PlannedResource[]): boolean {
  if (positive(block(mapping.inputs["scalingConfig"])["maximumConcurrency"])) return true;
  const sources = mapping.propertyDependencies["eventSourceArn"] ?? [];
  return all.some(
    ({ urn, type, inputs }) =>
      sources.includes(urn) && type === "aws:kinesis/stream:Stream" && positive(inputs["shardCount"]),
  );
}

const ceilings: Readonly<Record<string, Ceiling>> = {
  "aws:athena/workgroup:Workgroup": {
    what: "bytes that a query scans",
    set: "configuration.bytesScannedCutoffPerQuery, and enforceWorkgroupConfiguration",
    isSet: ({ inputs }) => {
      const configuration = block(inputs["configuration"]);
      return (
        positive(configuration["bytesScannedCutoffPerQuery"]) &&
        configuration["enforceWorkgroupConfiguration"] !== false
      );
    },
  },
  "aws:redshiftserverless/workgroup:Workgroup": {
    what: "RPU-hours",
    set: "an aws.redshiftserverless.UsageLimit of serverless-compute whose breachAction is deactivate",
    isSet: (workgroup, related) =>
      related(workgroup, "aws:redshiftserverless/usageLimit:UsageLimit", "resourceArn").some(
        ({ inputs }) => inputs["usageType"] === "serverless-compute" && inputs["breachAction"] === "deactivate",
      ),
  },
  "aws:dynamodb/table:Table": {
    what: "reads and writes",
    set: "onDemandThroughput.maxReadRequestUnits and maxWriteRequestUnits",
    concerns: ({ inputs }) => inputs["billingMode"] === "PAY_PER_REQUEST",
    isSet: ({ inputs }) => {
      const throughput = block(inputs["onDemandThroughput"]);
      return ["maxReadRequestUnits", "maxWriteRequestUnits"].every((key) => positive(throughput[key]));
    },
  },
  "aws:glue/job:Job": {
    what: "minutes of a run, and its workers",
    set: "timeout and numberOfWorkers",
    isSet: ({ inputs }) => positive(inputs["timeout"]) && positive(inputs["numberOfWorkers"]),
  },
  "aws:bedrock/inferenceProfile:InferenceProfile": {
    what: "tokens",
    set: "an aws.budgets.BudgetAction that acts by itself (approvalModel AUTOMATIC)",
    isSet: (_, __, all) =>
      all.some(
        ({ type, inputs }) =>
          type === "aws:budgets/budgetAction:BudgetAction" && inputs["approvalModel"] === "AUTOMATIC",
      ),
  },
  "aws:lambda/function:Function": {
    what: "invocations at a time",
    set: "reservedConcurrentExecutions, which is taken from the account's own limit: until then that is the bound",
    isSet: (fn, related, all) =>
      number(fn.inputs["reservedConcurrentExecutions"], -1) >= 0 ||
      related(fn, "aws:lambda/eventSourceMapping:EventSourceMapping", "functionName").some((mapping) =>
        isBounded(mapping, all),
      ),
  },
};

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

/** An alarm on what is written to logs: of one group, or of all together. */
function watchesLogs({ type, inputs }: PlannedResource): boolean {
  if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm") return false;
  const metrics = [inputs, ...list(inputs["metricQueries"]).map((query) => block(block(query)["metric"]))];
  return metrics.some((metric) => text(metric["namespace"]) === "AWS/Logs" && metric["metricName"] === "IncomingBytes");
}

/** Everything that is paid by use and has no limit. */
export function openCeilings(resources: readonly PlannedResource[]): OpenCeiling[] {
  const related: Related = ({ urn }, type, property) =>
    resources.filter((other) => other.type === type && other.propertyDependencies[property]?.includes(urn) === true);
  const open = Object.entries(ceilings).flatMap(
    ([type, { what, set, concerns = () => true, isSet }]): OpenCeiling[] => {
      const found = resources.filter(
        (each) => each.type === type && concerns(each) && !isSet(each, related, resources),
      );
      return found.length === 0 ? [] : [{ type, what, set, names: found.map(({ name }) => name) }];
    },
  );
  const logs = resources.filter(({ type }) => type === logGroup);
  if (logs.length === 0 || resources.some(watchesLogs)) return open;
  const set =
    "an alarm on IncomingBytes of AWS/Logs: nothing stops a program that logs in a loop, but somebody can be told";
  return [...open, { type: logGroup, what: "bytes written to logs", set, names: logs.map(({ name }) => name) }];
}
