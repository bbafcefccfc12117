import { type StackSubject, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";

/** What sends to a queue that which failed elsewhere: type, property that names it, and where inside that it is. */
const senders: readonly (readonly [types: readonly string[], property: string, inside: readonly string[]])[] = [
  [types.queue, "redrivePolicy", []],
  [types.queueRedrivePolicy, "redrivePolicy", []],
  [types.subscription, "redrivePolicy", []],
  [types.lambda, "deadLetterConfig", []],
  [types.lambdaInvokeConfig, "destinationConfig", ["onFailure"]],
  [types.lambdaMapping, "destinationConfig", ["onFailure"]],
  [types.schedule, "target", ["deadLetterConfig"]],
  [types.eventTarget, "deadLetterConfig", []],
  [types.pipe, "sourceParameters", []],
];

/** Subscribers that fail and come back; an e-mail or a text message is sent once. */
const retried = ["sqs", "lambda", "http", "https", "firehose"];

export const sqsRedrive = stackRule(
  {
    name: "sqs-redrive",
    description: "What cannot be processed or delivered is set aside, and not taken twice meanwhile",
    severity: "medium",
    levels: "A/A/M",
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    remediationSteps: "Set redrivePolicy with deadLetterTargetArn and maxReceiveCount to a second queue.",
  },
  [...types.queue, ...types.subscription],
  ({ stack, report }) => {
    for (const queue of stack.ofType(types.queue)) {
      if (!isFailureQueue(stack, queue)) redrives(stack, queue, report);
      visibility(stack, queue, report);
    }
    for (const subscription of stack.ofType(types.subscription)) {
      const policy = subscription.props.dig("redrivePolicy");
      if (!subscription.props.dig("protocol").is(...retried) || !policy.isEmpty()) continue;
      report(subscription, policy, "is not set", "set it: what is not delivered within the retries is lost else");
    }
  },
);

/** Whether what fails elsewhere ends here: it is looked at by people, and has no further to go. */
function isFailureQueue(stack: Stack, queue: Node): boolean {
  return senders.some(([from, property, inside]) =>
    stack
      .referrers(queue, property, from)
      .some((sender) => sender !== queue && !sender.props.dig(property, ...inside).isEmpty()),
  );
}

function redrives(stack: Stack, queue: Node, report: StackSubject["report"]): void {
  const beside = stack.referrers(queue, "queueUrl", types.queueRedrivePolicy).map((node) => node.props);
  const policies = [queue.props, ...beside].map((props) => props.dig("redrivePolicy"));
  const enough = policies.some((policy) => {
    if (policy.isEmpty()) return false;
    const count = policy.json().dig("maxReceiveCount");
    return count.unknown || Number(count.known ?? 0) > 0;
  });
  if (!enough) report(queue, "redrivePolicy", "is not set", "set it, with a second queue and maxReceiveCount");
}

/** AWS: a function may keep a message for six times its timeout; one that shows up before is processed twice. */
const margin = 6;

function visibility(stack: Stack, queue: Node, report: StackSubject["report"]): void {
  const seconds = queue.props.dig("visibilityTimeoutSeconds");
  for (const mapping of stack.referrers(queue, "eventSourceArn", types.lambdaMapping)) {
    for (const fn of stack.targets(mapping, "functionName", types.lambda)) {
      const timeout = fn.props.dig("timeout");
      if (seconds.unknown || timeout.unknown) continue;
      // AWS: 30 s and 3 s where nothing is said.
      const least = margin * Number(timeout.known ?? 3);
      if (Number(seconds.known ?? 30) >= least) continue;
      report(queue, seconds, "is less than six times its function's timeout", `set it to ${least} or more`);
    }
  }
}
