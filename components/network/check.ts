import { parseCidr } from "../shared/cidr";
import { Faults } from "../shared/check";
import { longestVpcPrefix, vpcPrefixes } from "./subnets";
import type { NetworkArgs, NewNetwork } from "./types";

/** Zones of one region that a network can be laid out for; the largest region, us-east-1, has 6. */
const mostZones = 6;

/** AWS services that have a gateway endpoint, which is free and always made. */
const gatewayServices = ["s3", "dynamodb"];

/** Raises every fault of a network's plain arguments. */
export function check(name: string, args: NetworkArgs): void {
  const faults = new Faults("Network", name);
  if ("existing" in args) {
    if ("cidrBlock" in args) {
      faults.add(
        "existing",
        "a VPC",
        "without cidrBlock and the other arguments of a new VPC",
        "remove one of the two",
      );
    }
    if (args.existing.availabilityZones.length === 0) {
      faults.add("existing.availabilityZones", [], "at least one zone", "name the zones of the subnets");
    }
  } else {
    checkCidr(args, faults);
    checkZones(args, faults);
  }
  checkEndpoints(args.interfaceEndpoints ?? [], faults);
  faults.raise();
}

function checkCidr({ cidrBlock, maxAzs }: NewNetwork, faults: Faults): void {
  const cidr = parseCidr(cidrBlock);
  if (cidr === undefined) {
    faults.add("cidrBlock", cidrBlock, "an IPv4 block without host bits, such as 10.10.0.0/16", "correct it");
    return;
  }
  const { largest, smallest } = vpcPrefixes;
  if (cidr.prefix < largest || cidr.prefix > smallest) {
    faults.add("cidrBlock", cidrBlock, `/${largest} to /${smallest}`, "AWS makes no VPC of another size: change it");
  } else if (validMaxAzs(maxAzs) && cidr.prefix > longestVpcPrefix(maxAzs)) {
    faults.add(
      "cidrBlock",
      cidrBlock,
      `/${longestVpcPrefix(maxAzs)} or larger for maxAzs ${maxAzs}`,
      "a load balancer's subnet is /27 at least: take a larger block or fewer zones",
    );
  }
}

function checkZones({ availabilityZones, maxAzs }: NewNetwork, faults: Faults): void {
  if (!validMaxAzs(maxAzs)) {
    faults.add("maxAzs", maxAzs, `1 to ${mostZones}`, "set how many zones the network may ever have");
  } else if (availabilityZones.length > maxAzs) {
    faults.add(
      "availabilityZones",
      availabilityZones,
      `at most maxAzs, which is ${maxAzs}`,
      "remove a zone; maxAzs can be raised only before the network is first made",
    );
  }
  if (availabilityZones.length === 0) {
    faults.add("availabilityZones", availabilityZones, "at least one zone", "name one, such as ap-northeast-1a");
  }
  for (const [index, zone] of availabilityZones.entries()) {
    if (!/^[a-z]{2}(-[a-z]+)+-\d+[a-z]$/.test(zone)) {
      faults.add(`availabilityZones[${index}]`, zone, "a zone's name, such as ap-northeast-1a", "correct it");
    } else if (zone.slice(0, -1) !== availabilityZones[0]?.slice(0, -1)) {
      faults.add(`availabilityZones[${index}]`, zone, "zones of one region", "a VPC is in one region: remove it");
    }
    if (availabilityZones.indexOf(zone) !== index) {
      faults.add(`availabilityZones[${index}]`, zone, "each zone once", "remove it");
    }
  }
}

function checkEndpoints(services: readonly string[], faults: Faults): void {
  const slugs = services.map(endpointSlug);
  for (const [index, service] of services.entries()) {
    if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(service) || service.startsWith("com.amazonaws")) {
      faults.add(
        `interfaceEndpoints[${index}]`,
        service,
        "what follows com.amazonaws.<region>. in the service's name, such as ecr.api",
        "correct it",
      );
    }
    if (gatewayServices.includes(service)) {
      faults.add(
        `interfaceEndpoints[${index}]`,
        service,
        "services without a gateway endpoint",
        "remove it: it is there",
      );
    }
    if (slugs.indexOf(endpointSlug(service)) !== index) {
      faults.add(`interfaceEndpoints[${index}]`, service, "each service once", "remove it");
    }
  }
}

function validMaxAzs(maxAzs: number): boolean {
  return Number.isInteger(maxAzs) && maxAzs >= 1 && maxAzs <= mostZones;
}

/** A service's part of the endpoint's Pulumi name: `ecr.api` is `ecr-api`. */
export function endpointSlug(service: string): string {
  return service.replaceAll(".", "-");
}
