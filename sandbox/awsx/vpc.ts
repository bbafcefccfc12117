import { text, unknown, type Values } from "../values";
import { readArguments, type VpcArguments } from "./arguments";
import { Children, idOf, outputOf, type Child, type RegisterChild } from "./children";
import { createEndpoints } from "./endpoints";
import { outputsOf } from "./outputs";
import { placeSubnets, type PlacedSubnet } from "./subnets";

/** What one subnet of the plan became. */
export interface MadeSubnet {
  readonly placed: PlacedSubnet;
  readonly subnet: Child;
  readonly routeTable: Child;
}

/** The children of a VPC, in the groups that the component offers as outputs. */
export interface VpcChildren {
  readonly vpc: Child;
  readonly internetGateway: Child;
  readonly subnets: readonly MadeSubnet[];
  readonly associations: readonly Child[];
  readonly routes: readonly Child[];
  readonly natGateways: readonly Child[];
  readonly eips: readonly Child[];
  readonly endpoints: readonly Child[];
}

export interface Constructed {
  readonly urn: string;
  readonly outputs: Values;
  /** What every output depends on. */
  readonly dependencies: readonly string[];
  readonly outputDependencies: Readonly<Record<string, readonly string[]>>;
}

/** Who is asked for what the component needs beyond its arguments. */
export interface Surroundings {
  readonly registerChild: RegisterChild;
  readonly registerComponent: (inputs: Values) => Promise<string>;
  readonly registerOutputs: (urn: string, outputs: Values) => void;
  readonly zonesOfRegion: (region: string | undefined) => readonly string[];
}

/** Until it is created; a preview of a later update knows it. */
function isUnknown(child: Child): boolean {
  return idOf(child).value === unknown;
}

/** Public before private, since a private subnet's route needs the NAT gateway that stands in a public one. */
const order = ["Public", "Private", "Isolated"];

/** A subnet on its way, with what belongs to it alone. */
interface Part {
  readonly placed: PlacedSubnet;
  readonly subnet: Promise<Child>;
  readonly routeTable: Promise<Child>;
  readonly association: Promise<Child>;
}

/** A NAT gateway, with its address unless that was given. */
interface Nat {
  readonly gateway: Child;
  readonly eip: Child | undefined;
}

/** Asks for each child as soon as those that it needs are there, as the real component does: the engine queues what it is asked. */
class Builder {
  constructor(
    private readonly name: string,
    private readonly args: VpcArguments,
    private readonly children: Children,
  ) {}

  async build(component: string, zones: readonly string[]): Promise<VpcChildren> {
    const { name, args, children } = this;
    const placed = placeSubnets({
      vpcName: name,
      vpcCidr: args.cidrBlock,
      zones,
      strategy: args.strategy,
      specs: args.specs,
      zoneMask: args.zoneMask,
      nameTags: args.nameTags,
    });
    this.checkNat(placed, zones.length);
    const tags = { Name: name, ...args.tags };
    const vpcInputs = { ...args.vpc, ...this.dnsDefaults(), cidrBlock: args.cidrBlock, tags };
    const vpc = await children.make("aws:ec2/vpc:Vpc", name, component, vpcInputs, []);
    const gatewayInputs = { vpcId: idOf(vpc), tags };
    const gateway = children.make("aws:ec2/internetGateway:InternetGateway", name, vpc.urn, gatewayInputs, [vpc]);
    const parts = zones.flatMap((zone) =>
      placed
        .filter((subnet) => subnet.zone === zone && subnet.type !== "Unused")
        .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
        .map((subnet) => this.part(subnet, vpc, tags)),
    );
    const nats = this.nats(parts, zones);
    const routes = parts.map((part) =>
      this.route(part, gateway, nats.get(args.nat === "Single" ? (zones[0] ?? "") : part.placed.zone)),
    );
    const [internetGateway, subnets, associations, madeNats, madeRoutes] = await Promise.all([
      gateway,
      Promise.all(parts.map(settled)),
      Promise.all(parts.map(({ association }) => association)),
      Promise.all(nats.values()),
      Promise.all(routes),
    ]);
    const endpoints = await createEndpoints(args, { vpc, subnets, zones, tags, children });
    return {
      vpc,
      internetGateway,
      subnets,
      associations,
      endpoints,
      routes: madeRoutes.filter((route) => route !== undefined),
      natGateways: madeNats.map((nat) => nat.gateway),
      eips: madeNats.flatMap(({ eip }) => eip ?? []),
    };
  }

  private dnsDefaults(): Values {
    const { args } = this;
    const isInterface = (spec: Values): boolean => text(spec["vpcEndpointType"])?.toLowerCase() === "interface";
    const wanted = args.endpointStrategy === "Auto" && args.endpoints.some(isInterface);
    return wanted ? { enableDnsHostnames: true, enableDnsSupport: true, ...args.vpc } : {};
  }

  private checkNat(placed: readonly PlacedSubnet[], zones: number): void {
    const { nat, allocationIds } = this.args;
    if (nat !== "None") {
      const has = (...types: string[]): boolean => placed.some((subnet) => types.includes(subnet.type));
      if (!has("Public") || !has("Private", "Isolated")) {
        throw new Error(
          "If NAT Gateway strategy is 'OnePerAz' or 'Single', public subnets must be declared to host the NAT Gateway " +
            "resource, along with private or isolated subnets to route through it.",
        );
      }
    }
    const wanted = { None: 0, Single: 1, OnePerAz: zones }[nat];
    if (allocationIds.length > 0 && allocationIds.length !== wanted) {
      throw new Error(`NAT Gateway strategy '${nat}' takes ${wanted} Elastic IPs, not ${allocationIds.length}.`);
    }
  }

