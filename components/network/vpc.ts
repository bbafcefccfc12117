import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import { all, type CustomResourceOptions, type Output } from "@pulumi/pulumi";

import { parseCidr } from "../shared/cidr";
import { override } from "../shared/override";
import { createGatewayEndpoints } from "./endpoints";
import { afterNat, createNatInstance, type NatInstanceArgs } from "./nat-instance";
import { subnetLayout } from "./subnets";
import type { ExistingNetwork, FlowLogs, NetworkTransform, NewNetwork } from "./types";

// The instance is ours: awsx makes none.
const natStrategies = { none: "None", instance: "None", single: "Single", perAz: "OnePerAz" } as const;

/** An existing VPC's ids as they are, and no resource. */
export function adoptVpc(existing: ExistingNetwork) {
  const nodes = {
    vpc: undefined,
    defaultSecurityGroup: undefined,
    gatewayEndpoints: {},
    flowLog: undefined,
    nat: undefined,
  };
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
  const nat =
    args.nat === "instance" ? createNatInstance(parent, name, { ...args, ...placesOf(vpc) }, transform) : undefined;
  const flowLog =
    args.flowLogs !== undefined
      ? createFlowLog(parent, name, { vpcId, flowLogs: args.flowLogs, logArchive: args.logArchive }, transform)
      : undefined;
  // With the routes: awsx's lists wait for the subnets alone, and a first task could start before its way out is there.
  const privateSubnetIds = all([vpc.privateSubnetIds, vpc.routes]).apply(([ids]) => ids);
  return {
    vpcId,
    cidrBlock: args.cidrBlock,
    publicSubnetIds: vpc.publicSubnetIds,
    privateSubnetIds: nat === undefined ? privateSubnetIds : afterNat(privateSubnetIds, nat),
    isolatedSubnetIds: vpc.isolatedSubnetIds,
    availabilityZones: args.availabilityZones,
    nodes: { vpc, defaultSecurityGroup, gatewayEndpoints, flowLog, nat },
  };
}

/** Where an instance stands, and the route tables that lead to it: those of the private tier, which awsx marks by a tag. */
function placesOf(vpc: awsx.ec2.Vpc): Pick<NatInstanceArgs, "vpcId" | "publicSubnetIds" | "privateRouteTableIds"> {
  const privateRouteTableIds = vpc.routeTables
    .apply((tables) => all(tables.map(({ id, tags }) => all([id, tags]))))
    .apply((tables) => tables.filter(([, tags]) => tags?.["SubnetType"] === "Private").map(([id]) => id));
  return { vpcId: vpc.vpcId, publicSubnetIds: vpc.publicSubnetIds, privateRouteTableIds };
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
