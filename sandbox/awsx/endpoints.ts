import { type Values } from "../values";
import { type VpcArguments } from "./arguments";
import { type Child, type Children, type From, given, idOf, listOf, outputOf } from "./children";
import { type MadeSubnet } from "./vpc";

interface Place {
  readonly vpc: Child;
  readonly subnets: readonly MadeSubnet[];
  readonly zones: readonly string[];
  readonly tags: Values;
  readonly children: Children;
}

/** Handed on from a spec to the endpoint. */
const properties = [
  "autoAccept",
  "dnsOptions",
  "ipAddressType",
  "policy",
  "privateDnsEnabled",
  "region",
  "resourceConfigurationArn",
  "routeTableIds",
  "securityGroupIds",
  "serviceName",
  "serviceNetworkArn",
  "serviceRegion",
  "subnetConfigurations",
  "subnetIds",
  "vpcEndpointType",
];

/** One subnet in each zone, private before isolated before public. */
function subnetOfEachZone({ zones, subnets }: Place): From {
  const found = zones.flatMap((zone) => {
    const here = subnets.filter(({ placed }) => placed.zone === zone);
    const first = ["Private", "Isolated", "Public"].map((type) => here.find(({ placed }) => placed.type === type));
    return first.find((made) => made !== undefined) ?? [];
  });
  return listOf(found.map(({ subnet }) => idOf(subnet)));
}

/** Lets HTTPS in from the VPC's own addresses. */
async function securityGroup(service: string, tags: Values, place: Place): Promise<Child> {
  const { vpc, children } = place;
  const group = await children.make(
    "aws:ec2/securityGroup:SecurityGroup",
    `${service}-sg`,
    vpc.urn,
    // The description is the SDK's own default.
    { description: "Managed by Pulumi", vpcId: idOf(vpc), tags },
    [vpc],
  );
  await children.make(
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    `${service}-ingress`,
    vpc.urn,
    {
      type: "ingress",
      securityGroupId: idOf(group),
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrBlocks: listOf([outputOf(vpc, "cidrBlock")]),
    },
    [group],
  );
  return group;
}

/** Fills what the "Auto" strategy leaves out: subnets and a security group, or route tables. */
async function autoInputs(spec: Values, service: string, tags: Values, place: Place): Promise<Record<string, From>> {
  const type = given(spec["vpcEndpointType"]).value ?? "Gateway";
  if (typeof type !== "string") return {};
  if (type.toLowerCase() === "gateway") {
    if (spec["routeTableIds"] !== undefined) return {};
    return { routeTableIds: listOf(place.subnets.map(({ routeTable }) => idOf(routeTable))) };
  }
  if (type.toLowerCase() !== "interface") return {};
  const inputs: Record<string, From> = {};
  if (spec["subnetIds"] === undefined && spec["subnetConfigurations"] === undefined) {
    inputs["subnetIds"] = subnetOfEachZone(place);
  }
  if (spec["privateDnsEnabled"] === undefined) inputs["privateDnsEnabled"] = { value: true, urns: [] };
  if (spec["securityGroupIds"] === undefined) {
    inputs["securityGroupIds"] = listOf([idOf(await securityGroup(service, tags, place))]);
  }
  return inputs;
}

/** An endpoint for each spec, called like its service. */
export async function createEndpoints(args: VpcArguments, place: Place): Promise<Child[]> {
  const made: Child[] = [];
  for (const spec of args.endpoints) {
    const service = given(spec["serviceName"]).value;
    if (typeof service !== "string") throw new Error("vpcEndpointSpecs[].serviceName must be plain text");
    const own = given(spec["tags"]).value;
    const tags = { ...place.tags, ...(typeof own === "object" && own !== null && !Array.isArray(own) ? own : {}) };
    const filled = args.endpointStrategy === "Auto" ? await autoInputs(spec, service, tags, place) : {};
    const inputs = Object.fromEntries(properties.map((property) => [property, given(spec[property])]));
    made.push(
      await place.children.make(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        service,
        place.vpc.urn,
        { ...inputs, ...filled, tags, vpcId: idOf(place.vpc) },
        [place.vpc],
      ),
    );
  }
  return made;
}
