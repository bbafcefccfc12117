import type { Node, Stack } from "./stack";
import { types } from "./types";
import type { Value } from "./value";

/** One opening in a security group: where it stands, to whom and to which ports. */
export interface Opening {
  readonly node: Node;
  readonly at: Value;
  readonly group: Node | undefined;
  /** Address ranges that it lets in. */
  readonly sources: readonly Value[];
  /** Properties of the node that name security groups. */
  readonly groups: readonly string[];
  readonly protocol: Value;
  readonly from: Value<number>;
  readonly to: Value<number>;
}

/** What lets traffic into the stack's security groups: in the group itself, and in rules beside it. */
export function openings(stack: Stack): Opening[] {
  return [...inline(stack), ...ruleResources(stack)];
}

function inline(stack: Stack): Opening[] {
  return stack.ofType([...types.securityGroup, ...types.defaultSecurityGroup]).flatMap((group) =>
    group.props
      .dig("ingress")
      .items()
      .map((rule) => ({
        node: group,
        at: rule,
        group,
        sources: [...ranges(rule, "cidrBlocks"), ...ranges(rule, "ipv6CidrBlocks")],
        groups: ["ingress"],
        protocol: rule.dig("protocol"),
        from: rule.dig<number>("fromPort"),
        to: rule.dig<number>("toPort"),
      })),
  );
}

function ruleResources(stack: Stack): Opening[] {
  const old = stack.ofType(types.securityGroupRule).filter((rule) => rule.props.dig("type").is("ingress"));
  return [...old, ...stack.ofType(types.ingressRule)].map((node) => ({
    node,
    at: node.props,
    group: stack.targets(node, "securityGroupId", types.securityGroup)[0],
    sources: ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"].flatMap((key) => ranges(node.props, key)),
    groups: ["sourceSecurityGroupId", "referencedSecurityGroupId"],
    protocol: node.props.dig(node.type === types.ingressRule[0] ? "ipProtocol" : "protocol"),
    from: node.props.dig<number>("fromPort"),
    to: node.props.dig<number>("toPort"),
  }));
}

function ranges(rule: Value, key: string): Value[] {
  return rule
    .dig(key)
    .items()
    .filter((range) => !range.isEmpty());
}

/** Ranges wider than any private one: 10.0.0.0/8 and fc00::/7. Halves of the world are the world. */
export function isWorld(source: Value): boolean {
  const [address = "", length] = (source.text ?? "").split("/");
  if (length === undefined) return false;
  return Number(length) < (address.includes(":") ? 7 : 8);
}

/** Whether a load balancer that the internet reaches has the group; with `perhaps`, also one of which it is unknown. */
export function onPublicLoadBalancer(stack: Stack, group: Node | undefined, perhaps?: "perhaps"): boolean {
  if (group === undefined) return false;
  return stack.referrers(group, "securityGroups", types.loadBalancer).some((balancer) => {
    const internal = balancer.props.dig("internal");
    return internal.unknown ? perhaps !== undefined : !internal.is(true);
  });
}
