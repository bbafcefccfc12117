import { isMap, type Value, type Values } from "../../sandbox/values";
import { type PlannedResource } from "../run";
import { list, parsed, strings, textsOf, type ResourceIndex } from "./resources";

/** Ports that one rule opens, between two groups or between a group and addresses. */
interface Rule {
  readonly group: string;
  readonly peer: string;
  readonly from: number;
  readonly to: number;
}

/** One hop after another from a program's group to that of the data. */
export interface NetworkPath {
  readonly groups: readonly string[];
  /** Lowest and highest port of the last hop. */
  readonly ports: readonly [number, number];
}

const everywhere = ["0.0.0.0/0", "::/0"];
const taskType = "aws:ecs/taskDefinition:TaskDefinition";
const anyPort = [0, 65535] as const;

function ports(values: Values): { from: number; to: number } {
  const protocol = values["ipProtocol"] ?? values["protocol"];
  const [from, to] = [values["fromPort"], values["toPort"]];
  if (protocol === "-1" || typeof from !== "number" || typeof to !== "number") {
    return { from: anyPort[0], to: anyPort[1] };
  }
  return { from, to };
}

function peersOf(values: Values): string[] {
  const single = ["referencedSecurityGroupId", "sourceSecurityGroupId", "cidrIpv4", "cidrIpv6", "prefixListId"];
  const many = ["securityGroups", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds"];
  return [...single, ...many].flatMap((key) => strings(values[key]));
}

function rules(group: string, values: Values): Rule[] {
  const own = values["self"] === true ? [group] : [];
  return [...peersOf(values), ...own].map((peer) => ({ group, peer, ...ports(values) }));
}

/** The security groups of a plan and what their rules let through. */
export class Network {
  private readonly ingress: Rule[] = [];
  private readonly egress: Rule[] = [];
  private readonly groups = new Map<string, PlannedResource>();

  constructor(
    resources: readonly PlannedResource[],
    private readonly index: ResourceIndex,
  ) {
    for (const resource of resources) this.read(resource);
  }

  private read(resource: PlannedResource): void {
    const { type, inputs } = resource;
    const group = strings(inputs["securityGroupId"])[0] ?? "";
    if (type === "aws:ec2/securityGroup:SecurityGroup") {
      this.groups.set(resource.id ?? "", resource);
      const inline = (key: string): Rule[] =>
        list(inputs[key]).flatMap((rule) => (isMap(rule) ? rules(resource.id ?? "", rule) : []));
      this.ingress.push(...inline("ingress"));
      this.egress.push(...inline("egress"));
    } else if (type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
      this.ingress.push(...rules(group, inputs));
    } else if (type === "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
      this.egress.push(...rules(group, inputs));
    } else if (type === "aws:ec2/securityGroupRule:SecurityGroupRule") {
      (inputs["type"] === "egress" ? this.egress : this.ingress).push(...rules(group, inputs));
    }
  }

  nameOf(group: string): string {
    return this.groups.get(group)?.name ?? group;
  }

  /** Groups that a resource is in, by its inputs. */
  groupsIn(value: Value | undefined): string[] {
    return [...new Set(textsOf(value).flatMap((text) => text.split(",")))].filter((text) => this.groups.has(text));
  }

  /** Hops from a group: the other side lets it in, and it is let out. */
  private hops(from: string): Rule[] {
    return this.ingress.filter(({ group, peer, from: low, to: high }) => {
      if (peer !== from || group === from) return false;
      const out = this.egress.filter((rule) => rule.group === from);
      return out.some(
        (rule) => (rule.peer === group || everywhere.includes(rule.peer)) && rule.from <= high && rule.to >= low,
      );
    });
  }

  /** The shortest way from one of the groups to one of the others, undefined where there is none. */
  path(from: readonly string[], to: readonly string[]): NetworkPath | undefined {
    const queue: { groups: string[]; ports: readonly [number, number] }[] = from.map((group) => ({
      groups: [group],
      ports: anyPort,
    }));
    const seen = new Set(from);
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const last = at.groups.at(-1) ?? "";
      if (at.groups.length > 1 && to.includes(last)) {
        return { groups: at.groups.map((group) => this.nameOf(group)), ports: at.ports };
      }
      for (const { group, from: low, to: high } of this.hops(last)) {
        if (seen.has(group)) continue;
        seen.add(group);
        queue.push({ groups: [...at.groups, group], ports: [low, high] });
      }
    }
    return undefined;
  }

  /** Whether a group may call AWS's endpoints. */
  reachesAws(from: readonly string[]): boolean {
    return this.egress.some(
      ({ group, peer, from: low, to: high }) =>
        from.includes(group) && (everywhere.includes(peer) || peer.startsWith("pl-")) && low <= 443 && high >= 443,
    );
  }

  /**
   * Groups that a resource runs in: its own; for a task definition those in the smallest part of an input that names it
   * too, such as the settings of a service or of one hook.
   */
  groupsRunning(resource: PlannedResource): string[] {
    // What runs in a service runs as the role of the task definition; other roles in its settings are ECS's to use.
    if (resource.type === "aws:ecs/service:Service") return [];
    if (resource.type !== taskType) return this.groupsIn(resource.inputs);
    const found = new Set<string>();
    for (const other of this.index.byUrn.values()) {
      if (!Object.values(other.propertyDependencies).some((urns) => urns.includes(resource.urn))) continue;
      for (const group of this.groupsBeside(other.inputs, resource)) found.add(group);
    }
    return [...found];
  }

  private names(value: Value, resource: PlannedResource): boolean {
    return textsOf(value).some((text) => this.index.named(text) === resource);
  }

  private groupsBeside(value: Value, resource: PlannedResource): string[] {
    const whole = parsed(value);
    if (typeof whole !== "object" || whole === null) return [];
    const parts = Object.values(whole);
    // A part that names the resource and groups of its own is about another program than the whole.
    const deeper = parts.flatMap((part) => this.groupsBeside(part, resource));
    if (deeper.length > 0) return deeper;
    if (!parts.some((part) => this.names(part, resource))) return [];
    return parts.filter((part) => !this.isAboutAnother(part)).flatMap((part) => this.groupsIn(part));
  }

  /** A part with a task definition of its own brings groups of its own. */
  private isAboutAnother(value: Value): boolean {
    const whole = parsed(value);
    if (typeof whole !== "object" || whole === null) return false;
    const names = textsOf(whole).some((text) => this.index.named(text)?.type === taskType);
    return names || Object.values(whole).some((part) => this.isAboutAnother(part));
  }
}
