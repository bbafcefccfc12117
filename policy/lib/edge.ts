import { environmentOf } from "./environment";
import type { Node, Stack } from "./stack";
import { types } from "./types";
import type { Value } from "./value";

/**
 * The one place where plain HTTP is known and accepted: a dev stack that has no domain yet, and so no certificate.
 * CloudFront serves its own domain under its own certificate and reaches an internal load balancer over HTTP, from
 * its VPC origin, inside the VPC. The distribution is reported for it once, and the rest of the shape not again.
 * Where it has private buckets alone behind it, its own certificate is all that there is to report.
 */
export interface WithoutDomain {
  readonly distributions: ReadonlySet<Node>;
  /** Distributions before private buckets alone. */
  readonly sites: ReadonlySet<Node>;
  readonly origins: ReadonlySet<Node>;
  readonly loadBalancers: ReadonlySet<Node>;
}

export function withoutDomain(stack: Stack, environments: Parameters<typeof environmentOf>[1]): WithoutDomain {
  const sets = { distributions: new Set<Node>(), sites: new Set<Node>() };
  const found = { ...sets, origins: new Set<Node>(), loadBalancers: new Set<Node>() };
  for (const distribution of stack.ofType(types.distribution)) {
    if (environmentOf(distribution.urn, environments) !== "dev") continue;
    const ownCertificate = distribution.props.dig("viewerCertificate", "cloudfrontDefaultCertificate").is(true);
    if (!ownCertificate || !distribution.props.dig("aliases").isEmpty()) continue;
    if (servesPrivateBuckets(distribution)) found.sites.add(distribution);
    for (const origin of stack.targets(distribution, "origins", types.vpcOrigin)) {
      const endpoint = origin.props.dig("vpcOriginEndpointConfig");
      const balancers = stack.targets(origin, "vpcOriginEndpointConfig", types.loadBalancer);
      const internal = balancers.length > 0 && balancers.every((balancer) => balancer.props.dig("internal").is(true));
      if (!internal || !endpoint.dig("originProtocolPolicy").is("http-only")) continue;
      found.distributions.add(distribution);
      found.origins.add(origin);
      balancers.forEach((balancer) => found.loadBalancers.add(balancer));
    }
  }
  return found;
}

/** Whether each origin is a bucket that CloudFront signs its requests to. */
function servesPrivateBuckets(distribution: Node): boolean {
  const origins = distribution.props.dig("origins").items();
  const isPrivate = (origin: Value): boolean =>
    ["customOriginConfig", "vpcOriginConfig"].every((key) => origin.dig(key).isEmpty()) &&
    !origin.dig("originAccessControlId").isEmpty();
  return origins.length > 0 && origins.every(isPrivate);
}
