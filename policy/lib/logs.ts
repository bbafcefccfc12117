import { isEveryone, list, statements } from "./documents";
import type { Node, Stack } from "./stack";
import { types } from "./types";

/** Properties by which a resource sends its logs to a bucket. */
const senders: readonly (readonly [types: readonly string[], property: string])[] = [
  [types.loadBalancer, "accessLogs"],
  [types.loadBalancer, "connectionLogs"],
  [types.loadBalancer, "healthCheckLogs"],
  [types.flowLog, "logDestination"],
  [types.distribution, "loggingConfig"],
  [types.logDeliveryDestination, "deliveryDestinationConfiguration"],
  [types.bucketLogging, "targetBucket"],
];

/** Services that deliver logs to a bucket, by the name under which its policy lets them in. */
const deliverers = [
  "delivery.logs.amazonaws.com",
  "logdelivery.elasticloadbalancing.amazonaws.com",
  "logging.s3.amazonaws.com",
];

/**
 * Whether logs of other resources are delivered to the bucket: one of them names it, or its own policy lets a log
 * service write, as it does where the stack has switched those logs off. While the policy is unknown it may.
 */
export function isLogTarget(stack: Stack, bucket: Node): boolean {
  if (senders.some(([from, property]) => stack.referrers(bucket, property, from).length > 0)) return true;
  return stack
    .referrers(bucket, "bucket", types.bucketPolicy)
    .map((policy) => policy.props.dig("policy").json())
    .some(
      (policy) =>
        policy.unknown ||
        statements(policy).some(
          (statement) =>
            statement.dig("Effect").is("Allow") &&
            !isEveryone(statement) &&
            list(statement.dig("Principal", "Service")).some((service) => service.is(...deliverers)) &&
            list(statement.dig("Action")).some((action) => action.is("s3:PutObject")),
        ),
    );
}
