import { number, uuid } from "../identity";
import { type Value } from "../values";
import { type Context, type Made, type Maker, type Makers } from "./context";

// ARN and id formats: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2";
// EC2 API Reference (17-digit ids).

/** An EC2 resource whose id is `prefix-…` and whose ARN is `resource/id`. */
function ec2(
  prefix: string,
  resource: string,
  more: (c: Context, id: string) => Record<string, Value> = () => ({}),
): Maker {
  return (c) => {
    const id = c.ec2Id(prefix);
    return { id, outputs: { arn: c.arn("ec2", `${resource}/${id}`), ownerId: c.account, ...more(c, id) } };
  };
}

function publicIp(c: Context): string {
  // 203.0.113.0/24 is kept for documentation (RFC 5737), so that no real host is ever named.
  return `203.0.113.${number(c.urn, 254, "ip") + 1}`;
}

function privateName(c: Context, ip: string): string {
  const suffix = c.region === "us-east-1" ? "ec2.internal" : `${c.region}.compute.internal`;
  return `ip-${ip.replaceAll(".", "-")}.${suffix}`;
}

function elasticIp(c: Context): Made {
  const id = c.ec2Id("eipalloc");
  const ip = publicIp(c);
  const zone = c.region === "us-east-1" ? "compute-1" : `${c.region}.compute`;
  return {
    id,
    outputs: {
      allocationId: id,
      arn: c.arn("ec2", `elastic-ip/${id}`),
      associationId: "",
      carrierIp: "",
      customerOwnedIp: "",
      domain: "vpc",
      networkBorderGroup: c.region,
      privateDns: privateName(c, "10.0.0.1"),
      publicDns: `ec2-${ip.replaceAll(".", "-")}.${zone}.amazonaws.com`,
      publicIp: ip,
    },
  };
}

function natGateway(c: Context): Made {
  return {
    id: c.ec2Id("nat"),
    outputs: {
      associationId: c.ec2Id("eipassoc"),
      networkInterfaceId: c.ec2Id("eni"),
      publicIp: publicIp(c),
      privateIp: `10.0.0.${number(c.urn, 250, "private") + 4}`,
    },
  };
}

function vpcEndpoint(c: Context): Made {
  const id = c.ec2Id("vpce");
  const gateway = c.given("vpcEndpointType", "Gateway") === "Gateway";
  const service = c.text("serviceName")?.replace(/^com\.amazonaws\.[^.]+\./, "") ?? "service";
  const dnsName = `${id}-${c.lower(8)}.${service}.${c.region}.vpce.amazonaws.com`;
  return {
    id,
    outputs: {
      arn: c.arn("ec2", `vpc-endpoint/${id}`),
      ownerId: c.account,
      state: "available",
      requesterManaged: false,
      prefixListId: gateway ? `pl-${c.hex(8)}` : "",
      networkInterfaceIds: gateway ? [] : [c.ec2Id("eni")],
      dnsEntries: gateway ? [] : [{ dnsName, hostedZoneId: `Z${c.upper(13)}` }],
    },
  };
}

/** Rules have ids of their own (`sgr-`), under the name and ARN of "security-group-rule". */
function groupRule(c: Context): Made {
  const id = c.ec2Id("sgr");
  return { id, outputs: { arn: c.arn("ec2", `security-group-rule/${id}`), securityGroupRuleId: id } };
}

/** A group is known by its name; its ARN has a UUID before it. */
function scalingGroup(c: Context): Made {
  const name = c.name();
  const resource = `autoScalingGroup:${uuid(c.urn, "group")}:autoScalingGroupName/${name}`;
  return { id: name, outputs: { arn: c.arn("autoscaling", resource) } };
}

export const network: Makers = {
  "ec2/vpc": ec2("vpc", "vpc", (c) => ({
    // Not the default of AWS, but what EC2 answers when the program leaves it out.
    enableDnsHostnames: c.given("enableDnsHostnames", false),
    defaultNetworkAclId: c.ec2Id("acl"),
    defaultRouteTableId: c.ec2Id("rtb"),
    mainRouteTableId: c.ec2Id("rtb"),
    defaultSecurityGroupId: c.ec2Id("sg"),
    dhcpOptionsId: c.ec2Id("dopt"),
    ipv6AssociationId: "",
  })),
  "ec2/subnet": ec2("subnet", "subnet", (c) => ({
    availabilityZoneId: `${c.region.replace(/^(..)-(.).*-(\d)$/, "$1$2$3")}-az1`,
    ipv6CidrBlockAssociationId: "",
  })),
  "ec2/routeTable": ec2("rtb", "route-table"),
  "ec2/routeTableAssociation": (c) => ({ id: c.ec2Id("rtbassoc"), outputs: {} }),
  "ec2/route": (c) => ({
    id: `r-${c.text("routeTableId") ?? c.ec2Id("rtb")}${number(c.urn, 4294967295, "route")}`,
    outputs: { origin: "CreateRoute", state: "active", instanceId: "", instanceOwnerId: "" },
  }),
  "ec2/internetGateway": ec2("igw", "internet-gateway"),
  "ec2/egressOnlyInternetGateway": (c) => ({ id: c.ec2Id("eigw"), outputs: {} }),
  "ec2/natGateway": natGateway,
  "ec2/eip": elasticIp,
  "ec2/vpcEndpoint": vpcEndpoint,
  "ec2/securityGroup": ec2("sg", "security-group"),
  "ec2/defaultSecurityGroup": ec2("sg", "security-group", () => ({
    name: "default",
    description: "default VPC security group",
  })),
  "ec2/securityGroupRule": (c) => ({
    id: `sgrule-${number(c.urn, 4294967295)}`,
    outputs: { securityGroupRuleId: c.ec2Id("sgr") },
  }),
  "vpc/securityGroupIngressRule": groupRule,
  "vpc/securityGroupEgressRule": groupRule,
  "ec2/flowLog": ec2("fl", "vpc-flow-log"),
  "ec2/networkAcl": ec2("acl", "network-acl"),
  "ec2/instance": ec2("i", "instance"),
  "ec2/networkInterface": ec2("eni", "network-interface", (c) => {
    const ip = `10.0.0.${number(c.urn, 250, "private") + 4}`;
    return { privateIp: ip, privateIps: [ip], privateDnsName: privateName(c, ip), outpostArn: "" };
  }),
  "ec2/launchTemplate": ec2("lt", "launch-template", () => ({ defaultVersion: 1, latestVersion: 1 })),
  "autoscaling/group": scalingGroup,
  "ec2/managedPrefixList": ec2("pl", "prefix-list"),
  "ec2/vpcPeeringConnection": ec2("pcx", "vpc-peering-connection"),
};
