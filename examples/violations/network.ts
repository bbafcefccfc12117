import * as aws from "@pulumi/aws";

import { opts } from "./base";

// default-sg-closed, vpc-flow-logs, vpc-endpoints, and by one gateway for two zones: nat-count
export const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, opts);
const vpcId = vpc.id;

// subnet-no-auto-ip
export const open = new aws.ec2.Subnet(
  "open",
  { vpcId, cidrBlock: "10.0.0.0/24", availabilityZone: "ap-northeast-1a", mapPublicIpOnLaunch: true },
  opts,
);
export const inner = new aws.ec2.Subnet(
  "inner",
  { vpcId, cidrBlock: "10.0.1.0/24", availabilityZone: "ap-northeast-1c" },
  opts,
);
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId }, opts);
const outside = new aws.ec2.RouteTable("outside", { vpcId }, opts);
new aws.ec2.RouteTableAssociation("open", { subnetId: open.id, routeTableId: outside.id }, opts);
new aws.ec2.Route(
  "outside",
  { routeTableId: outside.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
  opts,
);
const address = new aws.ec2.Eip("nat", { domain: "vpc" }, opts);
new aws.ec2.NatGateway("nat", { subnetId: open.id, allocationId: address.id }, opts);

// endpoint-sprawl
new aws.ec2.Eip("idle", { domain: "vpc" }, opts);

// vpc-no-default
new aws.ec2.DefaultVpc("default", {}, opts);

// sg-open-ingress, sg-hygiene (it has no description), sg-rule-conflict (a rule stands beside it)
const ssh = { description: "SSH", protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
const wide = new aws.ec2.SecurityGroup("wide", { vpcId, ingress: [ssh] }, opts);
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/16" };
new aws.vpc.SecurityGroupIngressRule("wide", { securityGroupId: wide.id, description: "HTTPS", ...https }, opts);

/** Groups that comply: of the load balancer, and of a database before the rule below. */
export const webGroup = new aws.ec2.SecurityGroup("web", { vpcId, description: "Load balancer" }, opts);
export const databaseGroup = new aws.ec2.SecurityGroup("database", { vpcId, description: "Database" }, opts);

// db-security-groups
new aws.vpc.SecurityGroupIngressRule(
  "database",
  {
    securityGroupId: databaseGroup.id,
    description: "The whole network",
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    cidrIpv4: "10.0.0.0/16",
  },
  opts,
);
