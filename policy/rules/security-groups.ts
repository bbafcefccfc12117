import type * as aws from "@pulumi/aws";

import { isWorld, onPublicLoadBalancer, openings } from "../lib/openings";
import { type Subject, on, rule, stackRule } from "../lib/rule";
import type { Node, Stack } from "../lib/stack";
import { types } from "../lib/types";
import type { Value } from "../lib/value";

type Report = Subject<unknown>["report"];

export const sgHygiene = rule(
  {
    name: "sg-hygiene",
    description: "Security groups and their rules say what they are for, and let traffic out to named ports",
    severity: "low",
    levels: "0/A/A",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    remediationSteps: "Set a description on the group and on each rule; name protocol and ports of what may go out.",
  },
  on<aws.ec2.SecurityGroupArgs>(types.securityGroup, ({ props, report }) => {
    described(props.at("description"), report);
    for (const opening of props.at("ingress").items()) described(opening.at("description"), report);
    for (const opening of props.at("egress").items()) {
      described(opening.at("description"), report);
      bounded(
        opening.at("protocol"),
        [...opening.at("cidrBlocks").items(), ...opening.at("ipv6CidrBlocks").items()],
        report,
      );
    }
  }),
  on<aws.ec2.SecurityGroupRuleArgs>(types.securityGroupRule, ({ props, report }) => {
    described(props.at("description"), report);
    if (!props.at("type").is("egress")) return;
    bounded(props.at("protocol"), [...props.at("cidrBlocks").items(), ...props.at("ipv6CidrBlocks").items()], report);
  }),
  on<aws.vpc.SecurityGroupIngressRuleArgs>(types.ingressRule, ({ props, report }) => {
    described(props.at("description"), report);
  }),
  on<aws.vpc.SecurityGroupEgressRuleArgs>(types.egressRule, ({ props, report }) => {
    described(props.at("description"), report);
    bounded(props.at("ipProtocol"), [props.at("cidrIpv4"), props.at("cidrIpv6")], report);
  }),
);

/** Pulumi and Terraform fill in a text of their own, which says nothing. */
const filledIn = ["Managed by Pulumi", "Managed by Terraform"];

function described(at: Value, report: Report): void {
  if (at.isEmpty() || at.is(...filledIn)) report(at, "is not set", "say what it is for");
}

function bounded(protocol: Value, to: readonly Value[], report: Report): void {
  if (protocol.is("-1", "all") && to.some(isWorld)) {
    report(protocol, "lets everything out", "name the protocol and the ports, such as tcp 443");
  }
}

const directions = [
  { side: "ingress", rules: types.ingressRule },
  { side: "egress", rules: types.egressRule },
] as const;

export const sgRuleConflict = stackRule(
  {
    name: "sg-rule-conflict",
    description: "A security group's rules stand in it or beside it, not both: each would delete the other's",
    severity: "high",
    levels: "M/M/M",
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
    remediationSteps: "Move the rules of the group into SecurityGroupIngressRule and SecurityGroupEgressRule.",
  },
  types.securityGroup,
  ({ stack, report }) => {
    for (const group of stack.ofType(types.securityGroup)) {
      const old = stack.referrers(group, "securityGroupId", types.securityGroupRule);
      for (const { side, rules } of directions) {
        const inside = group.props.dig(side);
        const older = old.filter((one) => one.props.dig("type").is(side));
        const newer = stack.referrers(group, "securityGroupId", rules);
        if (inside.items().length > 0 && older.length + newer.length > 0) {
          report(group, inside, "is managed in the group and beside it", "keep the rules beside it alone");
        } else if (older.length > 0 && newer.length > 0) {
          report(group, side, "is managed by rules of both kinds", `keep the ${rules[0].split(":")[2]} alone`);
        }
      }
    }
  },
);

/** What holds a database's connections, and the property that names its groups. */
const databases: readonly (readonly [types: readonly string[], property: string])[] = [
  [[...types.dbCluster, ...types.dbInstance, ...types.dbProxy, ...types.warehouseCluster], "vpcSecurityGroupIds"],
  [[...types.cache, ...types.warehouseWorkgroup], "securityGroupIds"],
];

export const dbSecurityGroups = stackRule(
  {
    name: "db-security-groups",
    description: "Databases let in the groups of programs: no range of addresses, and no public load balancer",
    severity: "high",
    levels: "A/M/M",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing",
    remediationSteps: "Give the rule the security group of the program that connects, in place of an address range.",
  },
  databases.flatMap(([kinds]) => kinds),
  ({ stack, report }) => {
    const groups = databases.flatMap(([kinds, property]) =>
      stack.ofType(kinds).flatMap((database) => stack.targets(database, property, types.securityGroup)),
    );
    for (const opening of openings(stack)) {
      if (opening.group === undefined || !groups.includes(opening.group)) continue;
      for (const source of opening.sources) {
        if (source.text === undefined) continue;
        report(opening.node, source, "lets addresses in to a database", "name the security group of what connects");
      }
      for (const [property, source] of named(stack, opening.node, opening.groups)) {
        if (!onPublicLoadBalancer(stack, source)) continue;
        const wrong = "lets a public load balancer in to a database";
        report(opening.node, property, wrong, "let in the programs behind it alone");
      }
    }
  },
);

function named(stack: Stack, node: Node, properties: readonly string[]): (readonly [string, Node])[] {
  return properties.flatMap((property) =>
    stack.targets(node, property, types.securityGroup).map((group) => [property, group] as const),
  );
}
