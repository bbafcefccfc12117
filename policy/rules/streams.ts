import type * as aws from "@pulumi/aws";

import { lacksCustomerKey } from "../lib/keys";
import { on, rule } from "../lib/rule";
import { types } from "../lib/types";

export const firehoseSse = rule(
  {
    name: "firehose-sse",
    description: "Deliveries encrypt what they hold and what they write with a customer-managed key",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["DataFirehose.1", "Firehose delivery streams should be encrypted at rest"],
    remediationSteps:
      "Set serverSideEncryption to enabled with the stack's key, and extendedS3Configuration.kmsKeyArn.",
  },
  on<aws.kinesis.FirehoseDeliveryStreamArgs>(types.firehose, ({ props, report }) => {
    // What comes from a stream is encrypted there, and Firehose keeps none of it.
    const encryption = props.at("serverSideEncryption");
    if (props.at("kinesisSourceConfiguration").isEmpty()) {
      if (encryption.at("enabled").isNot(true)) {
        report(encryption.at("enabled"), "is not on", "set it to true, with keyArn, the stack's key");
      } else if (encryption.at("keyType").isNot("CUSTOMER_MANAGED_CMK")) {
        report(encryption.at("keyType"), "is not CUSTOMER_MANAGED_CMK", "set it, with keyArn, the stack's key");
      } else if (lacksCustomerKey(encryption.at("keyArn"))) {
        report(encryption.at("keyArn"), "is not a customer-managed key", "set it to the ARN of the stack's key");
      }
    }
    const files = props.at("extendedS3Configuration");
    if (!files.isEmpty() && lacksCustomerKey(files.at("kmsKeyArn"))) {
      report(files.at("kmsKeyArn"), "is not a customer-managed key", "set it to the ARN of the bucket's key");
    }
  }),
);

export const firehoseErrorLogs = rule(
  {
    name: "firehose-error-logs",
    description: "Deliveries say what they could not deliver, and keep the record that they changed",
    severity: "medium",
    levels: "A/A/M",
    url: "https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html",
    remediationSteps:
      "Set cloudwatchLoggingOptions; where records are converted or processed set s3BackupMode to Enabled.",
  },
  on<aws.kinesis.FirehoseDeliveryStreamArgs>(types.firehose, ({ props, report }) => {
    const files = props.at("extendedS3Configuration");
    if (files.isEmpty()) return;
    const logs = files.at("cloudwatchLoggingOptions").at("enabled");
    if (logs.isNot(true)) report(logs, "is not on", "set it to true, with logGroupName and logStreamName");
    const conversion = files.at("dataFormatConversionConfiguration");
    const processing = files.at("processingConfiguration");
    // Where nothing is said, a conversion that is there is on, and processing is off.
    const converted = !conversion.isEmpty() && conversion.at("enabled").isNot(false);
    const changed = converted || processing.at("enabled").is(true);
    const backup = files.at("s3BackupMode");
    if (changed && backup.isNot("Enabled")) {
      report(backup, "is not Enabled", "set it, with s3BackupConfiguration: a faulty transform loses records else");
    }
  }),
);

export const streamRetention = rule(
  {
    name: "stream-retention",
    description: "Streams remember long enough for a fault of a weekend to be mended",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["Kinesis.3", "Kinesis streams should have an adequate data retention period"],
    remediationSteps: "Set retentionPeriod to 168 hours or more.",
    config: { hours: { type: "integer", default: 168, description: "least retention, in hours" } },
  },
  on<aws.kinesis.StreamArgs>(types.stream, ({ props, config, report }) => {
    const least = Number(config.hours);
    const retention = props.at("retentionPeriod");
    // AWS: 24 hours where nothing is said.
    if (!retention.unknown && Number(retention.known ?? 24) < least) {
      report(retention, `is less than ${least} hours`, "raise it");
    }
  }),
);
