import * as aws from "@pulumi/aws";
import type { Resource } from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import { alarmArgs, metric, threeOfFive } from "./alarms";
import { createConsumer } from "./function";
import type { Settled, SettledCopy } from "./settle";
import type { CopyNodes, FailuresBucket } from "./types";

type Made = Pick<FailuresBucket, "failures"> & { readonly stream: aws.kinesis.Stream };

/** A second reader of the stream for each copy: a function that puts each record's item in the table. */
export function createCopies(parent: Resource, s: Settled, made: Made): Readonly<Record<string, CopyNodes>> {
  return Object.fromEntries(s.copies.map((copy) => [copy.name, createCopy(parent, s, made, copy)]));
}

function createCopy(parent: Resource, s: Settled, made: Made, copy: SettledCopy): CopyNodes {
  const prefix = `${s.name}-${copy.name}`;
  const transform = s.args.transform?.copies ?? {};
  const consumer = createConsumer(parent, s, made, {
    prefix,
    transform,
    code: copy.code,
    memoryMb: copy.memoryMb,
    timeoutSeconds: copy.timeoutSeconds,
    purpose: "puts stream records into a table",
    description: `Puts records of stream ${s.name} into a table`,
    sources: ["copy.js", "handler.js", "delivery.js", "table.js"],
    variables: { ...copy.code?.environment, TABLE_NAME: copy.tableName },
    statements: copy.statements,
  });
  const alarm = (role: string, own: Parameters<typeof alarmArgs>[1], by?: Override<aws.cloudwatch.MetricAlarmArgs>) =>
    new aws.cloudwatch.MetricAlarm(`${prefix}-${role}-alarm`, override(alarmArgs(s, own), by), { parent });
  return {
    ...consumer,
    lagAlarm: alarm(
      "lag",
      {
        alarmDescription:
          `${prefix}: records come to the table ${s.alarms.lagMinutes} minutes late or more. Look at the function's errors, ` +
          "and at the table's throttled writes.",
        ...metric("AWS/Lambda", "IteratorAge", { FunctionName: consumer.function.name }, "Maximum"),
        threshold: s.alarms.lagMinutes * 60_000,
        ...threeOfFive,
      },
      transform.lagAlarm,
    ),
    failuresAlarm: alarm(
      "failures",
      {
        alarmDescription:
          `${prefix}: records were given up. They are in the bucket of failures for ${s.failureDays} days: see in the ` +
          "function's log why, correct it, then replay them (output replayCommand).",
        ...metric("AWS/Lambda", "DroppedEventCount", { EventSourceMappingUUID: consumer.mapping.uuid }, "Sum"),
        threshold: 1,
        evaluationPeriods: 1,
      },
      transform.failuresAlarm,
    ),
  };
}
