import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import { assumableBy, document } from "../task/iam";
import type { Settled } from "./settle";
import { keyThrough, readStatements } from "./stream";
import type { DeliveryNodes, FailuresBucket, FunctionNodes } from "./types";

type Made = Pick<FailuresBucket, "failures"> &
  Pick<DeliveryNodes, "delivery"> & { readonly stream: aws.kinesis.Stream };

/** The function's source. Its SDK is the runtime's. */
const sources = ["index.js", "handler.js", "delivery.js"].map(
  (file) => [file, readFileSync(join(__dirname, "function", file), "utf8")] as const,
);

/** The function between the stream and Firehose, and the mapping that calls it. */
export function createFunction(parent: pulumi.Resource, s: Settled, made: Made): FunctionNodes {
  const { name, args, code } = s;
  const transform = args.transform ?? {};
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
        description: `${name}: turns stream records into rows of the lake`,
        assumeRolePolicy: assumableBy("lambda.amazonaws.com"),
      },
      transform.functionRole,
    ),
    { parent },
  );
  const functionPolicy = new aws.iam.RolePolicy(
    `${name}-function-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: functionRole.name, policy: document(rights(s, made, functionLogGroup)) },
      transform.functionPolicy,
    ),
    { parent },
  );
  const lambda = new aws.lambda.Function(
    `${name}-function`,
    override<aws.lambda.FunctionArgs>(
      {
        description: `Turns records of stream ${name} into rows of the lake`,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({
          ...Object.fromEntries(sources.map(([file, text]) => [file, new pulumi.asset.StringAsset(text)])),
          ...usersCode(s),
        }),
        role: functionRole.arn,
        timeout: code.timeoutSeconds,
        memorySize: code.memoryMb,
        loggingConfig: { logFormat: "JSON", logGroup: functionLogGroup.name },
        kmsKeyArn: args.keyArn,
        environment: {
          variables: {
            ...s.uses.environment,
            DELIVERY_STREAM: made.delivery.name,
            ...(args.code !== undefined && { TRANSFORM: "./transform" }),
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

/** `require("./transform")` finds either. */
function usersCode({ args }: Settled): pulumi.asset.AssetMap {
  if (args.code === undefined) return {};
  const { path } = args.code;
  return statSync(path).isDirectory()
    ? { transform: new pulumi.asset.FileArchive(path) }
    : { "transform.js": new pulumi.asset.FileAsset(path) };
}

function mappingArgs(s: Settled, made: Made, lambda: aws.lambda.Function): aws.lambda.EventSourceMappingArgs {
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

function rights(s: Settled, made: Made, logGroup: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
  const { failures, delivery, stream } = made;
  return [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logGroup.arn}:*`,
    },
    ...readStatements(s, stream),
    { Effect: "Allow", Action: "firehose:PutRecordBatch", Resource: delivery.arn },
    // AWS: Lambda developer guide, "Retain discarded batch records for a Kinesis Data Streams event source".
    { Effect: "Allow", Action: "s3:ListBucket", Resource: failures.arn },
    { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${failures.arn}/aws/lambda/*` },
    keyThrough(stream, "s3", "kms:GenerateDataKey", s.args.keyArn),
    keyThrough(stream, "lambda", "kms:Decrypt", s.args.keyArn),
    ...s.uses.statements,
  ];
}
