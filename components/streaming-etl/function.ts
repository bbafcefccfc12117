import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, policyDocument } from "../shared/policy-document";
import type { Settled } from "./settle";
import { keyThrough, readStatements } from "./stream";
import type { ConsumerTransform, DeliveryNodes, FailuresBucket, FunctionNodes, StreamCode } from "./types";

type Made = Pick<FailuresBucket, "failures"> &
  Pick<DeliveryNodes, "delivery"> & { readonly stream: aws.kinesis.Stream };

/** A function that reads the stream. */
export interface Consumer {
  /** What its resources' names begin with. */
  readonly prefix: string;
  /** What it does, of the role and of the function. */
  readonly purpose: string;
  readonly description: string;
  /** Files of the function's source; the first has the handler. The SDK is the runtime's. */
  readonly sources: readonly [main: string, ...rest: string[]];
  readonly code: StreamCode | undefined;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Rights beside reading, logging and putting failures aside. */
  readonly statements: readonly aws.iam.PolicyStatement[];
  readonly transform: ConsumerTransform;
}

/** The function between the stream and Firehose, and the mapping that calls it. */
export function createFunction(parent: pulumi.Resource, s: Settled, made: Made): FunctionNodes {
  return createConsumer(parent, s, made, {
    prefix: s.name,
    transform: s.args.transform ?? {},
    purpose: "turns stream records into rows of the lake",
    description: `Turns records of stream ${s.name} into rows of the lake`,
    sources: ["index.js", "handler.js", "delivery.js"],
    code: s.args.code,
    memoryMb: s.code.memoryMb,
    timeoutSeconds: s.code.timeoutSeconds,
    variables: { ...s.uses.environment, DELIVERY_STREAM: made.delivery.name },
    statements: [
      { Effect: "Allow", Action: "firehose:PutRecordBatch", Resource: made.delivery.arn },
      ...s.uses.statements,
    ],
  });
}

/** A function with its role, its log and the mapping that calls it. */
export function createConsumer(
  parent: pulumi.Resource,
  s: Settled,
  made: Omit<Made, "delivery">,
  consumer: Consumer,
): FunctionNodes {
  const { args } = s;
  const { prefix: name, purpose, sources, transform } = consumer;
  const functionLogGroup = new aws.cloudwatch.LogGroup(
    `${name}-function-logs`,
    override<aws.cloudwatch.LogGroupArgs>(
      { kmsKeyId: args.keyArn, retentionInDays: args.logRetentionDays, deletionProtectionEnabled: args.keep },
      transform.functionLogGroup,
    ),
    { parent, protect: args.keep },
  );
  const functionRole = new aws.iam.Role(
    `${name}-function-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: ${purpose}`,
        assumeRolePolicy: assumableBy("lambda.amazonaws.com"),
      },
      transform.functionRole,
    ),
    { parent },
  );
  const functionPolicy = new aws.iam.RolePolicy(
    `${name}-function-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: functionRole.name, policy: policyDocument(rights(s, made, functionLogGroup, consumer.statements)) },
      transform.functionPolicy,
    ),
    { parent },
  );
  const lambda = new aws.lambda.Function(
    `${name}-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: consumer.description,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: sources[0].replace(/\.js$/, ".handler"),
        code: new pulumi.asset.AssetArchive({
          ...Object.fromEntries(sources.map((file) => [file, new pulumi.asset.StringAsset(sourceOf(file))])),
          ...usersCode(consumer.code),
        }),
        role: functionRole.arn,
        timeout: consumer.timeoutSeconds,
        memorySize: consumer.memoryMb,
        ...(args.concurrency !== undefined && { reservedConcurrentExecutions: args.concurrency }),
        loggingConfig: { logFormat: "JSON", logGroup: functionLogGroup.name },
        kmsKeyArn: args.keyArn,
        environment: {
          variables: {
            ...consumer.variables,
            ...(consumer.code !== undefined && { TRANSFORM: "./transform" }),
          },
        },
      },
      transform.function,
    ),
    // Lambda reads the variables with the role's right on the key.
    { parent, dependsOn: [functionPolicy] },
  );
  const mapping = new aws.lambda.EventSourceMapping(
    `${name}-mapping`,
    override<aws.lambda.EventSourceMappingArgs>(mappingArgs(s, made, lambda), transform.mapping),
    // Lambda refuses a mapping whose function may not read the stream or write to the bucket.
    { parent, dependsOn: [functionPolicy] },
  );
  return { functionLogGroup, functionRole, functionPolicy, function: lambda, mapping };
}

function sourceOf(file: string): string {
  return readFileSync(join(__dirname, "function", file), "utf8");
}

/** `require("./transform")` finds either. */
function usersCode(code: StreamCode | undefined): pulumi.asset.AssetMap {
  if (code === undefined) return {};
  const { path } = code;
  return statSync(path).isDirectory()
    ? { transform: new pulumi.asset.FileArchive(path) }
    : { "transform.js": new pulumi.asset.FileAsset(path) };
}

function mappingArgs(
  s: Settled,
  made: Omit<Made, "delivery">,
  lambda: aws.lambda.Function,
): aws.lambda.EventSourceMappingArgs {
  const { batches } = s;
  return {
    eventSourceArn: made.stream.arn,
    functionName: lambda.arn,
    // The oldest: nothing is missed between the making of the stream and of the mapping.
    startingPosition: "TRIM_HORIZON",
    batchSize: batches.size,
    maximumBatchingWindowInSeconds: batches.windowSeconds,
    parallelizationFactor: batches.parallel,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: batches.retries,
    maximumRecordAgeInSeconds: batches.maxAgeHours * 3600,
    functionResponseTypes: ["ReportBatchItemFailures"],
    // To a bucket Lambda sends the records themselves; a queue would be told where they were.
    destinationConfig: { onFailure: { destinationArn: made.failures.arn } },
    metricsConfig: { metrics: ["EventCount"] },
  };
}

function rights(
  s: Settled,
  { failures, stream }: Omit<Made, "delivery">,
  logGroup: aws.cloudwatch.LogGroup,
  own: readonly aws.iam.PolicyStatement[],
): aws.iam.PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    ...readStatements(s, stream),
    // AWS: Lambda developer guide, "Retain discarded batch records for a Kinesis Data Streams event source".
    { Effect: "Allow", Action: "s3:ListBucket", Resource: failures.arn },
    { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${failures.arn}/aws/lambda/*` },
    keyThrough(stream, "s3", "kms:GenerateDataKey", s.args.keyArn),
    keyThrough(stream, "lambda", "kms:Decrypt", s.args.keyArn),
    ...own,
  ];
}
