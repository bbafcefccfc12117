import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import { all, type CustomResourceOptions, type Output } from "@pulumi/pulumi";

import { parseCidr } from "../shared/cidr";
import { override } from "../shared/override";
import { createGatewayEndpoints } from "./endpoints";
import { subnetLayout } from "./subnets";
import type { ExistingNetwork, FlowLogs, NetworkTransform, NewNetwork } from "./types";

const natStrategies = { none: "None", single: "Single", perAz: "OnePerAz" } as const;

/** An existing VPC's ids as they are, and no resource. */
export function adoptVpc(existing: ExistingNetwork) {
  const nodes = { vpc: undefined, defaultSecurityGroup: undefined, gatewayEndpoints: {}, flowLog: undefined };
  return { ...existing, nodes };
}

/** The VPC and what belongs to it: tiers, the default security group without a rule, gateway endpoints, flow log. */
export function createVpc(parent: CustomResourceOptions, name: string, args: NewNetwork, transform: NetworkTransform) {
  const vpc = createTiers(parent, name, args, transform);
  const { vpcId } = vpc;
  const defaultSecurityGroup = new aws.ec2.DefaultSecurityGroup(
    `${name}-default-security-group`,
    override<aws.ec2.DefaultSecurityGroupArgs>(
      { vpcId, ingress: [], egress: [], tags: { Name: `${name}-default-closed` } },
      transform.defaultSecurityGroup,
    ),
    parent,
  );
  // Of every tier, since they cost nothing. In a preview awsx's lists are unknown, so this is no place to make resources.
  const routeTableIds = vpc.routeTables.apply((tables) => all(tables.map((table) => table.id)));
  const gatewayEndpoints = createGatewayEndpoints(parent, name, { vpcId, routeTableIds }, transform);
  const flowLog =
    args.flowLogs !== undefined
      ? createFlowLog(parent, name, { vpcId, flowLogs: args.flowLogs, logArchive: args.logArchive }, transform)
      : undefined;
  return {
    vpcId,
    cidrBlock: args.cidrBlock,
    publicSubnetIds: vpc.publicSubnetIds,
    // With the routes: awsx's lists wait for the subnets alone, and a first task could start before its way out is there.
    privateSubnetIds: all([vpc.privateSubnetIds, vpc.routes]).apply(([ids]) => ids),
    isolatedSubnetIds: vpc.isolatedSubnetIds,
    availabilityZones: args.availabilityZones,
    nodes: { vpc, defaultSecurityGroup, gatewayEndpoints, flowLog },
  };
}

function createTiers(
  parent: CustomResourceOptions,
  name: string,
  args: NewNetwork,
  transform: NetworkTransform,
): awsx.ec2.Vpc {
  const { cidrBlock, availabilityZones, maxAzs, nat } = args;
  // The check has passed: it is a CIDR.
  const masks = subnetLayout(parseCidr(cidrBlock)?.prefix ?? 0, maxAzs);
  return new awsx.ec2.Vpc(
    `${name}-vpc`,
    override<awsx.ec2.VpcArgs>(
      {
        cidrBlock,
        availabilityZoneNames: availabilityZones,
        availabilityZoneCidrMask: masks.zone,
        subnetStrategy: "Auto",
        // Largest first, so that each block starts where the last one ends.
        subnetSpecs: [
          { type: "Private", cidrMask: masks.private },
          { type: "Isolated", cidrMask: masks.isolated },
          { type: "Public", cidrMask: masks.public },
        ],
        // In the `Name` tag alone: subnets keep their Pulumi names, which count the zones.
        subnetNameTagStrategy: "AvailabilityZone",
        natGateways: { strategy: natStrategies[nat] },
        // Both are what the private names of interface endpoints rest on.
        enableDnsHostnames: true,
        enableDnsSupport: true,
      },
      transform.vpc,
    ),
    { ...parent, protect: args.keep ?? false },
  );
}

/** Records the VPC's traffic as Parquet, in hourly partitions that Athena reads without scanning the rest. */
function createFlowLog(
  parent: CustomResourceOptions,
  name: string,
  args: { vpcId: Output<string>; flowLogs: FlowLogs; logArchive: NewNetwork["logArchive"] },
  transform: NetworkTransform,
): aws.ec2.FlowLog {
  return new aws.ec2.FlowLog(
    `${name}-flow-log`,
    override<aws.ec2.FlowLogArgs>(
      {
        vpcId: args.vpcId,
        trafficType: args.flowLogs.traffic.toUpperCase(),
        maxAggregationInterval: args.flowLogs.aggregationSeconds ?? 600,
        logDestinationType: "s3",
        logDestination: args.logArchive.bucketArn,
        destinationOptions: { fileFormat: "parquet", hiveCompatiblePartitions: true, perHourPartition: true },
        tags: { Name: `${name}-flow-log` },
      },
      transform.flowLog,
    ),
    parent,
  );
}
