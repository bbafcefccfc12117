import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";
import type { LogDestination } from "../shared/placement";
import { edgeRegion } from "./region";

/** CloudFront's access log, from the distribution to the archive. */
export interface AccessLog {
  readonly logSource: aws.cloudwatch.LogDeliverySource;
  readonly logDestination: aws.cloudwatch.LogDeliveryDestination;
  readonly logDelivery: aws.cloudwatch.LogDelivery;
}

export interface AccessLogTransform {
  readonly logSource?: Override<aws.cloudwatch.LogDeliverySourceArgs>;
  readonly logDestination?: Override<aws.cloudwatch.LogDeliveryDestinationArgs>;
  readonly logDelivery?: Override<aws.cloudwatch.LogDeliveryArgs>;
}

/**
 * Standard logging v2. The first version writes by ACL, which a bucket with ownership enforced refuses. Lines are JSON
 * under `AWSLogs/<account>/CloudFront/<distribution>/<year>/<month>/<day>/<hour>/`: AWS puts the first three in front.
 */
export function createAccessLog(
  parent: pulumi.Resource,
  name: string,
  distribution: aws.cloudfront.Distribution,
  archive: LogDestination,
  transform: AccessLogTransform,
): AccessLog {
  const opts = { parent };
  const logSource = new aws.cloudwatch.LogDeliverySource(
    `${name}-log-source`,
    override<aws.cloudwatch.LogDeliverySourceArgs>(
      { region: edgeRegion, logType: "ACCESS_LOGS", resourceArn: distribution.arn },
      transform.logSource,
    ),
    opts,
  );
  const logDestination = new aws.cloudwatch.LogDeliveryDestination(
    `${name}-log-destination`,
    override<aws.cloudwatch.LogDeliveryDestinationArgs>(
      {
        region: edgeRegion,
        outputFormat: "json",
        deliveryDestinationConfiguration: { destinationResourceArn: archive.bucketArn },
      },
      transform.logDestination,
    ),
    opts,
  );
  const logDelivery = new aws.cloudwatch.LogDelivery(
    `${name}-log-delivery`,
    override<aws.cloudwatch.LogDeliveryArgs>(
      {
        region: edgeRegion,
        deliverySourceName: logSource.name,
        deliveryDestinationArn: logDestination.arn,
        s3DeliveryConfigurations: [
          { suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enableHiveCompatiblePath: false },
        ],
      },
      transform.logDelivery,
    ),
    opts,
  );
  return { logSource, logDestination, logDelivery };
}
