import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { type StackSubject, on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";

export const lambdaNotPublic = rule(
  {
    name: "lambda-not-public",
    description:
      "Functions are invoked by named callers: a service on behalf of one resource, and by nobody without IAM",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["Lambda.1", "Lambda function policies should prohibit public access"],
    remediationSteps: "Name the principal; give a service's permission sourceArn; set authorizationType to AWS_IAM.",
  },
  on<aws.lambda.PermissionArgs>(types.lambdaPermission, ({ props, report }) => {
    const principal = props.at("principal");
    const sources = [props.at("sourceArn"), props.at("sourceAccount"), props.at("eventSourceToken")];
    const narrowed = !props.at("principalOrgId").isEmpty() || sources.some((source) => !source.isEmpty());
    if (narrowed) return;
    if (principal.is("*")) report(principal, "lets everyone in", "name the principal, or set principalOrgId");
    // Any account could have the service call: it says on whose behalf it does.
    else if (/\.amazonaws\.com(\.cn)?$/.test(principal.text ?? "")) {
      report(props.at("sourceArn"), "is not set", "set it to the ARN of the resource that calls");
    }
  }),
  on<aws.lambda.FunctionUrlArgs>(types.lambdaUrl, ({ props, report }) => {
    const type = props.at("authorizationType");
    if (type.is("NONE")) report(type, "lets everyone in", "set it to AWS_IAM");
    const origins = props.at("cors").at("allowOrigins");
    const credentials = props.at("cors").at("allowCredentials");
    if (credentials.is(true) && origins.items().some((origin) => origin.is("*"))) {
      report(origins, "lets every site act for its visitors", "name the sites");
    }
  }),
);

/** When AWS ends security updates. AWS: Lambda developer guide, "Lambda runtimes", as read in 2026; later dates can move. */
const endOfSupport: Readonly<Record<string, string>> = {
  nodejs: "2016-10-31",
  "nodejs4.3": "2020-03-05",
  "nodejs4.3-edge": "2019-04-30",
  "nodejs6.10": "2019-08-12",
  "nodejs8.10": "2020-03-06",
  "nodejs10.x": "2021-07-30",
  "nodejs12.x": "2023-03-31",
  "nodejs14.x": "2023-12-04",
  "nodejs16.x": "2024-06-12",
  "nodejs18.x": "2025-09-01",
  "nodejs20.x": "2026-04-30",
  "nodejs22.x": "2027-04-30",
  "nodejs24.x": "2028-04-30",
  "python2.7": "2021-07-15",
  "python3.6": "2022-07-18",
  "python3.7": "2023-12-04",
  "python3.8": "2024-10-14",
  "python3.9": "2025-12-15",
  "python3.12": "2028-10-31",
  "python3.13": "2029-06-30",
  "python3.14": "2029-06-30",
  "ruby2.5": "2021-07-30",
  "ruby2.7": "2023-12-07",
  "ruby3.2": "2026-03-31",
  "ruby3.3": "2027-03-31",
  "ruby3.4": "2028-03-31",
  "dotnetcore1.0": "2019-06-27",
  "dotnetcore2.0": "2019-05-30",
  "dotnetcore2.1": "2022-01-05",
  "dotnetcore3.1": "2023-04-03",
  dotnet6: "2024-12-20",
  dotnet8: "2026-11-10",
  java8: "2024-01-08",
  "go1.x": "2024-01-08",
  provided: "2024-01-08",
};

export const lambdaRuntime = rule(
  {
    name: "lambda-runtime",
    description: "Functions run on a runtime that still gets security updates",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["Lambda.2", "Lambda functions should use supported runtimes"],
    remediationSteps: "Set runtime to a supported one, such as nodejs24.x or python3.14.",
    config: { today: { type: "string", format: "date", description: "date in place of today's, to look ahead" } },
  },
  on<aws.lambda.FunctionArgs>(types.lambda, ({ props, config, report }) => {
    const runtime = props.at("runtime");
    const end = endOfSupport[runtime.text ?? ""];
    const today = typeof config.today === "string" ? config.today : new Date().toISOString().slice(0, 10);
    if (end !== undefined && end <= today) {
      report(runtime, `has had no security updates since ${end}`, "set a newer one");
    }
  }),
);

export const lambdaEnvKms = rule(
  {
    name: "lambda-env-kms",
    description: "Functions encrypt their environment, on request mappings their filters, with a customer-managed key",
    severity: "medium",
    levels: "0/A/M",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    remediationSteps: "Set kmsKeyArn to the stack's key.",
    config: {
      // Patterns of fields; Lambda's console then shows none of them.
      filters: { type: "boolean", default: false, description: "ask for a key where a mapping has filterCriteria" },
    },
  },
  on<aws.lambda.FunctionArgs>(types.lambda, ({ props, report }) => {
    const key = props.at("kmsKeyArn");
    const variables = props.at("environment").at("variables");
    if (!variables.unknown && !variables.isEmpty() && lacksCustomerKey(key)) {
      report(key, "is not a customer-managed key", "set it to the ARN of the stack's key");
    }
  }),
  on<aws.lambda.EventSourceMappingArgs>(types.lambdaMapping, ({ props, config, report }) => {
    const key = props.at("kmsKeyArn");
    const filters = props.at("filterCriteria").at("filters");
    if (config.filters === true && !filters.unknown && !filters.isEmpty() && lacksCustomerKey(key)) {
      report(key, "is not a customer-managed key", "set it to a key that lambda.amazonaws.com may decrypt with");
    }
  }),
);

/** What invokes a function and does not wait for its answer: type, and the property that names the function. */
const asynchronous: readonly (readonly [types: readonly string[], property: string])[] = [
  [types.subscription, "endpoint"],
  [types.eventTarget, "arn"],
  [types.bucketNotification, "lambdaFunctions"],
];

export const lambdaFailureDest = stackRule(
  {
    name: "lambda-failure-dest",
    description: "What a function could not process, nobody waiting for it, is kept",
    severity: "medium",
    levels: "A/A/M",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    remediationSteps:
      "Set deadLetterConfig or a FunctionEventInvokeConfig; on a stream's mapping destinationConfig.onFailure and retries.",
  },
  [...types.lambda, ...types.lambdaMapping],
  ({ stack, report }) => {
    for (const fn of stack.ofType(types.lambda)) {
      if (!isInvokedAsynchronously(stack, fn)) continue;
      const letter = fn.props.dig("deadLetterConfig", "targetArn");
      const configured = stack
        .referrers(fn, "functionName", types.lambdaInvokeConfig)
        .some((config) => !config.props.dig("destinationConfig", "onFailure", "destination").isEmpty());
      if (configured || !letter.isEmpty()) continue;
      report(fn, "deadLetterConfig", "is not set", "set it, or add a FunctionEventInvokeConfig with onFailure");
    }
    for (const mapping of stack.ofType(types.lambdaMapping)) if (isOfStream(stack, mapping)) stream(mapping, report);
  },
);

function isInvokedAsynchronously(stack: Stack, fn: Node): boolean {
  return asynchronous.some(([from, property]) => stack.referrers(fn, property, from).length > 0);
}

/** DynamoDB's and Kinesis' streams, which stop at a record that fails; Kafka's mappings know no bisection. */
function isOfStream(stack: Stack, mapping: Node): boolean {
  const source = mapping.props.dig("eventSourceArn");
  if (source.text !== undefined) return /^arn:[^:]+:(dynamodb|kinesis):/.test(source.text);
  return stack.targets(mapping, "eventSourceArn", [...types.table, ...types.stream]).length > 0;
}

function stream(mapping: Node, report: StackSubject["report"]): void {
  const destination = mapping.props.dig("destinationConfig", "onFailure", "destinationArn");
  if (destination.isEmpty()) report(mapping, destination, "is not set", "set it to a queue, a topic or a bucket");
  // AWS: without a limit, or with -1, one bad record holds up its shard until it expires.
  const retries = mapping.props.dig("maximumRetryAttempts");
  if (retries.isEmpty() || retries.is(-1)) report(mapping, retries, "has no limit", "set it: 10, for example");
  const bisect = mapping.props.dig("bisectBatchOnFunctionError");
  if (bisect.isNot(true)) {
    report(mapping, bisect, "is not on", "set it to true: one bad record gives up its batch else");
  }
}
