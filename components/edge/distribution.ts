import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";

/** What differs between one front and another. */
export type DistributionSettings = Pick<
  aws.cloudfront.DistributionArgs,
  | "aliases"
  | "viewerCertificate"
  | "priceClass"
  | "origins"
  | "defaultCacheBehavior"
  | "orderedCacheBehaviors"
  | "defaultRootObject"
  | "customErrorResponses"
  | "webAclId"
>;

/** A distribution with what every front shares: HTTP/3, IPv6, no country left out. */
export function createDistribution(
  parent: pulumi.Resource,
  name: string,
  settings: DistributionSettings,
  transform: Override<aws.cloudfront.DistributionArgs> | undefined,
): aws.cloudfront.Distribution {
  return new aws.cloudfront.Distribution(
    `${name}-distribution`,
    override<aws.cloudfront.DistributionArgs>(
      {
        enabled: true,
        comment: name,
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        restrictions: { geoRestriction: { restrictionType: "none" } },
        ...settings,
      },
      transform,
    ),
    { parent },
  );
}
