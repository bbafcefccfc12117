import type { PlannedResource } from "../../plan/run";
import { block, hoursAMonth, idle, list, number, type Rules, type Setting, text, unpriced, use } from "../pricer";
import { product } from "../range";

function ofEndpoint({ inputs }: PlannedResource, { usage }: Setting) {
  if (inputs["vpcEndpointType"] !== "Interface") return [];
  const zones = list(inputs["subnetIds"]).length;
  return [
    idle(`endpoint in ${zones} zones`, "vpce.interface.hour", zones * hoursAMonth),
    use("traffic", "vpce.interface.gb", usage.network.endpointGb),
  ];
}

function ofNatGateway({ inputs }: PlannedResource, { usage }: Setting) {
  if (inputs["connectivityType"] === "private") return [idle("gateway", "nat.hour", hoursAMonth)];
  return [
    idle("gateway", "nat.hour", hoursAMonth),
    use("traffic through it", "nat.gb", usage.network.natGb),
    use("to the internet", "dataTransfer.out.gb", usage.network.outGb),
  ];
}

/** Billed by what is written before it is compressed, Parquet or not. */
function ofFlowLog({ inputs }: PlannedResource, { usage }: Setting) {
  if (inputs["logDestinationType"] !== "s3") {
    return [unpriced("flow log", "only delivery to S3 has a price here")];
  }
  const parquet = block(inputs["destinationOptions"])["fileFormat"] === "parquet";
  return [
    use("records delivered", "vendedLogs.s3", usage.network.flowLogGb),
    ...(parquet ? [use("as Parquet", "vendedLogs.parquet", usage.network.flowLogGb)] : []),
  ];
}

function ofLoadBalancer({ inputs }: PlannedResource, { usage }: Setting) {
  const units = product(usage.web.capacityUnits, hoursAMonth);
  if (inputs["loadBalancerType"] === "network") {
    return [idle("load balancer", "nlb.hour", hoursAMonth), use("capacity units", "nlb.lcuHour", units)];
  }
  // With a public address in each zone, each is billed as any other.
  const addresses = inputs["internal"] === true ? 0 : list(inputs["subnets"]).length;
  return [
    idle("load balancer", "alb.hour", hoursAMonth),
    ...(addresses > 0 ? [idle("public addresses", "ipv4.public.hour", addresses * hoursAMonth)] : []),
    use("capacity units", "alb.lcuHour", units),
  ];
}

/** Instance types that have a price. */
const instances = { "t4g.nano": "ec2.t4g.nano.hour" } as const;

function hasPrice(type: string): type is keyof typeof instances {
  return Object.hasOwn(instances, type);
}

/** The instances of a group that keeps its size: type, disk and address are those of the launch template. */
function ofGroup(resource: PlannedResource, setting: Setting) {
  const [template] = setting.refersTo(resource, "launchTemplate", "aws:ec2/launchTemplate:LaunchTemplate");
  const type = text(template?.inputs["instanceType"]);
  if (template === undefined || !hasPrice(type)) {
    return [unpriced("instances", `prices/ has none of type ${type === "" ? "unknown" : type}`)];
  }
  const count = number(resource.inputs["minSize"], 0);
  const disks = list(template.inputs["blockDeviceMappings"]).map((mapping) => block(block(mapping)["ebs"]));
  const gb = disks.reduce((all, disk) => all + number(disk["volumeSize"], 0), 0);
  const isPublic = list(template.inputs["networkInterfaces"])
    .map(block)
    .some((face) => String(face["associatePublicIpAddress"]) === "true");
  return [
    idle(`${count} x ${type}`, instances[type], count * hoursAMonth),
    ...(gb > 0 ? [idle("disk", "ebs.gp3", count * gb)] : []),
    ...(isPublic ? [idle("public address", "ipv4.public.hour", count * hoursAMonth)] : []),
    use("to the internet", "dataTransfer.out.gb", setting.usage.network.outGb),
  ];
}

/** What carries traffic, and what lets it in and out. */
export const network: Rules = {
  "aws:ec2/natGateway:NatGateway": ofNatGateway,
  "aws:ec2/eip:Eip": () => [idle("public address", "ipv4.public.hour", hoursAMonth)],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ofEndpoint,
  "aws:ec2/flowLog:FlowLog": ofFlowLog,
  "aws:autoscaling/group:Group": ofGroup,
  // Billed in both directions; the network is where it is seen, not what causes it.
  "aws:ec2/vpc:Vpc": (_, { usage }) => [
    use("traffic between zones", "dataTransfer.interAz.gb", product(usage.network.betweenZonesGb, 2)),
  ],
  "aws:lb/loadBalancer:LoadBalancer": ofLoadBalancer,
};
