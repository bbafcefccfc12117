import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Access } from "../shared/access";
import { override } from "../shared/override";
import type { Settled } from "./settle";

/** The stream that producers write to. */
export function createStream(parent: pulumi.Resource, s: Settled): aws.kinesis.Stream {
  const { args, retentionHours } = s;
  return new aws.kinesis.Stream(
    `${s.name}-stream`,
    override<aws.kinesis.StreamArgs>(
      {
        ...(args.shards === undefined
          ? { streamModeDetails: { streamMode: "ON_DEMAND" } }
          : { streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: args.shards }),
        retentionPeriod: retentionHours,
        encryptionType: "KMS",
        kmsKeyId: args.keyArn,
      },
      args.transform?.stream,
    ),
    { parent, protect: args.keep },
  );
}

/** `arn:partition:kinesis:region:account:stream/name`: where everything of this component is. */
export function placeOf(stream: aws.kinesis.Stream): Record<"partition" | "region" | "account", pulumi.Output<string>> {
  const part = (i: number): pulumi.Output<string> => stream.arn.apply((arn) => arn.split(":")[i] ?? "");
  return { partition: part(1), region: part(3), account: part(4) };
}

/** The key's use through one service alone, since the stack's other data share the key. */
export function keyThrough(
  stream: aws.kinesis.Stream,
  service: "kinesis" | "lambda" | "s3",
  actions: string | string[],
  keyArns: pulumi.Input<string>,
): aws.iam.PolicyStatement {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: keyArns,
    Condition: {
      StringEquals: { "kms:ViaService": pulumi.interpolate`${service}.${placeOf(stream).region}.amazonaws.com` },
    },
  };
}

/** Rights to put records on the stream. Sets `NAME`. */
export function writeAccess(s: Settled, stream: aws.kinesis.Stream): Access {
  return {
    name: s.name,
    env: { NAME: stream.name },
    statements: [
      { Effect: "Allow", Action: ["kinesis:PutRecord", "kinesis:PutRecords"], Resource: stream.arn },
      // AWS: Kinesis Data Streams developer guide, "Permissions to use user-generated KMS keys".
      keyThrough(stream, "kinesis", "kms:GenerateDataKey", s.args.keyArn),
    ],
  };
}

/** Rights to read the stream beside the lake. Sets `STREAM_ARN`, and so goes together with `write`. */
export function readAccess(s: Settled, stream: aws.kinesis.Stream): Access {
  return { name: s.name, env: { STREAM_ARN: stream.arn }, statements: readStatements(s, stream) };
}

/** What Lambda, and any consumer of the API, needs to read. */
export function readStatements(s: Settled, stream: aws.kinesis.Stream): aws.iam.PolicyStatement[] {
  const actions = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"];
  return [
    { Effect: "Allow", Action: actions.map((action) => `kinesis:${action}`), Resource: stream.arn },
    keyThrough(stream, "kinesis", "kms:Decrypt", s.args.keyArn),
  ];
}
