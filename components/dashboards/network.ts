import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { NetworkPlacement } from "../shared/placement";
import { assumableBy, policyDocument } from "../shared/policy-document";
import { placeOf } from "../task/iam";
import { tcp } from "../task/network";
import type { Settled } from "./settle";
import type { DashboardsNodes } from "./types";

/** What QuickSight stands in the network with; nothing without a database among the sources. */
export type ConnectionNodes = Partial<
  Pick<
    DashboardsNodes,
    "securityGroup" | "sourceEgress" | "sourceIngress" | "returnIngress" | "vpcRole" | "vpcPolicy" | "vpcConnection"
  >
>;

export function createVpcConnection(parent: pulumi.Resource, s: Settled): ConnectionNodes {
  const { name, args, databases } = s;
  const { network } = args;
  if (databases.length === 0 || network === undefined) return {};
  const transform = args.transform ?? {};
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    // The description cannot change without replacing the group.
    override<aws.ec2.SecurityGroupArgs>(
      { vpcId: network.vpcId, description: `QuickSight of ${name}` },
      transform.securityGroup,
    ),
    { parent },
  );
  const rules = createRules(parent, s, securityGroup);
  const vpcRole = new aws.iam.Role(
    `${name}-vpc-role`,
    override<aws.iam.RoleArgs>(
      {
        description: `${name}: QuickSight's network interfaces`,
        // Without conditions: AWS documents none for this role, and iam:PassRole decides who hands it out.
        assumeRolePolicy: assumableBy("quicksight.amazonaws.com"),
      },
      transform.vpcRole,
    ),
    { parent },
  );
  const vpcPolicy = new aws.iam.RolePolicy(
    `${name}-vpc-policy`,
    override<aws.iam.RolePolicyArgs>(
      { role: vpcRole.name, policy: policyDocument(interfaceRights(securityGroup.arn, network)) },
      transform.vpcPolicy,
    ),
    { parent },
  );
  const vpcConnection = new aws.quicksight.VpcConnection(
    `${name}-vpc-connection`,
    override<aws.quicksight.VpcConnectionArgs>(
      {
        vpcConnectionId: name,
        name,
        roleArn: vpcRole.arn,
        securityGroupIds: [securityGroup.id],
        subnetIds: network.isolatedSubnetIds,
      },
      transform.vpcConnection,
    ),
    { parent, dependsOn: [vpcPolicy] },
  );
  return { securityGroup, ...rules, vpcRole, vpcPolicy, vpcConnection };
}

/** AWS: QuickSight user guide, "Creating or using an existing execution role". */
function interfaceRights(groupArn: pulumi.Output<string>, network: NetworkPlacement): aws.iam.PolicyStatement[] {
  const { partition, region, account } = placeOf(groupArn);
  const arn = (resource: pulumi.Input<string>) =>
    pulumi.interpolate`arn:${partition}:ec2:${region}:${account}:${resource}`;
  const interfaces = arn("network-interface/*");
  // Ids of interfaces are AWS's choice, so the network holds the rights on them together.
  const here = { ArnEquals: { "ec2:Vpc": arn(pulumi.interpolate`vpc/${network.vpcId}`) } };
  const subnets = pulumi
    .all([pulumi.output(network.isolatedSubnetIds), partition, region, account])
    .apply(([ids, ...[p, r, a]]) => ids.map((id) => `arn:${p}:ec2:${r}:${a}:subnet/${id}`));
  return [
    {
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: pulumi.all([interfaces, groupArn, subnets]).apply(([all, group, each]) => [all, group, ...each]),
    },
    {
      Effect: "Allow",
      Action: "ec2:ModifyNetworkInterfaceAttribute",
      Resource: pulumi.all([interfaces, groupArn]),
      Condition: here,
    },
    { Effect: "Allow", Action: "ec2:DeleteNetworkInterface", Resource: interfaces, Condition: here },
    {
      Effect: "Allow",
      Action: ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"],
      Resource: "*", // The actions know no resources.
    },
  ];
}

function createRules(
  parent: pulumi.Resource,
  { name, args, databases }: Settled,
  securityGroup: aws.ec2.SecurityGroup,
): Required<Pick<ConnectionNodes, "sourceEgress" | "sourceIngress" | "returnIngress">> {
  const transform = args.transform ?? {};
  const each = <T>(make: (source: Settled["databases"][number], rule: string) => T): Record<string, T> =>
    Object.fromEntries(databases.map((source) => [source.name, make(source, `${name}-to-${source.name}`)]));
  return {
    sourceEgress: each(
      (source, rule) =>
        new aws.vpc.SecurityGroupEgressRule(
          rule,
          override<aws.vpc.SecurityGroupEgressRuleArgs>(
            {
              securityGroupId: securityGroup.id,
              description: rule,
              referencedSecurityGroupId: source.securityGroupId,
              ...tcp(source.port),
            },
            transform.sourceEgress,
          ),
          { parent },
        ),
    ),
    sourceIngress: each(
      (source, rule) =>
        new aws.vpc.SecurityGroupIngressRule(
          rule,
          override<aws.vpc.SecurityGroupIngressRuleArgs>(
            {
              securityGroupId: source.securityGroupId,
              description: `From QuickSight of ${name}`,
              referencedSecurityGroupId: securityGroup.id,
              ...tcp(source.port),
            },
            transform.sourceIngress,
          ),
          { parent },
        ),
    ),
    returnIngress: each(
      (source, rule) =>
        new aws.vpc.SecurityGroupIngressRule(
          `${rule}-answers`,
          override<aws.vpc.SecurityGroupIngressRuleArgs>(
            {
              securityGroupId: securityGroup.id,
              // AWS: QuickSight user guide, "Inbound rules": the group of its interfaces is not stateful, and answers
              // come to a port that is chosen at random.
              description: `Answers of ${source.name}`,
              referencedSecurityGroupId: source.securityGroupId,
              ipProtocol: "tcp",
              fromPort: 0,
              toPort: 65_535,
            },
            transform.returnIngress,
          ),
          { parent },
        ),
    ),
  };
}
