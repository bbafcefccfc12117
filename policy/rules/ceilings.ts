import { type StackSubject, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const spendCeiling = stackRule(
  {
    name: "spend-ceiling",
    description:
      "What is paid by use has a limit that someone chose: models stop, jobs, tables, functions and logs are bounded",
    severity: "medium",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/manage-demand-and-supply-resources.html",
    remediationSteps:
      "Stop models by an alarm on their tokens, a function that each call calls, or an automatic budget action; give jobs " +
      "workers, tables onDemandThroughput, " +
      "functions a concurrency; let an alarm watch IncomingBytes of AWS/Logs.",
    config: {
      logs: {
        type: "boolean",
        default: true,
        description: "ask for an alarm on what is written to logs; off where the account's own stack has it",
      },
    },
  },
  [
    ...types.bedrockProfile,
    ...types.bedrockAgent,
    ...types.glueJob,
    ...types.table,
    ...types.lambda,
    ...types.logGroup,
  ],
  (subject) => {
    models(subject);
    jobs(subject);
    // A limit on these refuses what users ask for, and AWS has none for logs: advice, whatever the level.
    tables(subject);
    functions(subject);
    logs(subject);
  },
);

/** Tokens: by far the dearest thing that a loop can ask for. */
function models({ stack, report }: StackSubject): void {
  if (stack.ofType(types.budgetAction).some((action) => !action.props.dig("approvalModel").isNot("AUTOMATIC"))) return;
  if (stack.ofType(types.metricAlarm).some((alarm) => stops(stack, alarm))) return;
  if (stack.ofType(types.eventRule).some((rule) => seesCalls(stack, rule))) return;
  for (const model of stack.ofType([...types.bedrockProfile, ...types.bedrockAgent])) {
    report(
      model,
      "model",
      "is stopped by nothing",
      "add an alarm on its tokens or a rule on its calls that calls a function, or a budget action",
    );
  }
}

/** An alarm on tokens that calls a function. */
function stops(stack: Stack, alarm: Node): boolean {
  if (stack.targets(alarm, "alarmActions", types.lambda).length === 0) return false;
  return metrics(alarm).some(
    (metric) =>
      !metric.dig("namespace").isNot("AWS/Bedrock") &&
      (metric.dig("metricName").unknown || /TokenCount$/.test(metric.dig("metricName").text ?? "")),
  );
}

/** Names under which CloudTrail logs what costs tokens. */
const invoking = ["InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"];

/** A rule on each call to a model, by whichever operation, that calls a function. */
function seesCalls(stack: Stack, rule: Node): boolean {
  const targets = stack.referrers(rule, "rule", types.eventTarget);
  if (!targets.some((target) => stack.targets(target, "arn", types.lambda).length > 0)) return false;
  // Invoking counts as reading, which no rule sees that is merely enabled.
  if (rule.props.dig("state").isNot("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")) return false;
  const pattern = rule.props.dig("eventPattern").json();
  if (pattern.unknown) return true;
  const names = pattern.dig("detail", "eventName");
  const every = names.isEmpty() || invoking.every((name) => names.items().some((each) => !each.isNot(name)));
  return (
    pattern
      .dig("source")
      .items()
      .some((source) => !source.isNot("aws.bedrock")) && every
  );
}

/** What an alarm looks at: one metric, or those of its expressions. */
function metrics({ props }: Node): Value[] {
  const queries = props.dig("metricQueries");
  if (queries.unknown) return [queries];
  return [props, ...queries.items().map((query) => query.dig("metric"))];
}

function jobs({ stack, report }: StackSubject): void {
  for (const job of stack.ofType(types.glueJob)) {
    const [workers, capacity] = [job.props.dig("numberOfWorkers"), job.props.dig("maxCapacity")];
    if (workers.isEmpty() && capacity.isEmpty()) {
      report(job, workers, "is not set, and AWS takes ten", "set it to what the job needs");
    }
  }
}

/** In dev, dynamodb-capacity asks for it. */
function tables({ stack, environment, report }: StackSubject): void {
  if (environment === "dev") return;
  for (const table of stack.ofType(types.table)) {
    if (!table.props.dig("billingMode").is("PAY_PER_REQUEST")) continue;
    for (const key of ["maxReadRequestUnits", "maxWriteRequestUnits"]) {
      const most = table.props.dig("onDemandThroughput", key);
      // -1 takes a limit away.
      if (most.isEmpty() || most.is(-1)) {
        report(table, most, "is not set", "set it above what a busy day takes", "advisory");
      }
    }
  }
}

/** Services that call a function as often as the world calls them. */
const openCallers = ["apigateway", "cloudfront", "elasticloadbalancing", "s3", "sns"].map(
  (service) => `${service}.amazonaws.com`,
);

function functions({ stack, report }: StackSubject): void {
  for (const fn of stack.ofType(types.lambda)) {
    const reserved = fn.props.dig("reservedConcurrentExecutions");
    if (!reserved.isEmpty() && !reserved.is(-1)) continue;
    if (!isCalledAtWill(stack, fn)) continue;
    const cure = "set it, or maximumConcurrency of the queue's mapping";
    report(fn, reserved, "is not set, and what calls the function has no bound", cure, "advisory");
  }
}

function isCalledAtWill(stack: Stack, fn: Node): boolean {
  if (stack.referrers(fn, "functionName", types.lambdaUrl).length > 0) return true;
  const permissions = stack.referrers(fn, "function", types.lambdaPermission);
  if (permissions.some(({ props }) => props.dig("principal").is(...openCallers))) return true;
  return stack.referrers(fn, "functionName", types.lambdaMapping).some((mapping) => {
    if (stack.targets(mapping, "eventSourceArn", types.queue).length > 0) {
      return mapping.props.dig("scalingConfig", "maximumConcurrency").isEmpty();
    }
    // Shards bound what reads them; on demand there are as many as the events need.
    return stack
      .targets(mapping, "eventSourceArn", types.stream)
      .some((stream) => stream.props.dig("shardCount").isEmpty());
  });
}

/** What programs write: a stack without any, such as an account's own, has little to write. */
function logs({ stack, config, report }: StackSubject): void {
  const [group] = stack.ofType(types.logGroup);
  const writes = stack.ofType([...types.lambda, ...types.taskDefinition]).length > 0;
  if (config["logs"] !== true || group === undefined || !writes) return;
  const watched = stack
    .ofType(types.metricAlarm)
    .some((alarm) =>
      metrics(alarm).some(
        (metric) => !metric.dig("namespace").isNot("AWS/Logs") && !metric.dig("metricName").isNot("IncomingBytes"),
      ),
    );
  if (watched) return;
  const cure = "add an alarm on IncomingBytes of AWS/Logs: CloudWatch has no limit of its own";
  report(group, "logs", "are written with nobody told how much", cure, "advisory");
}
