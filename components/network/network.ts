import type * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { check } from "./check";
import { createInterfaceEndpoints } from "./endpoints";
import type { NatInstanceNodes } from "./nat-instance";
import type { NetworkArgs } from "./types";
import { adoptVpc, createVpc } from "./vpc";

export type {
  AdoptedNetwork,
  ExistingNetwork,
  FlowLogs,
  NetworkArgs,
  NetworkOptions,
  NetworkSource,
  NetworkTransform,
  NewNetwork,
} from "./types";

/**
 * The VPC of a stack in three tiers (public, private, isolated) per zone, with NAT as chosen, gateway endpoints for S3 and
 * DynamoDB, interface endpoints by list and flow logs; or an existing VPC in the same form.
 */
export class Network extends pulumi.ComponentResource {
  /** Id of the VPC. */
  public readonly vpcId: pulumi.Output<string>;
  /** IPv4 block of the VPC. */
  public readonly cidrBlock: pulumi.Output<string>;
  /** Subnets with a route to the internet gateway, in the order of the zones. */
  public readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Subnets whose way out is NAT or endpoints, in the order of the zones. */
  public readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Subnets without a way out, in the order of the zones. */
  public readonly isolatedSubnetIds: pulumi.Output<string[]>;
  /** Names of the zones in use. */
  public readonly availabilityZones: readonly string[];
  /** Security group of the interface endpoints; `undefined` without any. */
  public readonly endpointSecurityGroupId: pulumi.Output<string> | undefined;
  /** The resources themselves; endpoints by service. With an existing VPC, the endpoints alone. */
  public readonly nodes: {
    readonly vpc: awsx.ec2.Vpc | undefined;
    readonly defaultSecurityGroup: aws.ec2.DefaultSecurityGroup | undefined;
    readonly gatewayEndpoints: Readonly<Record<string, aws.ec2.VpcEndpoint>>;
    readonly interfaceEndpoints: Readonly<Record<string, aws.ec2.VpcEndpoint>>;
    readonly endpointSecurityGroup: aws.ec2.SecurityGroup | undefined;
    readonly endpointIngress: aws.vpc.SecurityGroupIngressRule | undefined;
    readonly flowLog: aws.ec2.FlowLog | undefined;
    /** With `nat: "instance"`. */
    readonly nat: NatInstanceNodes | undefined;
  };

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const transform = args.transform ?? {};
    const services = args.interfaceEndpoints ?? [];
    check(name, args);
    super("kiban:index:Network", name, {}, opts);

    const parent = { parent: this };
    const place = "existing" in args ? adoptVpc(args.existing) : createVpc(parent, name, args, transform);
    const endpoints =
      services.length > 0
        ? createInterfaceEndpoints(
            parent,
            name,
            { services, vpcId: place.vpcId, cidrBlock: place.cidrBlock, subnetIds: place.privateSubnetIds },
            transform,
          )
        : undefined;

    this.vpcId = pulumi.output(place.vpcId);
    this.cidrBlock = pulumi.output(place.cidrBlock);
    this.publicSubnetIds = pulumi.output(place.publicSubnetIds);
    this.privateSubnetIds = pulumi.output(place.privateSubnetIds);
    this.isolatedSubnetIds = pulumi.output(place.isolatedSubnetIds);
    this.availabilityZones = place.availabilityZones;
    this.endpointSecurityGroupId = endpoints?.securityGroup.id;
    this.nodes = {
      ...place.nodes,
      interfaceEndpoints: endpoints?.endpoints ?? {},
      endpointSecurityGroup: endpoints?.securityGroup,
      endpointIngress: endpoints?.ingress,
    };
    this.registerOutputs({
      vpcId: this.vpcId,
      cidrBlock: this.cidrBlock,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      isolatedSubnetIds: this.isolatedSubnetIds,
      availabilityZones: this.availabilityZones,
      endpointSecurityGroupId: this.endpointSecurityGroupId,
    });
  }
}
