import * as aws from "@pulumi/aws";
import { all, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { NetworkTransform } from "./types";
import { userData } from "./nat-user-data";

/** What a NAT instance is made of. */
export interface NatInstanceNodes {
  readonly natSecurityGroup: aws.ec2.SecurityGroup;
  readonly natIngress: aws.vpc.SecurityGroupIngressRule;
  readonly natEgress: aws.vpc.SecurityGroupEgressRule;
  readonly natInterface: aws.ec2.NetworkInterface;
  readonly natAddress: aws.ec2.Eip;
  readonly natTemplate: aws.ec2.LaunchTemplate;
  readonly natGroup: aws.autoscaling.Group;
  /** One for each zone. */
  readonly natRoutes: readonly aws.ec2.Route[];
}

export interface NatInstanceArgs {
  readonly vpcId: Input<string>;
  readonly cidrBlock: string;
  readonly availabilityZones: readonly string[];
  readonly publicSubnetIds: Output<string[]>;
  /** Of the private tier, in the order of the zones. */
  readonly privateRouteTableIds: Output<string[]>;
}

/** Amazon Linux 2023 for arm64, as it is when an instance starts: AWS keeps the parameter. */
const image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** 30 days: a new instance has the fixes since. */
const longestLifeSeconds = 30 * 86_400;

/**
 * One small instance in place of a NAT gateway. Interface, address and routes stay; an Auto Scaling group of one puts an
 * instance behind them, and another when it fails. It calls nothing of AWS and so has no role.
 */
export function createNatInstance(
  parent: CustomResourceOptions,
  name: string,
  args: NatInstanceArgs,
  transform: NetworkTransform,
): NatInstanceNodes {
  const firewall = createSecurityGroup(parent, name, args, transform);
  const natInterface = new aws.ec2.NetworkInterface(
    `${name}-nat-interface`,
    override<aws.ec2.NetworkInterfaceArgs>(
      {
        description: `NAT of ${name}`,
        subnetId: first(args.publicSubnetIds),
        securityGroups: [firewall.natSecurityGroup.id],
        // What it carries is neither from it nor for it.
        sourceDestCheck: false,
        tags: { Name: `${name}-nat` },
      },
      transform.natInterface,
    ),
    parent,
  );
  const natAddress = new aws.ec2.Eip(
    `${name}-nat-address`,
    override<aws.ec2.EipArgs>(
      { domain: "vpc", networkInterface: natInterface.id, tags: { Name: `${name}-nat` } },
      transform.natAddress,
    ),
    parent,
  );
  const natTemplate = createTemplate(parent, name, args, natInterface, transform);
  const natGroup = createGroup(parent, name, args, { natTemplate, natAddress, ...firewall }, transform);
  const natRoutes = args.availabilityZones.map(
    (_, index) =>
      new aws.ec2.Route(
        `${name}-nat-route-${index + 1}`,
        override<aws.ec2.RouteArgs>(
          {
            routeTableId: args.privateRouteTableIds.apply((ids) => ids[index] ?? ""),
            destinationCidrBlock: "0.0.0.0/0",
            networkInterfaceId: natInterface.id,
          },
          transform.natRoutes,
        ),
        parent,
      ),
  );
  return { ...firewall, natInterface, natAddress, natTemplate, natGroup, natRoutes };
}

function first(ids: Output<string[]>): Output<string> {
  return ids.apply(([id]) => id ?? "");
}

function createSecurityGroup(
  parent: CustomResourceOptions,
  name: string,
  { vpcId, cidrBlock }: NatInstanceArgs,
  transform: NetworkTransform,
): Pick<NatInstanceNodes, "natSecurityGroup" | "natIngress" | "natEgress"> {
  const natSecurityGroup = new aws.ec2.SecurityGroup(
    `${name}-nat-security-group`,
    override<aws.ec2.SecurityGroupArgs>(
      { vpcId, description: `NAT of ${name}: from the VPC to the internet`, tags: { Name: `${name}-nat` } },
      transform.natSecurityGroup,
    ),
    parent,
  );
  const securityGroupId = natSecurityGroup.id;
  // Any protocol, as a NAT gateway takes it; what a task may call, its own group says.
  const natIngress = new aws.vpc.SecurityGroupIngressRule(
    `${name}-nat-ingress`,
    override<aws.vpc.SecurityGroupIngressRuleArgs>(
      { securityGroupId, description: "What the VPC sends out", cidrIpv4: cidrBlock, ipProtocol: "-1" },
      transform.natIngress,
    ),
    parent,
  );
  const natEgress = new aws.vpc.SecurityGroupEgressRule(
    `${name}-nat-egress`,
    override<aws.vpc.SecurityGroupEgressRuleArgs>(
      { securityGroupId, description: "To the internet", cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" },
      transform.natEgress,
    ),
    parent,
  );
  return { natSecurityGroup, natIngress, natEgress };
}

/** Default tags do not reach what a template launches. */
function tagsOf(parent: CustomResourceOptions, name: string): Output<Record<string, string>> {
  return aws
    .getDefaultTagsOutput({}, parent)
    .apply(({ tags }): Record<string, string> => ({ ...tags, Name: `${name}-nat` }));
}

function createTemplate(
  parent: CustomResourceOptions,
  name: string,
  { cidrBlock }: NatInstanceArgs,
  natInterface: aws.ec2.NetworkInterface,
  transform: NetworkTransform,
): aws.ec2.LaunchTemplate {
  const tags = tagsOf(parent, name);
  return new aws.ec2.LaunchTemplate(
    `${name}-nat-template`,
    override<aws.ec2.LaunchTemplateArgs>(
      {
        description: `NAT of ${name}`,
        imageId: image,
        instanceType: "t4g.nano",
        // Standard: it slows down when its credits are spent; unlimited would bill for more.
        creditSpecification: { cpuCredits: "standard" },
        // AWS: Auto Scaling user guide, "Examples for creating launch templates", existing network interface: device 0,
        // in a group of one that names the zone and no subnet.
        networkInterfaces: [{ deviceIndex: 0, networkInterfaceId: natInterface.id }],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        // Nothing of the stack is on it; a key of ours would need a grant to Auto Scaling's role.
        blockDeviceMappings: [
          { deviceName: "/dev/xvda", ebs: { volumeSize: 8, volumeType: "gp3", encrypted: "true" } },
        ],
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
        userData: Buffer.from(userData(cidrBlock)).toString("base64"),
        updateDefaultVersion: true,
        tags: { Name: `${name}-nat` },
      },
      transform.natTemplate,
    ),
    parent,
  );
}

function createGroup(
  parent: CustomResourceOptions,
  name: string,
  { availabilityZones }: NatInstanceArgs,
  made: Pick<NatInstanceNodes, "natTemplate" | "natAddress" | "natIngress" | "natEgress">,
  transform: NetworkTransform,
): aws.autoscaling.Group {
  const tags = tagsOf(parent, name).apply((all) =>
    Object.entries(all).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
  );
  return new aws.autoscaling.Group(
    `${name}-nat-group`,
    override<aws.autoscaling.GroupArgs>(
      {
        // The zone of the interface.
        availabilityZones: availabilityZones.slice(0, 1),
        minSize: 1,
        maxSize: 1,
        desiredCapacity: 1,
        launchTemplate: {
          id: made.natTemplate.id,
          version: made.natTemplate.latestVersion.apply(String),
        },
        healthCheckType: "EC2",
        // The interface is free for the next instance when the last one is gone.
        instanceMaintenancePolicy: { minHealthyPercentage: 0, maxHealthyPercentage: 100 },
        instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 0 } },
        maxInstanceLifetime: longestLifeSeconds,
        tags,
      },
      transform.natGroup,
    ),
    // The instance loads a package as soon as it starts.
    { ...parent, dependsOn: [made.natAddress, made.natIngress, made.natEgress] },
  );
}

/** The private tier's subnets, known once its way out is there: routes, and an instance behind them. */
export function afterNat(ids: Output<string[]>, { natRoutes, natGroup }: NatInstanceNodes): Output<string[]> {
  return all([ids, natGroup.id, all(natRoutes.map((route) => route.id))]).apply(([known]) => known);
}
