import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { override } from "../shared/override";
import type { LoadBalancerArgs, LoadBalancerTransform } from "./load-balancer";
import type { Settled } from "./rules";

/** The load balancer's security group and every way in. */
export interface Security {
  readonly securityGroup: aws.ec2.SecurityGroup;
  readonly fromCloudFront: aws.vpc.SecurityGroupIngressRule | undefined;
  readonly fromInternet: aws.vpc.SecurityGroupIngressRule | undefined;
  readonly fromInternetHttp: aws.vpc.SecurityGroupIngressRule | undefined;
  readonly testAccess: Readonly<Record<string, aws.vpc.SecurityGroupIngressRule>>;
}

type IngressArgs = aws.vpc.SecurityGroupIngressRuleArgs;

/** Makes the group with no way out: each service adds a rule to its own tasks. */
export function createSecurity(
  parent: pulumi.Resource,
  name: string,
  args: LoadBalancerArgs,
  settled: Settled,
): Security {
  const transform: LoadBalancerTransform = args.transform ?? {};
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    override<aws.ec2.SecurityGroupArgs>(
      // A new description would replace the group, and with it every rule that names it: no facts in it.
      { vpcId: args.network.vpcId, description: "Load balancer" },
      transform.securityGroup,
    ),
    { parent },
  );
  const rule = (role: string, by: LoadBalancerTransform["fromCloudFront"], port: number, from: Partial<IngressArgs>) =>
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-${role}`,
      override<IngressArgs>(
        { securityGroupId: securityGroup.id, ipProtocol: "tcp", fromPort: port, toPort: port, ...from },
        by,
      ),
      { parent },
    );

  // The prefix list weighs 55 of the 60 rules that a group may have: it fits once, so one port takes it. AWS makes
  // its own group (CloudFront-VPCOrigins-Service-SG) with the VPC's first VPC origin, too late for a first `up`.
  const fromCloudFront = settled.isPublic
    ? undefined
    : rule("from-cloudfront", transform.fromCloudFront, settled.port, {
        prefixListId: aws.ec2.getManagedPrefixListOutput(
          { name: "com.amazonaws.global.cloudfront.origin-facing" },
          { parent },
        ).id,
        description: "CloudFront VPC origins",
      });
  const world = { cidrIpv4: "0.0.0.0/0" };
  const fromInternet = settled.isPublic
    ? rule("from-internet", transform.fromInternet, settled.port, { ...world, description: "Users, HTTPS" })
    : undefined;
  const fromInternetHttp = settled.isPublic
    ? rule("from-internet-http", transform.fromInternetHttp, 80, { ...world, description: "Users, sent on to HTTPS" })
    : undefined;

  const testAccess: Record<string, aws.vpc.SecurityGroupIngressRule> = {};
  const test = (key: string, from: Partial<IngressArgs>): void => {
    testAccess[key] = rule(`test-from-${key}`, transform.testAccess, settled.testPort, {
      ...from,
      description: "Test listener",
    });
  };
  for (const cidr of new Set(settled.testAccess.cidrBlocks)) test(cidr.replaceAll(/[./]/g, "-"), { cidrIpv4: cidr });
  for (const [key, id] of Object.entries(settled.testAccess.securityGroups ?? {})) {
    test(key, { referencedSecurityGroupId: id });
  }
  return { securityGroup, fromCloudFront, fromInternet, fromInternetHttp, testAccess };
}
