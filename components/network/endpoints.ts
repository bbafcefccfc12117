import * as aws from "@pulumi/aws";
import { type CustomResourceOptions, type Input, interpolate } from "@pulumi/pulumi";

import { override } from "../shared/override";
import { endpointSlug } from "./check";
import type { NetworkTransform } from "./types";

type Endpoints = Readonly<Record<string, aws.ec2.VpcEndpoint>>;

/**
 * S3 and DynamoDB without NAT and without a charge. Resources of our own rather than awsx's `vpcEndpointSpecs`, which
 * names them by the service alone: two networks in one program would have the same URNs.
 */
export function createGatewayEndpoints(
  parent: CustomResourceOptions,
  name: string,
  args: { vpcId: Input<string>; routeTableIds: Input<string[]> },
  transform: NetworkTransform,
): Endpoints {
  const { region } = aws.getRegionOutput({}, parent);
  return Object.fromEntries(
    ["s3", "dynamodb"].map((service) => [
      service,
      new aws.ec2.VpcEndpoint(
        `${name}-${service}-endpoint`,
        override<aws.ec2.VpcEndpointArgs>(
          {
            vpcId: args.vpcId,
            serviceName: interpolate`com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Gateway",
            routeTableIds: args.routeTableIds,
            tags: { Name: `${name}-${service}` },
          },
          transform.gatewayEndpoints,
        ),
        parent,
      ),
    ]),
  );
}

/** Other AWS services over addresses in the private tier, reached on 443 from inside the VPC alone. */
export function createInterfaceEndpoints(
  parent: CustomResourceOptions,
  name: string,
  args: {
    services: readonly string[];
    vpcId: Input<string>;
    cidrBlock: Input<string>;
    subnetIds: Input<Input<string>[]>;
  },
  transform: NetworkTransform,
) {
  const { region } = aws.getRegionOutput({}, parent);
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-endpoint-security-group`,
    override<aws.ec2.SecurityGroupArgs>(
      {
        vpcId: args.vpcId,
        description: "Interface endpoints: HTTPS from inside the VPC",
        tags: { Name: `${name}-endpoints` },
      },
      transform.endpointSecurityGroup,
    ),
    parent,
  );
  const ingress = new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoint-ingress`,
    override<aws.vpc.SecurityGroupIngressRuleArgs>(
      {
        securityGroupId: securityGroup.id,
        description: "HTTPS from the VPC",
        cidrIpv4: args.cidrBlock,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        tags: { Name: `${name}-endpoints-https` },
      },
      transform.endpointIngress,
    ),
    parent,
  );
  const endpoints: Endpoints = Object.fromEntries(
    args.services.map((service) => [
      service,
      new aws.ec2.VpcEndpoint(
        `${name}-${endpointSlug(service)}-endpoint`,
        override<aws.ec2.VpcEndpointArgs>(
          {
            vpcId: args.vpcId,
            serviceName: interpolate`com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            subnetIds: args.subnetIds,
            securityGroupIds: [securityGroup.id],
            // The service's usual name resolves to the endpoint, so no client needs to know of it.
            privateDnsEnabled: true,
            tags: { Name: `${name}-${endpointSlug(service)}` },
          },
          transform.interfaceEndpoints,
        ),
        parent,
      ),
    ]),
  );
  return { securityGroup, ingress, endpoints };
}
