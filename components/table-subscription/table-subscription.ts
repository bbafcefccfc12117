import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument } from "../shared/policy-document";
import type { Access } from "../shared/access";
import { createFailureQueue, failureQueueStatements, type FailureQueueNodes } from "../shared/failure-queue";
import { override, type Override } from "../shared/override";
import { check } from "./check";

/** What a TableSubscription is made of. */
export interface TableSubscriptionArgs {
  /** The table, with a stream. Table fits. */
  table: { readonly stream: Access | undefined; readonly streamArn: pulumi.Input<string> | undefined };
  /** The function that takes the changes: its ARN, and the name of its role, which gets the rights that it takes. */
  function: { readonly arn: pulumi.Input<string>; readonly roleName: pulumi.Input<string> };
  /** ARN of the stack's KMS key, which encrypts the queue of failures. */
  keyArn: pulumi.Input<string>;
  /** ARN of the SNS topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /**
   * Patterns of changes that the function gets, up to 5, any of which may match; others cost nothing. Fields of a stream
   * record: `{ eventName: ["INSERT"], dynamodb: { NewImage: { status: { S: ["paid"] } } } }`.
   * @default every change
   */
  filters?: Record<string, unknown>[];
  /** Most changes in one call, 1 to 10000. @default 100 */
  batchSize?: number;
  /** How long to wait for a full batch, in seconds, 0 to 300. @default 0 */
  batchWindowSeconds?: number;
  /** Batches of one shard at a time, 1 to 10; changes of one item stay in order. @default 1 */
  parallelBatches?: number;
  /** How often a failed batch is tried again, 0 to 10000; each try halves it to find the change that fails. @default 10 */
  retries?: number;
  /** Age after which a change is given up, in hours, 1 to 23: a stream holds 24. @default 20 */
  maxAgeHours?: number;
  /** Where a new subscription begins: with what the stream still holds, or with the next change. @default "oldest" */
  startAt?: "oldest" | "latest";
  /** Whether the function's answer names the changes that failed, so that the others are not repeated. @default true */
  reportsFailures?: boolean;
  /** When the alarms go off. @default see SubscriptionAlarmThresholds */
  alarms?: SubscriptionAlarmThresholds;
  /** Last say on each child's arguments. */
  transform?: TableSubscriptionTransform;
}

/** When the alarms go off. */
export interface SubscriptionAlarmThresholds {
  /** Age of the newest change in a batch when the function gets it, in minutes, 1 to 1440. @default 15 */
  lagMinutes?: number;
}

/** Last say on the arguments of each child, by the child's name in `nodes`. */
export interface TableSubscriptionTransform {
  failureQueue?: Override<aws.sqs.QueueArgs>;
  failureQueuePolicy?: Override<aws.sqs.QueuePolicyArgs>;
  failuresAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
  policy?: Override<aws.iam.RolePolicyArgs>;
  mapping?: Override<aws.lambda.EventSourceMappingArgs>;
  lagAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/**
 * Calls a Lambda function with the changes of a table: a bad change is isolated, tried a bounded number of times and then
 * put aside in a queue, so that it holds up no other for longer.
 */
export class TableSubscription extends pulumi.ComponentResource {
  /** Id of the event source mapping. */
  public readonly mappingId: pulumi.Output<string>;
  /** Address of the queue that takes what was given up. */
  public readonly failureQueueUrl: pulumi.Output<string>;
  /** The resources themselves. */
  public readonly nodes: FailureQueueNodes & {
    readonly policy: aws.iam.RolePolicy;
    readonly mapping: aws.lambda.EventSourceMapping;
    readonly lagAlarm: aws.cloudwatch.MetricAlarm;
  };

  constructor(name: string, args: TableSubscriptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { table, keyArn, alarmTopicArn, transform = {} } = args;
    const limits = {
      batchSize: args.batchSize ?? 100,
      batchWindowSeconds: args.batchWindowSeconds ?? 0,
      parallelBatches: args.parallelBatches ?? 1,
      retries: args.retries ?? 10,
      maxAgeHours: args.maxAgeHours ?? 20,
      lagMinutes: args.alarms?.lagMinutes ?? 15,
    };
    check(name, args, limits);
    super("kiban:index:TableSubscription", name, {}, opts);

    const parent = { parent: this };
    const failures = createFailureQueue(
      name,
      {
        keyArn,
        alarmTopicArn,
        description:
          `${name}: changes were given up. Each message says where in the stream they are, which holds them for 24 hours: ` +
          "read them from there or from the table, then delete the message.",
        transform,
      },
      parent,
    );
    const queueArn = failures.failureQueue.arn;
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      override<aws.iam.RolePolicyArgs>(
        {
          role: args.function.roleName,
          policy: policyDocument([...(table.stream?.statements ?? []), ...failureQueueStatements(queueArn, keyArn)]),
        },
        transform.policy,
      ),
      parent,
    );
    const mapping = new aws.lambda.EventSourceMapping(
      `${name}-mapping`,
      override<aws.lambda.EventSourceMappingArgs>(
        { ...mappingArgs(args, limits), destinationConfig: { onFailure: { destinationArn: queueArn } } },
        transform.mapping,
      ),
      // Lambda refuses a mapping whose function may not read the stream or send to the queue.
      { ...parent, dependsOn: [policy] },
    );
    const lagAlarm = createLagAlarm(this, name, args, limits.lagMinutes);

    this.mappingId = mapping.id;
    this.failureQueueUrl = failures.failureQueue.url;
    this.nodes = { ...failures, policy, mapping, lagAlarm };
    this.registerOutputs({ mappingId: this.mappingId, failureQueueUrl: this.failureQueueUrl });
  }
}

type Limits = Parameters<typeof check>[2];

function mappingArgs(args: TableSubscriptionArgs, limits: Limits): aws.lambda.EventSourceMappingArgs {
  const { streamArn } = args.table;
  return {
    ...(streamArn !== undefined && { eventSourceArn: streamArn }),
    functionName: args.function.arn,
    startingPosition: args.startAt === "latest" ? "LATEST" : "TRIM_HORIZON",
    batchSize: limits.batchSize,
    maximumBatchingWindowInSeconds: limits.batchWindowSeconds,
    parallelizationFactor: limits.parallelBatches,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: limits.retries,
    maximumRecordAgeInSeconds: limits.maxAgeHours * 3600,
    ...((args.reportsFailures ?? true) && { functionResponseTypes: ["ReportBatchItemFailures"] }),
    ...(args.filters !== undefined && {
      filterCriteria: { filters: args.filters.map((filter) => ({ pattern: JSON.stringify(filter) })) },
    }),
  };
}

/** Lambda reports the age by function: that of another stream, if the function has one, would be taken for ours. */
function createLagAlarm(
  parent: pulumi.Resource,
  name: string,
  args: TableSubscriptionArgs,
  lagMinutes: number,
): aws.cloudwatch.MetricAlarm {
  const functionName = pulumi.output(args.function.arn).apply((arn) => arn.split(":")[6] ?? "");
  return new aws.cloudwatch.MetricAlarm(
    `${name}-lag-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription:
          `${name}: changes reach the function ${lagMinutes} minutes late or more; the stream drops them after 24 hours. ` +
          "Look at the function's errors and throttles; raise parallelBatches or batchSize.",
        namespace: "AWS/Lambda",
        metricName: "IteratorAge",
        dimensions: { FunctionName: functionName },
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // In milliseconds.
        threshold: lagMinutes * 60_000,
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
      },
      args.transform?.lagAlarm,
    ),
    { parent },
  );
}
