import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override, type Override } from "../shared/override";

/** A load balancer as CloudFront sees it. `LoadBalancer.origin` is one. */
export interface EdgeOrigin {
  readonly loadBalancerArn: pulumi.Input<string>;
  /** The name that CloudFront checks the origin's certificate against; without HTTPS the load balancer's own. */
  readonly domainName: pulumi.Input<string>;
  /** Whether the listener speaks HTTPS. */
  readonly https: boolean;
  /** Port of the listener. */
  readonly port: number;
  /** Whether it has private addresses alone: CloudFront reaches only those through a VPC origin. */
  readonly internal: boolean;
  /** Names that the listener's certificate covers, all proven in this account; empty without HTTPS. */
  readonly certificateNames: readonly string[];
}

/** What a distribution needs to know of one origin. */
export interface DistributionOrigin {
  readonly id: string;
  readonly origin: aws.types.input.cloudfront.DistributionOrigin;
}

/**
 * The private way from CloudFront into the VPC. AWS changes no VPC origin that a distribution uses
 * (CannotUpdateEntityWhileInUse), and wants its name to be the only one in the account. So HTTP and HTTPS are two
 * resources, the second made beside the first when a domain arrives; a new port or load balancer replaces, the new
 * one first; and the name says protocol, port and load balancer, so that old and new stand side by side.
 */
export function createVpcOrigin(
  parent: pulumi.Resource,
  name: string,
  origin: EdgeOrigin,
  transform: Override<aws.cloudfront.VpcOriginArgs> | undefined,
): aws.cloudfront.VpcOrigin {
  const protocol = origin.https ? "https" : "http";
  const loadBalancerId = pulumi.output(origin.loadBalancerArn).apply((arn) => arn.split("/").at(-1) ?? arn);
  return new aws.cloudfront.VpcOrigin(
    `${name}-vpc-origin-${protocol}`,
    override<aws.cloudfront.VpcOriginArgs>(
      {
        vpcOriginEndpointConfig: {
          name: pulumi.interpolate`${name}-${protocol}-${origin.port}-${loadBalancerId}`,
          arn: origin.loadBalancerArn,
          httpPort: origin.https ? 80 : origin.port,
          httpsPort: origin.https ? origin.port : 443,
          originProtocolPolicy: `${protocol}-only`,
          originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
        },
      },
      transform,
    ),
    { parent, replaceOnChanges: ["vpcOriginEndpointConfig"] },
  );
}

/** The distribution's side of a VPC origin. */
export function loadBalancerOrigin(
  vpcOrigin: aws.cloudfront.VpcOrigin,
  origin: EdgeOrigin,
  responseTimeoutSeconds: number,
): DistributionOrigin {
  const id = "load-balancer";
  return {
    id,
    origin: {
      originId: id,
      domainName: origin.domainName,
      vpcOriginConfig: {
        vpcOriginId: vpcOrigin.id,
        originReadTimeout: responseTimeoutSeconds,
        // Shorter than the load balancer's idle timeout (60 s), so that CloudFront is the one to close.
        originKeepaliveTimeout: 5,
      },
    },
  };
}
