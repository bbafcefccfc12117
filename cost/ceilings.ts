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

/** Services that call a function as often as the world calls them. */
const openCallers = ["apigateway", "cloudfront", "elasticloadbalancing", "s3", "sns"].map(
  (service) => `${service}.amazonaws.com`,
);

/**
 * Whether something calls the function as often as it likes. An alarm, a schedule, a deployment are bounded by what they are;
 * a stream by its shards, and a table's stream by the table's own ceiling.
 */
function isCalledAtWill(fn: PlannedResource, related: Related, all: readonly PlannedResource[]): boolean {
  if (related(fn, "aws:lambda/functionUrl:FunctionUrl", "functionName").length > 0) return true;
  const permissions = related(fn, "aws:lambda/permission:Permission", "function");
  if (permissions.some(({ inputs }) => openCallers.includes(text(inputs["principal"])))) return true;
  return related(fn, "aws:lambda/eventSourceMapping:EventSourceMapping", "functionName").some((mapping) => {
    const sources = mapping.propertyDependencies["eventSourceArn"] ?? [];
    const source = all.find(({ urn }) => sources.includes(urn));
    if (source?.type === "aws:kinesis/stream:Stream") return !positive(source.inputs["shardCount"]);
    if (source?.type !== "aws:sqs/queue:Queue") return false;
    return !positive(block(mapping.inputs["scalingConfig"])["maximumConcurrency"]);
  });
}

/** An alarm on a model's tokens that calls a function. */
function stopsModel({ type, inputs, propertyDependencies }: PlannedResource, all: readonly PlannedResource[]): boolean {
  if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm") return false;
  const called = propertyDependencies["alarmActions"] ?? [];
  const calls = all.some((each) => each.type === "aws:lambda/function:Function" && called.includes(each.urn));
  return (
    calls &&
    metricsOf(inputs).some(
      (metric) => metric["namespace"] === "AWS/Bedrock" && text(metric["metricName"]).endsWith("TokenCount"),
    )
  );
}

/** A rule on each call to a model that calls a function; invoking counts as reading, which no rule sees that is merely enabled. */
function seesCalls(rule: PlannedResource, related: Related, all: readonly PlannedResource[]): boolean {
  if (rule.type !== "aws:cloudwatch/eventRule:EventRule") return false;
  if (rule.inputs["state"] !== "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") return false;
  if (!text(rule.inputs["eventPattern"]).includes('"aws.bedrock"')) return false;
  return related(rule, "aws:cloudwatch/eventTarget:EventTarget", "rule").some(({ propertyDependencies }) =>
    all.some(
      ({ type, urn }) => type === "aws:lambda/function:Function" && propertyDependencies["arn"]?.includes(urn) === true,
    ),
  );
}

/** What an alarm looks at: one metric, or those of its expressions. */
function metricsOf(inputs: PlannedResource["inputs"]) {
  return [inputs, ...list(inputs["metricQueries"]).map((query) => block(block(query)["metric"]))];
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
    set:
      "an alarm on its tokens or a rule on its calls that calls a function, or an aws.budgets.BudgetAction with " +
      "approvalModel AUTOMATIC",
    isSet: (_, related, all) =>
      all.some(
        (each) =>
          stopsModel(each, all) ||
          seesCalls(each, related, all) ||
          (each.type === "aws:budgets/budgetAction:BudgetAction" && each.inputs["approvalModel"] === "AUTOMATIC"),
      ),
  },
  "aws:lambda/function:Function": {
    what: "invocations at a time",
    set: "reservedConcurrentExecutions, or maximumConcurrency of the queue's mapping",
    isSet: (fn, related, all) =>
      number(fn.inputs["reservedConcurrentExecutions"], -1) >= 0 || !isCalledAtWill(fn, related, all),
  },
};

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

/** An alarm on what is written to logs: of one group, or of all together. */
function watchesLogs({ type, inputs }: PlannedResource): boolean {
  if (type !== "aws:cloudwatch/metricAlarm:MetricAlarm") return false;
  return metricsOf(inputs).some(
    (metric) => text(metric["namespace"]) === "AWS/Logs" && metric["metricName"] === "IncomingBytes",
  );
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
