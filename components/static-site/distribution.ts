import * as aws from "@pulumi/aws";
import type { Resource } from "@pulumi/pulumi";

import { forwardedBehavior } from "../edge/behaviors";
import { createDistribution, type DistributionSettings } from "../edge/distribution";
import { createHeadersPolicy } from "../edge/headers";
import { createVpcOrigin, loadBalancerOrigin } from "../edge/origin";
import { createViewer } from "../edge/viewer";
import { createWaf } from "../edge/waf";
import { override } from "../shared/override";
import { immutableFolder, type SiteLayout } from "./release";
import type { Settled } from "./rules";
import type { SiteRouting, StaticSiteNodes, StaticSiteTransform } from "./types";

type Behavior = aws.types.input.cloudfront.DistributionDefaultCacheBehavior;
type OrderedBehavior = aws.types.input.cloudfront.DistributionOrderedCacheBehavior;
type Origin = aws.types.input.cloudfront.DistributionOrigin;

/**
 * AWS: "Use managed cache policies", CachingOptimized: by path alone. The path names the release, so what is kept is
 * never out of date, and no release needs an invalidation.
 */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** The two ways into the bucket: to the releases, and to the folder that they share. */
const siteOrigin = "site";
const immutableOrigin = "immutable";

/** The distribution, and what it is made of. */
export type Front = Pick<
  StaticSiteNodes,
  | "originAccess"
  | "pageHeadersPolicy"
  | "headersPolicy"
  | "vpcOrigin"
  | "certificate"
  | "distribution"
  | "webAcl"
  | "webAclLogGroup"
  | "webAclLogging"
>;

/** What the distribution leads to. */
export interface FrontTargets {
  readonly layout: SiteLayout;
  readonly bucket: aws.s3.Bucket;
  readonly routing: SiteRouting;
}

/** The distribution over the bucket and, by switch, a load balancer. */
export function createFront(
  parent: Resource,
  name: string,
  settled: Settled,
  { layout, bucket, routing }: FrontTargets,
  transform: StaticSiteTransform,
): Front {
  const csp = settled.contentSecurityPolicy;
  const originAccess = createOriginAccess(parent, name, transform);
  // Kept, but asked for again each time: a 304 is cheap, and a release shows at once.
  const pageHeaders = { contentSecurityPolicy: csp, cacheControl: "no-cache" };
  const pageHeadersPolicy = createHeadersPolicy(parent, `${name}-page`, pageHeaders, transform.pageHeadersPolicy);
  const files: Omit<Origin, "originId"> = {
    domainName: bucket.bucketRegionalDomainName,
    originAccessControlId: originAccess.id,
  };
  const others = createOthers(parent, name, settled, { routing, files }, transform);
  const certificateNames = settled.api?.origin.certificateNames ?? [];
  const viewer = createViewer(parent, name, settled.domain, certificateNames, transform.certificate);
  const waf = settled.waf === undefined ? undefined : createWaf(parent, name, settled.waf, transform);
  const distribution = createDistribution(
    parent,
    name,
    {
      ...viewer.args,
      priceClass: settled.priceClass,
      defaultRootObject: layout.indexDocument,
      origins: [{ originId: siteOrigin, ...files }, ...others.origins],
      defaultCacheBehavior: {
        ...fileBehavior(siteOrigin, pageHeadersPolicy),
        functionAssociations: [
          { eventType: "viewer-request", functionArn: routing.requestFunction.arn },
          ...atResponse(routing.notFoundFunction),
        ],
      },
      ...(others.behaviors.length > 0 && { orderedCacheBehaviors: others.behaviors }),
      ...(waf !== undefined && { webAclId: waf.webAcl.arn }),
    } satisfies DistributionSettings,
    transform.distribution,
  );
  const { headersPolicy, vpcOrigin } = others;
  const { certificate } = viewer;
  return { originAccess, pageHeadersPolicy, headersPolicy, vpcOrigin, certificate, distribution, ...waf };
}

/** Lets CloudFront sign its requests to S3: the way into a private bucket. */
function createOriginAccess(
  parent: Resource,
  name: string,
  transform: StaticSiteTransform,
): aws.cloudfront.OriginAccessControl {
  return new aws.cloudfront.OriginAccessControl(
    `${name}-origin-access`,
    override<aws.cloudfront.OriginAccessControlArgs>(
      {
        description: `Reads the files of ${name}`,
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      transform.originAccess,
    ),
    { parent },
  );
}

/** Everything besides the pages: the API's paths and the immutable ones. They share a headers policy. */
function createOthers(
  parent: Resource,
  name: string,
  { api, immutablePaths, contentSecurityPolicy }: Settled,
  { routing, files }: { readonly routing: SiteRouting; readonly files: Omit<Origin, "originId"> },
  transform: StaticSiteTransform,
): Pick<Front, "headersPolicy" | "vpcOrigin"> & { origins: Origin[]; behaviors: OrderedBehavior[] } {
  const origins: Origin[] = [];
  const behaviors: OrderedBehavior[] = [];
  if (api === undefined && immutablePaths.length === 0) {
    return { headersPolicy: undefined, vpcOrigin: undefined, origins, behaviors };
  }
  const headersPolicy = createHeadersPolicy(parent, name, { contentSecurityPolicy }, transform.headersPolicy);
  let vpcOrigin: aws.cloudfront.VpcOrigin | undefined;
  if (api !== undefined) {
    vpcOrigin = createVpcOrigin(parent, name, api.origin, transform.vpcOrigin);
    const { id, origin } = loadBalancerOrigin(vpcOrigin, api.origin, api.responseTimeoutSeconds);
    origins.push(origin);
    // No function of the site runs here, and nothing of the answer is changed: an API's 404 stays its own.
    for (const pathPattern of api.paths) behaviors.push({ pathPattern, ...forwardedBehavior(id, headersPolicy.id) });
  }
  if (immutablePaths.length > 0) {
    origins.push({ originId: immutableOrigin, originPath: `/${immutableFolder}`, ...files });
    const behavior = {
      ...fileBehavior(immutableOrigin, headersPolicy),
      functionAssociations: atResponse(routing.immutableFunction),
    };
    for (const pathPattern of immutablePaths) behaviors.push({ pathPattern, ...behavior });
  }
  return { headersPolicy, vpcOrigin, origins, behaviors };
}

/** Files are read, compressed and kept; neither cookies nor query strings reach S3. */
function fileBehavior(originId: string, headersPolicy: aws.cloudfront.ResponseHeadersPolicy): Behavior {
  return {
    targetOriginId: originId,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: cachingOptimized,
    responseHeadersPolicyId: headersPolicy.id,
  };
}

function atResponse(
  made: aws.cloudfront.Function | undefined,
): aws.types.input.cloudfront.DistributionDefaultCacheBehaviorFunctionAssociation[] {
  return made === undefined ? [] : [{ eventType: "viewer-response", functionArn: made.arn }];
}
