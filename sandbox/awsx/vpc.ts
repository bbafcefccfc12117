import { text, unknown, type Value, type Values } from "../values";
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

class Builder {
  private readonly natGateways: Child[] = [];
  private readonly eips: Child[] = [];
  private readonly routes: Child[] = [];
  private readonly associations: Child[] = [];

  constructor(
    private readonly name: string,
    private readonly args: VpcArguments,
    private readonly children: Children,
  ) {}

  async build(component: string, zones: readonly string[]): Promise<VpcChildren> {
    const { name, args } = this;
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
    const vpc = await this.children.make(
      "aws:ec2/vpc:Vpc",
      name,
      component,
      { ...args.vpc, ...this.dnsDefaults(), cidrBlock: args.cidrBlock, tags },
      [],
    );
    const internetGateway = await this.children.make(
      "aws:ec2/internetGateway:InternetGateway",
      name,
      vpc.urn,
      { vpcId: idOf(vpc), tags },
      [vpc],
    );
    const subnets: MadeSubnet[] = [];
    for (const [index, zone] of zones.entries()) {
      const here = placed.filter((subnet) => subnet.zone === zone && subnet.type !== "Unused");
      for (const subnet of here.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))) {
        subnets.push(await this.subnet(subnet, vpc, internetGateway, index, tags));
      }
    }
    const { natGateways, eips, routes, associations } = this;
    const endpoints = await createEndpoints(args, { vpc, subnets, zones, tags, children: this.children });
    return { vpc, internetGateway, subnets, associations, routes, natGateways, eips, endpoints };
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

  private async subnet(
    placed: PlacedSubnet,
    vpc: Child,
    gateway: Child,
    zone: number,
    shared: Values,
  ): Promise<MadeSubnet> {
    const { children } = this;
    const tags = { ...shared, Name: placed.nameTag, SubnetType: placed.type };
    const subnet = await children.make(
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
    const routeTable = await children.make(
      "aws:ec2/routeTable:RouteTable",
      placed.name,
      subnet.urn,
      { vpcId: idOf(vpc), tags },
      [subnet],
    );
    this.associations.push(
      await children.make(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        placed.name,
        routeTable.urn,
        { routeTableId: idOf(routeTable), subnetId: idOf(subnet) },
        [routeTable],
      ),
    );
    if (placed.type === "Public") await this.nat(subnet, zone);
    await this.route(placed, routeTable, gateway, zone);
    return { placed, subnet, routeTable };
  }

  private async nat(subnet: Child, zone: number): Promise<void> {
    const { nat, allocationIds, tags } = this.args;
    if (nat === "None" || this.natGateways.length >= (nat === "Single" ? 1 : zone + 1)) return;
    const name = `${this.name}-${zone + 1}`;
    const own = { tags: { ...tags, Name: name } };
    let allocation: Value | ReturnType<typeof outputOf> | undefined = allocationIds[zone];
    if (allocationIds.length === 0) {
      const eip = await this.children.make("aws:ec2/eip:Eip", name, subnet.urn, own, [subnet]);
      this.eips.push(eip);
      allocation = outputOf(eip, "allocationId");
    }
    const inputs = { subnetId: idOf(subnet), allocationId: allocation, ...own };
    this.natGateways.push(
      await this.children.make("aws:ec2/natGateway:NatGateway", name, subnet.urn, inputs, [subnet]),
    );
  }

  private async route(placed: PlacedSubnet, routeTable: Child, gateway: Child, zone: number): Promise<void> {
    const nat = this.args.nat === "Single" ? this.natGateways[0] : this.natGateways[zone];
    const target =
      placed.type === "Public"
        ? { gatewayId: idOf(gateway) }
        : placed.type === "Private" && this.args.nat !== "None" && nat !== undefined
          ? { natGatewayId: idOf(nat) }
          : undefined;
    if (target === undefined) return;
    const inputs = { routeTableId: idOf(routeTable), ...target, destinationCidrBlock: "0.0.0.0/0" };
    this.routes.push(
      await this.children.make("aws:ec2/route:Route", placed.name, routeTable.urn, inputs, [routeTable]),
    );
  }
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
