import { type Opening, isWorld, onPublicLoadBalancer, openings } from "../lib/openings";
import { type StackSubject, stackRule } from "../lib/rule";
import { types } from "../lib/types";

/** Ports that the world may reach, on the group of a public load balancer. */
const webPorts = [80, 443];

export const sgOpenIngress = stackRule(
  {
    name: "sg-open-ingress",
    description: "No security group is open to the world, but ports 80 and 443 of a public load balancer's",
    severity: "critical",
    levels: "M/M/M",
    fsbp: ["EC2.18", "Security groups should only allow unrestricted incoming traffic for authorized ports"],
    remediationSteps: "Name the source by security group, prefix list or address range.",
  },
  [...types.securityGroup, ...types.defaultSecurityGroup, ...types.securityGroupRule, ...types.ingressRule],
  ({ stack, report }) => {
    for (const opening of openings(stack)) {
      const world = opening.sources.find(isWorld);
      if (world === undefined || (onPublicLoadBalancer(stack, opening.group, "perhaps") && isWebPort(opening))) {
        continue;
      }
      const set = "name the source by security group, prefix list or address range";
      report(opening.node, world, `opens ${ports(opening)} to the world`, set);
    }
  },
);

function ports({ protocol, from, to }: Opening): string {
  if (protocol.is("-1", "all")) return "every port";
  if (from.known === undefined || to.known === undefined) return "ports";
  return from.known === to.known ? `port ${from.known}` : `ports ${from.known} to ${to.known}`;
}

/** Whether the opening is of one such port, or may be. */
function isWebPort({ protocol, from, to }: Opening): boolean {
  const one = from.unknown || to.unknown || from.known === to.known;
  return !protocol.isNot("tcp", "6") && !from.isNot(...webPorts) && !to.isNot(...webPorts) && one;
}

export const defaultSgClosed = stackRule(
  {
    name: "default-sg-closed",
    description: "The default security group of every VPC is closed",
    severity: "medium",
    levels: "A/A/M",
    fsbp: ["EC2.2", "VPC default security groups should not allow inbound or outbound traffic"],
    remediationSteps: "Add an aws.ec2.DefaultSecurityGroup for the VPC without ingress and egress.",
  },
  types.vpc,
  ({ stack, report }) => {
    for (const vpc of stack.ofType(types.vpc)) {
      const groups = stack.referrers(vpc, "vpcId", types.defaultSecurityGroup);
      if (groups.length === 0) {
        report(
          vpc,
          "default security group",
          "is open",
          "add an aws.ec2.DefaultSecurityGroup for the VPC, without rules",
        );
      }
      for (const group of groups) {
        for (const side of [group.props.dig("ingress"), group.props.dig("egress")]) {
          if (!side.unknown && !side.isEmpty()) report(group, side, "has rules", "remove them");
        }
      }
    }
  },
);

export const vpcFlowLogs = stackRule(
  {
    name: "vpc-flow-logs",
    description: "Every VPC has a flow log",
    severity: "medium",
    levels: "0/A/M",
    fsbp: ["EC2.6", "VPC flow logging should be enabled in all VPCs"],
    remediationSteps: "Add an aws.ec2.FlowLog for the VPC with trafficType REJECT or ALL.",
  },
  types.vpc,
  ({ stack, report }) => {
    for (const vpc of stack.ofType(types.vpc)) {
      const logs = stack.referrers(vpc, "vpcId", types.flowLog);
      const useful = logs.filter((log) => !log.props.dig("trafficType").isNot("REJECT", "ALL"));
      if (useful.length > 0) continue;
      report(vpc, "flow log", "is missing", "add an aws.ec2.FlowLog with trafficType REJECT or ALL");
    }
  },
);

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const s3Bpa = stackRule(
  {
    name: "s3-bpa",
    description: "Every bucket blocks public access in all four ways, and so does the account's own block",
    severity: "critical",
    levels: "R/M/M",
    fsbp: ["S3.8", "S3 general purpose buckets should block public access"],
    remediationSteps: "Add an aws.s3.BucketPublicAccessBlock with its four switches on.",
    remedy: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
  },
  [...types.bucket, ...types.accountPublicAccessBlock],
  ({ stack, report }: StackSubject) => {
    for (const bucket of stack.ofType(types.bucket)) {
      const [block] = stack.referrers(bucket, "bucket", types.bucketPublicAccessBlock);
      if (block === undefined) {
        report(
          bucket,
          "public access block",
          "is missing",
          "add an aws.s3.BucketPublicAccessBlock, all four switches on",
        );
        continue;
      }
      for (const key of blocks) {
        const value = block.props.dig(key);
        if (value.isNot(true)) report(bucket, `${block.name} ${key}`, "is not on", "set it to true");
      }
    }
    for (const account of stack.ofType(types.accountPublicAccessBlock)) {
      for (const key of blocks) {
        const value = account.props.dig(key);
        if (value.isNot(true)) report(account, value, "is not on", "set it to true");
      }
    }
  },
  [...types.bucketPublicAccessBlock, ...types.accountPublicAccessBlock],
);
