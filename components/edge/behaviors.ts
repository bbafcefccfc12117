import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";

type DefaultBehavior = aws.types.input.cloudfront.DistributionDefaultCacheBehavior;
type OrderedBehavior = aws.types.input.cloudfront.DistributionOrderedCacheBehavior;

/** AWS: "Use managed cache policies", CachingDisabled. */
export const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/** AWS: "Use managed origin request policies", AllViewer. */
export const allViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3";

/**
 * Everything goes to the origin and nothing is kept. AllViewer passes the Host header on, so that host rules, cookies
 * and absolute links see the name that the user typed; the origin's certificate has to cover it.
 */
export function forwardedBehavior(originId: string, headersPolicyId: pulumi.Input<string>): DefaultBehavior {
  return {
    targetOriginId: originId,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: cachingDisabled,
    originRequestPolicyId: allViewer,
    responseHeadersPolicyId: headersPolicyId,
  };
}

/** Answers are kept; no origin request policy, so that a cookie neither reaches the origin nor is kept for others. */
export function cachedBehavior(
  pathPattern: string,
  originId: string,
  cachePolicyId: pulumi.Input<string>,
  headersPolicyId: pulumi.Input<string>,
): OrderedBehavior {
  return {
    pathPattern,
    targetOriginId: originId,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD", "OPTIONS"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId,
    responseHeadersPolicyId: headersPolicyId,
  };
}

/**
 * Keeps what the origin lets it keep. The managed CachingOptimized leaves host and query string out of the key and off
 * the request: two aliases would share one entry, no host rule would match, and `app.js?v=2` would be `?v=1`.
 */
export function createCachePolicy(
  parent: pulumi.Resource,
  name: string,
  transform: Override<aws.cloudfront.CachePolicyArgs> | undefined,
): aws.cloudfront.CachePolicy {
  return new aws.cloudfront.CachePolicy(
    `${name}-cache`,
    override<aws.cloudfront.CachePolicyArgs>(
      {
        comment: "Static paths, by host and query string",
        // 0, so that no-store and private are obeyed; a day where the origin says nothing; a year at most.
        minTtl: 0,
        defaultTtl: 86_400,
        maxTtl: 31_536_000,
        parametersInCacheKeyAndForwardedToOrigin: {
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
          headersConfig: { headerBehavior: "whitelist", headers: { items: ["Host"] } },
          queryStringsConfig: { queryStringBehavior: "all" },
          cookiesConfig: { cookieBehavior: "none" },
        },
      },
      transform,
    ),
    { parent },
  );
}
