import type * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";
import type { Input } from "@pulumi/pulumi";

import type { Override } from "../shared/override";
import type { LogDestination, NetworkPlacement } from "../shared/placement";

/** What a Network is made of. */
export type NetworkArgs = NetworkSource & NetworkOptions;

/** A VPC of its own, or one that exists. */
export type NetworkSource = NewNetwork | AdoptedNetwork;

/** A VPC of its own. */
export interface NewNetwork {
  /** IPv4 block of the VPC, /16 or smaller, without host bits; no other network that it may be peered with overlaps it. */
  cidrBlock: string;
  /** Names of the zones in use. Append only: a zone's place in the list is its place in the CIDR. */
  availabilityZones: string[];
  /** Zones that the CIDR is divided among, 1 to 6, used or not. Decided once: it fixes every subnet's place. */
  maxAzs: number;
  /**
   * How the private tier reaches the internet: not at all (then what its tasks call needs an endpoint, S3 and DynamoDB
   * excepted), through one small instance that heals itself within minutes, through one NAT gateway, whose zone is a single
   * point of failure, or through one in each zone.
   */
  nat: "none" | "instance" | "single" | "perAz";
  /** Records the traffic of the VPC in the log archive. */
  flowLogs?: FlowLogs;
  /** Bucket that takes the flow logs. */
  logArchive: LogDestination;
  /** Protects the VPC with its subnets and NAT gateways from deletion. @default false */
  keep?: boolean;
}

/** A VPC that exists: nothing of it is made or changed. */
export interface AdoptedNetwork {
  /** In place of the arguments of a new VPC: the ids of one that exists, as they are. */
  existing: ExistingNetwork;
}

/** What applies to both. */
export interface NetworkOptions {
  /**
   * AWS services that the private tier reaches without the internet, by the last part of the endpoint's service name, such as
   * `ecr.api`, `logs`, `secretsmanager`. Each is billed per zone and hour. @default []
   */
  interfaceEndpoints?: string[];
  /** Last say on each child's arguments; `gatewayEndpoints` and `interfaceEndpoints` apply to each of them. */
  transform?: NetworkTransform;
}

/** Last say on the arguments of each child, by the child's name in `nodes` and in its `nat`; `natRoutes` applies to each. */
export interface NetworkTransform {
  vpc?: Override<awsx.ec2.VpcArgs>;
  defaultSecurityGroup?: Override<aws.ec2.DefaultSecurityGroupArgs>;
  gatewayEndpoints?: Override<aws.ec2.VpcEndpointArgs>;
  interfaceEndpoints?: Override<aws.ec2.VpcEndpointArgs>;
  endpointSecurityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  endpointIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  flowLog?: Override<aws.ec2.FlowLogArgs>;
  natSecurityGroup?: Override<aws.ec2.SecurityGroupArgs>;
  natIngress?: Override<aws.vpc.SecurityGroupIngressRuleArgs>;
  natEgress?: Override<aws.vpc.SecurityGroupEgressRuleArgs>;
  natInterface?: Override<aws.ec2.NetworkInterfaceArgs>;
  natAddress?: Override<aws.ec2.EipArgs>;
  natTemplate?: Override<aws.ec2.LaunchTemplateArgs>;
  natGroup?: Override<aws.autoscaling.GroupArgs>;
  natRoutes?: Override<aws.ec2.RouteArgs>;
}

/** Which traffic is recorded, and how finely. */
export interface FlowLogs {
  /** `reject` shows what the security groups turned away, at a fraction of the volume of `all`. */
  traffic: "reject" | "accept" | "all";
  /** Seconds of traffic in one record: 60 or 600. @default 600 */
  aggregationSeconds?: 60 | 600;
}

/** An adopted VPC. For interface endpoints, `privateSubnetIds` holds at most one subnet per zone. */
export interface ExistingNetwork extends NetworkPlacement {
  readonly cidrBlock: Input<string>;
  readonly availabilityZones: readonly string[];
}
