import type * as aws from "@pulumi/aws";

import { openStatements } from "../lib/documents";
import { on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

export const albPublicNeedsWaf = stackRule(
  {
    name: "alb-public-needs-waf",
    description: "A load balancer that the internet reaches stands behind a web application firewall",
    severity: "high",
    levels: "0/A/M",
    fsbp: ["ELB.16", "Application Load Balancers should be associated with an AWS WAF web ACL"],
    remediationSteps: "Add an aws.wafv2.WebAclAssociation; better, set internal to true and let CloudFront in alone.",
  },
  types.loadBalancer,
  ({ stack, report }) => {
    for (const balancer of stack.ofType(types.loadBalancer)) {
      // Web ACLs know HTTP alone.
      if (!balancer.props.dig("loadBalancerType").isNot("network", "gateway")) continue;
      const internal = balancer.props.dig("internal");
      if (internal.unknown || internal.is(true)) continue;
      if (stack.referrers(balancer, "resourceArn", types.webAclAssociation).length === 0) {
        report(balancer, "web ACL", "is missing", "add an aws.wafv2.WebAclAssociation, or set internal to true");
      }
      const open = balancer.props.dig("enableWafFailOpen");
      if (open.is(true)) report(balancer, open, "lets requests past a firewall that fails", "remove it");
    }
  },
);

export const cfMisc = rule(
  {
    name: "cf-misc",
    description: "Distributions before buckets name what they serve at /; on request, a second origin and countries",
    severity: "low",
    levels: "0/A/A",
    fsbp: ["CloudFront.1", "CloudFront distributions should have a default root object configured"],
    remediationSteps: "Set defaultRootObject, such as index.html.",
    config: {
      failover: { type: "boolean", default: false, description: "ask for an origin group with a second origin" },
      countries: { type: "boolean", default: false, description: "ask for a restriction by country" },
    },
  },
  on<aws.cloudfront.DistributionArgs>(types.distribution, ({ props, config, report }) => {
    const root = props.at("defaultRootObject");
    if (servesBucket(props) && root.isEmpty()) report(root, "is not set", "set it: / lists the bucket's keys else");
    const groups = props.at("originGroups");
    if (config.failover === true && groups.isEmpty()) report(groups, "are missing", "add one with a second origin");
    const restriction = props.at("restrictions").at("geoRestriction").at("restrictionType");
    if (config.countries === true && restriction.isNot("whitelist", "blacklist")) {
      report(restriction, "lets every country in", "set it to whitelist or blacklist, with locations");
    }
  }),
);

/** Whether what is served by default comes from a bucket. */
function servesBucket(props: Value<aws.cloudfront.DistributionArgs>): boolean {
  const target = props.at("defaultCacheBehavior").at("targetOriginId").text;
  return props
    .at("origins")
    .items()
    .some(
      (origin) =>
        target !== undefined &&
        origin.at("originId").is(target) &&
        origin.at("customOriginConfig").isEmpty() &&
        origin.at("vpcOriginConfig").isEmpty(),
    );
}

export const subnetNoAutoIp = rule(
  {
    name: "subnet-no-auto-ip",
    description: "Subnets give no public addresses by themselves, but those that say by a tag that they are public",
    severity: "medium",
    levels: "A/M/M",
    fsbp: ["EC2.15", "Amazon EC2 subnets should not automatically assign public IP addresses"],
    remediationSteps: "Set mapPublicIpOnLaunch to false; tag a subnet for load balancers and NAT SubnetType Public.",
  },
  on<aws.ec2.SubnetArgs>(types.subnet, ({ props, report }) => {
    const launch = props.at("mapPublicIpOnLaunch");
    if (launch.is(true) && !isTaggedPublic(props)) {
      report(launch, "gives public addresses", "set it to false, or tag the subnet SubnetType Public");
    }
  }),
);

function isTaggedPublic(props: Value): boolean {
  return ["tagsAll", "tags"].some((map) => {
    const tags = props.dig(map);
    const isPublic = (key: string): boolean =>
      key === "kubernetes.io/role/elb" || tags.dig(key).unknown || /^public$/i.test(tags.dig(key).text ?? "");
    return tags.unknown || tags.keys().some(isPublic);
  });
}

export const ec2NoPublicIp = rule(
  {
    name: "ec2-no-public-ip",
    description: "Instances have no public address",
    severity: "high",
    levels: "A/M/M",
    fsbp: ["EC2.9", "Amazon EC2 instances should not have a public IPv4 address"],
    remediationSteps: "Set associatePublicIpAddress to false, use private subnets and Session Manager.",
  },
  on<aws.ec2.InstanceArgs>(types.instance, ({ props, report }) => {
    unaddressed(props.at("associatePublicIpAddress"), report);
  }),
  on<aws.ec2.LaunchTemplateArgs>(types.launchTemplate, ({ props, report }) => {
    for (const card of props.at("networkInterfaces").items()) unaddressed(card.at("associatePublicIpAddress"), report);
  }),
);

function unaddressed(at: Value, report: (at: Value, wrong: string, set: string) => void): void {
  // Launch templates take booleans as text.
  if (at.is(true, "true")) report(at, "gives a public address", "set it to false and use private subnets");
}

function noStranger(key: string) {
  return ({ props, report }: { props: Value; report: (at: Value, wrong: string, set: string) => void }): void => {
    for (const statement of openStatements(props.dig(key))) {
      report(statement, "lets everyone in", "name the principals, or add a condition on account, organisation or VPC");
    }
  };
}

export const resourcePolicyPublic = rule(
  {
    name: "resource-policy-public",
    description: "No policy of a queue, topic, repository, secret, table, stream or domain lets strangers in",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["SQS.3", "SQS queue access policies should not allow public access"],
    remediationSteps:
      "Name the principals, or add a condition on account, organisation or VPC; set blockPublicPolicy on secrets.",
  },
  on(
    [
      ...types.queue,
      ...types.queuePolicy,
      ...types.topic,
      ...types.topicPolicy,
      ...types.repositoryPolicy,
      ...types.secret,
      ...types.tablePolicy,
      ...types.streamPolicy,
    ],
    noStranger("policy"),
  ),
  on<aws.secretsmanager.SecretPolicyArgs>(types.secretPolicy, ({ props, report }) => {
    noStranger("policy")({ props, report });
    const block = props.at("blockPublicPolicy");
    if (block.isNot(true)) report(block, "is not on", "set it to true: Secrets Manager then checks the policy itself");
  }),
  on([...types.searchDomain, ...types.searchPolicy], noStranger("accessPolicies")),
);

/** Endpoints without which a task in a network without NAT neither starts, nor logs, nor reads its secrets. */
const forTasks = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"];

export const vpcEndpoints = stackRule(
  {
    name: "vpc-endpoints",
    description: "Networks reach S3 and DynamoDB by gateway endpoints, and without NAT what starts a task as well",
    severity: "low",
    levels: "0/A/A",
    fsbp: ["EC2.55", "VPCs should be configured with an interface endpoint for ECR API"],
    remediationSteps: "Add an aws.ec2.VpcEndpoint for the service. Gateway endpoints cost nothing.",
  },
  types.vpc,
  ({ stack, report }) => {
    for (const vpc of stack.ofType(types.vpc)) {
      const names = stack.referrers(vpc, "vpcId", types.vpcEndpoint).map((node) => node.props.dig("serviceName"));
      const has = (service: string): boolean =>
        names.some((name) => name.unknown || (name.text ?? "").endsWith(`.${service}`));
      const wanted = [
        "s3",
        ...(stack.ofType(types.table).length > 0 ? ["dynamodb"] : []),
        ...(runsPrivateTasks(stack, vpc) ? forTasks : []),
      ];
      const missing = wanted.filter((service) => !has(service));
      if (missing.length > 0) {
        report(vpc, "endpoints", `lack ${missing.join(", ")}`, "add an aws.ec2.VpcEndpoint for each");
      }
    }
  },
);

/** Whether tasks run in the network that reach AWS by endpoints alone: private ones, and no NAT. */
function runsPrivateTasks(stack: Stack, vpc: Node): boolean {
  const within = (subnet: Node): boolean => stack.targets(subnet, "vpcId", types.vpc).includes(vpc);
  const nat = stack
    .ofType(types.natGateway)
    .some((gateway) => stack.targets(gateway, "subnetId", types.subnet).some(within));
  if (nat) return false;
  return stack.ofType(types.service).some((service) => {
    const open = service.props.dig("networkConfiguration", "assignPublicIp").is(true);
    return !open && stack.targets(service, "networkConfiguration", types.subnet).some(within);
  });
}

export const vpcNoDefault = rule(
  {
    name: "vpc-no-default",
    description:
      "Nothing uses the network that AWS makes in every account, and public access to networks is not opened",
    severity: "medium",
    levels: "A/A/A",
    fsbp: ["EC2.172", "EC2 VPC Block Public Access settings should block internet gateway traffic"],
    remediationSteps: "Make an aws.ec2.Vpc with subnets of your own; set internetGatewayBlockMode to block-ingress.",
  },
  on(types.defaultNetwork, ({ report }) => {
    report("default network", "is used, whose subnets are all public", "make an aws.ec2.Vpc of your own");
  }),
  on<aws.ec2.VpcBlockPublicAccessOptionsArgs>(types.vpcBlockPublicAccess, ({ props, report }) => {
    const mode = props.at("internetGatewayBlockMode");
    if (mode.is("off")) report(mode, "blocks nothing", "set it to block-ingress or block-bidirectional");
  }),
);

export const albTargetTls = rule(
  {
    name: "alb-target-tls",
    description: "Load balancers reach their targets over TLS",
    severity: "low",
    levels: "0/0/0",
    fsbp: ["ELB.22", "ELB target groups should use encrypted transport protocols"],
    remediationSteps: "Set protocol to HTTPS, with a certificate in each container.",
  },
  on<aws.lb.TargetGroupArgs>(types.targetGroup, ({ props, report }) => {
    // A function is called through Lambda's API, which is TLS.
    if (!props.at("targetType").isNot("lambda")) return;
    const protocol = props.at("protocol");
    if (protocol.isNot("HTTPS", "TLS", "QUIC", "TCP_QUIC", "GENEVE")) {
      report(protocol, "is not encrypted", "set it to HTTPS, or TLS on a network load balancer");
    }
  }),
);
