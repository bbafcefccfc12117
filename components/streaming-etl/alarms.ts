import * as aws from "@pulumi/aws";
import type { Input, Resource } from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import type { Settled } from "./settle";
import type { StreamAlarms, StreamingEtlNodes } from "./types";

type Made = Pick<StreamingEtlNodes, "stream" | "delivery" | "mapping">;
type Own = Partial<aws.cloudwatch.MetricAlarmArgs> & { alarmDescription: string; threshold: number };

/** An alarm for each way in which rows can be late or lost, each on this stream, this mapping or this delivery alone. */
export function createAlarms(parent: Resource, s: Settled, { stream, delivery, mapping }: Made): StreamAlarms {
  const { name, alarms, files, failureDays, dynamic } = s;
  const transform = s.args.transform ?? {};
  const ofStream = { StreamName: stream.name };
  const ofDelivery = { DeliveryStreamName: delivery.name };
  const make = (role: string, own: Own, by: Override<aws.cloudwatch.MetricAlarmArgs> | undefined) =>
    new aws.cloudwatch.MetricAlarm(`${name}-${role}-alarm`, override(alarmArgs(s, own), by), { parent });
  return {
    lagAlarm: make(
      "lag",
      {
        alarmDescription:
          `${name}: records are read ${alarms.lagMinutes} minutes late or more; the stream forgets them after ` +
          `${s.retentionHours} hours. Look at the function's errors and throttles; raise batches.parallel or shards.`,
        ...metric("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", ofStream, "Maximum"),
        threshold: alarms.lagMinutes * 60_000,
        ...threeOfFive,
      },
      transform.lagAlarm,
    ),
    throttlesAlarm: make(
      "throttles",
      {
        alarmDescription:
          `${name}: ${alarms.throttles} or more reads and writes a minute were throttled. Producers may lose records that ` +
          "they do not send again: spread the partition keys, add shards, or take the stream on demand.",
        metricQueries: [
          query("writes", "WriteProvisionedThroughputExceeded", ofStream),
          query("reads", "ReadProvisionedThroughputExceeded", ofStream),
          { id: "throttles", label: "Throttled", expression: "FILL(writes, 0) + FILL(reads, 0)", returnData: true },
        ],
        threshold: alarms.throttles,
        ...threeOfFive,
      },
      transform.throttlesAlarm,
    ),
    failuresAlarm: make(
      "failures",
      {
        alarmDescription:
          `${name}: records were given up. They are in the bucket of failures for ${failureDays} days: see in the function's ` +
          "log why, correct it, then replay them (output replayCommand).",
        ...metric("AWS/Lambda", "DroppedEventCount", { EventSourceMappingUUID: mapping.uuid }, "Sum"),
        threshold: 1,
        evaluationPeriods: 1,
      },
      transform.failuresAlarm,
    ),
    freshnessAlarm: make(
      "freshness",
      {
        alarmDescription:
          `${name}: the oldest row that is not in the lake is ${alarms.freshnessMinutes} minutes old or more; ` +
          `${files.seconds} seconds are by design. Firehose tries for 24 hours: read the delivery's log.`,
        ...metric("AWS/Firehose", "DeliveryToS3.DataFreshness", ofDelivery, "Maximum"),
        threshold: alarms.freshnessMinutes * 60,
        ...threeOfFive,
      },
      transform.freshnessAlarm,
    ),
    conversionAlarm: make(
      "conversion",
      {
        alarmDescription:
          `${name}: rows do not fit the table's schema and went to _errors/${name}/ in the zone's bucket. Compare them with ` +
          "the table's columns; correct the transform or the table, then put them on the stream again.",
        ...metric("AWS/Firehose", "FailedConversion.Records", ofDelivery, "Sum"),
        threshold: 1,
        evaluationPeriods: 1,
      },
      transform.conversionAlarm,
    ),
    partitionsAlarm: dynamic
      ? make(
          "partitions",
          {
            alarmDescription:
              `${name}: more partitions are open at a time than Firehose allows (500, a quota), and the rest goes to ` +
              `_errors/${name}/. Partition by something coarser, or ask AWS for more.`,
            ...metric("AWS/Firehose", "PartitionCountExceeded", ofDelivery, "Maximum"),
            threshold: 1,
            evaluationPeriods: 1,
          },
          transform.partitionsAlarm,
        )
      : undefined,
  };
}

/** A single minute is no news: everything here tries again. */
export const threeOfFive = { evaluationPeriods: 5, datapointsToAlarm: 3 };

export function metric(
  namespace: string,
  metricName: string,
  dimensions: Record<string, Input<string>>,
  statistic: string,
) {
  return { namespace, metricName, dimensions, statistic, period: 60 };
}

function query(
  id: string,
  metricName: string,
  dimensions: Record<string, Input<string>>,
): aws.types.input.cloudwatch.MetricAlarmMetricQuery {
  return {
    id,
    returnData: false,
    metric: { namespace: "AWS/Kinesis", metricName, stat: "Sum", period: 60, dimensions },
  };
}

export function alarmArgs(s: Settled, own: Own): aws.cloudwatch.MetricAlarmArgs {
  return {
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    evaluationPeriods: 5,
    // A stream without records reports nothing.
    treatMissingData: "notBreaching",
    alarmActions: [s.args.alarmTopicArn],
    okActions: [s.args.alarmTopicArn],
    ...own,
  };
}