  private part(placed: PlacedSubnet, vpc: Child, shared: Values): Part {
    const { children } = this;
    const named = { ...shared, Name: placed.nameTag, SubnetType: placed.type };
    const subnet = children.make(
      "aws:ec2/subnet:Subnet",
      placed.name,
      vpc.urn,
      {
        vpcId: idOf(vpc),
        availabilityZone: placed.zone,
        mapPublicIpOnLaunch: placed.type === "Public",
        cidrBlock: placed.cidr,
        assignIpv6AddressOnCreation: false,
        // awsx computes it from the VPC's IPv6 block, which a preview does not know yet; without one it is unset.
        ...(isUnknown(vpc) && { ipv6CidrBlock: { value: unknown, urns: [vpc.urn] } }),
        tags: { ...shared, ...placed.tags, Name: placed.nameTag, SubnetType: placed.type },
      },
      [vpc],
    );
    const routeTable = subnet.then((of) =>
      children.make("aws:ec2/routeTable:RouteTable", placed.name, of.urn, { vpcId: idOf(vpc), tags: named }, [of]),
    );
    const association = Promise.all([subnet, routeTable]).then(([of, table]) => {
      const inputs = { routeTableId: idOf(table), subnetId: idOf(of) };
      return children.make("aws:ec2/routeTableAssociation:RouteTableAssociation", placed.name, table.urn, inputs, [
        table,
      ]);
    });
    return { placed, subnet, routeTable, association };
  }

  /** By zone: one in the first public subnet of each, or of the first zone alone. */
  private nats(parts: readonly Part[], zones: readonly string[]): Map<string, Promise<Nat>> {
    const { nat } = this.args;
    const hosts = nat === "None" ? [] : nat === "Single" ? zones.slice(0, 1) : zones;
    return new Map(
      hosts.flatMap((zone, index) => {
        const host = parts.find(({ placed }) => placed.zone === zone && placed.type === "Public");
        return host === undefined ? [] : [[zone, host.subnet.then((subnet) => this.nat(subnet, index))] as const];
      }),
    );
  }

  private async nat(subnet: Child, zone: number): Promise<Nat> {
    const { allocationIds, tags } = this.args;
    const name = `${this.name}-${zone + 1}`;
    const own = { tags: { ...tags, Name: name } };
    const eip =
      allocationIds.length === 0
        ? await this.children.make("aws:ec2/eip:Eip", name, subnet.urn, own, [subnet])
        : undefined;
    const allocationId = eip === undefined ? allocationIds[zone] : outputOf(eip, "allocationId");
    const inputs = { subnetId: idOf(subnet), allocationId, ...own };
    const gateway = await this.children.make("aws:ec2/natGateway:NatGateway", name, subnet.urn, inputs, [subnet]);
    return { gateway, eip };
  }

  /** The way out of a subnet; an isolated one has none. */
  private async route(
    { placed, ...part }: Part,
    gateway: Promise<Child>,
    nat: Promise<Nat> | undefined,
  ): Promise<Child | undefined> {
    const way = placed.type === "Public" ? gateway : placed.type === "Private" ? nat : undefined;
    const [routeTable, to] = await Promise.all([part.routeTable, way]);
    if (to === undefined) return undefined;
    const target = "gateway" in to ? { natGatewayId: idOf(to.gateway) } : { gatewayId: idOf(to) };
    const inputs = { routeTableId: idOf(routeTable), ...target, destinationCidrBlock: "0.0.0.0/0" };
    return this.children.make("aws:ec2/route:Route", placed.name, routeTable.urn, inputs, [routeTable]);
  }
}

async function settled({ placed, ...part }: Part): Promise<MadeSubnet> {
  return { placed, subnet: await part.subnet, routeTable: await part.routeTable };
}

/**
 * Expands `awsx:ec2:Vpc` into the children that the real component makes: types, names, parents and inputs.
 * Source: pulumi/pulumi-awsx 3.9, `awsx/ec2/vpc.ts`, whose tests and behaviour this follows.
 */
export async function constructVpc(name: string, inputs: Values, around: Surroundings): Promise<Constructed> {
  const args = readArguments(inputs);
  const region = args.vpc["region"];
  const zones =
    args.zones ?? around.zonesOfRegion(typeof region === "string" ? region : undefined).slice(0, args.zoneCount ?? 3);
  const urn = await around.registerComponent(inputs);
  const made = await new Builder(name, args, new Children(around.registerChild)).build(urn, zones);
  const outputs = outputsOf(made, args);
  // All outputs come from one value in awsx, which holds the ids of the VPC and of its subnets.
  const dependencies = [made.vpc, ...made.subnets.map(({ subnet }) => subnet)].map((child) => child.urn);
  const settled: Values = {};
  const outputDependencies: Record<string, readonly string[]> = {};
  for (const [key, { value, children = [] }] of Object.entries(outputs)) {
    settled[key] = value;
    outputDependencies[key] = [...new Set([...dependencies, ...children.map((child) => child.urn)])].sort();
  }
  around.registerOutputs(urn, settled);
  return { urn, outputs: settled, dependencies: dependencies.sort(), outputDependencies };
}
