import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate, type Output, output } from "@pulumi/pulumi";

import { policyDocument } from "./policy-document";
import { override, type Override } from "./override";

/** A queue for what failed, and who may send to it. */
export interface QueueArgs {
  /** ARN of the key that encrypts the messages. */
  readonly keyArn: Input<string>;
  /** Statements of the queue's policy beside the one that refuses requests without TLS. */
  readonly admit?: (queueArn: Output<string>) => aws.iam.PolicyStatement[];
  readonly transform: FailureQueueTransform;
}

/** The queue, and the alarm that tells of it. */
export interface FailureQueueArgs extends QueueArgs {
  /** What the alarm says: what a message is and what to do about it. */
  readonly description: string;
  readonly alarmTopicArn: Input<string>;
}

/** Last say on the arguments of each resource. */
export interface FailureQueueTransform {
  readonly failureQueue?: Override<aws.sqs.QueueArgs>;
  readonly failureQueuePolicy?: Override<aws.sqs.QueuePolicyArgs>;
  readonly failuresAlarm?: Override<aws.cloudwatch.MetricAlarmArgs>;
}

/** The resources of a failure queue. */
export interface FailureQueueNodes {
  readonly failureQueue: aws.sqs.Queue;
  readonly failureQueuePolicy: aws.sqs.QueuePolicy;
  readonly failuresAlarm: aws.cloudwatch.MetricAlarm;
}

/** Queue and policy, where something else tells of failures: under the names `${name}-failures` and `-failures-policy`. */
export function createQueue(
  name: string,
  { keyArn, admit, transform }: QueueArgs,
  opts: CustomResourceOptions,
): Omit<FailureQueueNodes, "failuresAlarm"> {
  const failureQueue = new aws.sqs.Queue(
    `${name}-failures`,
    // 14 days, the most that SQS keeps a message.
    override<aws.sqs.QueueArgs>({ kmsMasterKeyId: keyArn, messageRetentionSeconds: 1_209_600 }, transform.failureQueue),
    opts,
  );
  const policy: aws.iam.PolicyDocument = policyDocument([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: failureQueue.arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    ...(admit?.(failureQueue.arn) ?? []),
  ]);
  const failureQueuePolicy = new aws.sqs.QueuePolicy(
    `${name}-failures-policy`,
    override<aws.sqs.QueuePolicyArgs>({ queueUrl: failureQueue.url, policy }, transform.failureQueuePolicy),
    opts,
  );
  return { failureQueue, failureQueuePolicy };
}

/** Queue, policy and alarm, the last under the name `${name}-failures-alarm`. */
export function createFailureQueue(
  name: string,
  args: FailureQueueArgs,
  opts: CustomResourceOptions,
): FailureQueueNodes {
  const { failureQueue, failureQueuePolicy } = createQueue(name, args, opts);
  const failuresAlarm = new aws.cloudwatch.MetricAlarm(
    `${name}-failures-alarm`,
    override<aws.cloudwatch.MetricAlarmArgs>(
      {
        alarmDescription: args.description,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: failureQueue.name },
        statistic: "Maximum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        // SQS reports nothing for a queue that has been idle for hours.
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
      },
      args.transform.failuresAlarm,
    ),
    opts,
  );
  return { failureQueue, failureQueuePolicy, failuresAlarm };
}

/**
 * Rights of a role to put messages in the queue. AWS: SQS developer guide, "Key management": a sender needs the data key
 * and its decryption; through SQS alone, since the stack's other data share the key.
 */
export function failureQueueStatements(queueArn: Output<string>, keyArn: Input<string>): aws.iam.PolicyStatement[] {
  const region = output(queueArn).apply((arn) => arn.split(":")[3] ?? "");
  return [
    { Effect: "Allow", Action: "sqs:SendMessage", Resource: queueArn },
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": interpolate`sqs.${region}.amazonaws.com` } },
    },
  ];
}
