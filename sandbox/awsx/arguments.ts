import { isMap, type Value, type Values } from "../values";
import { type SubnetSpec, type SubnetType } from "./subnets";
import { given } from "./children";

/** The arguments of `awsx.ec2.Vpc` that the stand-in knows, settled. */
export interface VpcArguments {
  readonly cidrBlock: string;
  readonly zones: readonly string[] | undefined;
  readonly zoneCount: number | undefined;
  readonly zoneMask: number | undefined;
  readonly strategy: "Auto" | "Exact";
  readonly nameTags: "Legacy" | "AvailabilityZone";
  readonly specs: readonly SubnetSpec[] | undefined;
  readonly nat: "None" | "Single" | "OnePerAz";
  readonly allocationIds: readonly string[];
  readonly endpointStrategy: "Legacy" | "Auto";
  /** Each as it came: a property may be an output. */
  readonly endpoints: readonly Values[];
  readonly tags: Values;
  /** Handed on to the VPC itself. */
  readonly vpc: Values;
}

/** An option that the stand-in would get wrong is refused, so that a plan never shows another network than `up` makes. */
export class UnknownOption extends Error {
  constructor(option: string, advice: string) {
    super(`the stand-in for awsx.ec2.Vpc does not know ${option}: ${advice}`);
  }
}

const handedOn = [
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
  "region",
];
const known = new Set([
  ...handedOn,
  "availabilityZoneCidrMask",
  "availabilityZoneNames",
  "cidrBlock",
  "natGateways",
  "numberOfAvailabilityZones",
  "subnetNameTagStrategy",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
  "vpcEndpointSpecs",
  "vpcEndpointStrategy",
]);

function oneOf<T extends string>(option: string, value: Value | undefined, allowed: readonly T[], otherwise?: T): T {
  const found = value === undefined ? otherwise : allowed.find((item) => item === value);
  if (found !== undefined) return found;
  throw new UnknownOption(`${option} ${JSON.stringify(value ?? "unset")}`, `set ${option} to ${allowed.join(" or ")}`);
}

function texts(value: Value | undefined): string[] | undefined {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;
}

const types: readonly SubnetType[] = ["Public", "Private", "Isolated", "Unused"];

function subnetSpec(value: Value): SubnetSpec {
  if (!isMap(value)) throw new UnknownOption("a subnet spec that is no object", "write { type, cidrMask }");
  const { type, name, cidrMask, size, cidrBlocks, tags, ...rest } = value;
  const extra = Object.entries(rest).find(([, item]) => item !== false);
  if (extra !== undefined) throw new UnknownOption(`subnetSpecs[].${extra[0]}`, "leave it out");
  const blocks = texts(cidrBlocks);
  return {
    type: oneOf("subnetSpecs[].type", type, types),
    ...(typeof name === "string" && { name }),
    ...(typeof cidrMask === "number" && { cidrMask }),
    ...(typeof size === "number" && { size }),
    ...(blocks !== undefined && { cidrBlocks: blocks }),
    ...(isMap(tags) && { tags }),
  };
}

/** Reads the inputs in wire form. */
export function readArguments(inputs: Values): VpcArguments {
  for (const option of Object.keys(inputs)) {
    if (!known.has(option)) {
      throw new UnknownOption(option, "leave it out, or teach sandbox/awsx what the real one makes");
    }
  }
  const plain = (option: string): Value | undefined => given(inputs[option]).value;
  const zones = texts(plain("availabilityZoneNames"));
  const zoneCount = plain("numberOfAvailabilityZones");
  if (zones !== undefined && zoneCount !== undefined) {
    throw new Error("Only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified");
  }
  const specs = plain("subnetSpecs");
  const nat = plain("natGateways");
  const mask = plain("availabilityZoneCidrMask");
  const endpoints = inputs["vpcEndpointSpecs"];
  const cidr = plain("cidrBlock");
  const tags = plain("tags");
  const vpc: Values = {};
  for (const option of handedOn) {
    const value = plain(option);
    if (value !== undefined) vpc[option] = value;
  }
  return {
    cidrBlock: typeof cidr === "string" ? cidr : "10.0.0.0/16",
    zones,
    zoneCount: typeof zoneCount === "number" ? zoneCount : undefined,
    zoneMask: typeof mask === "number" ? mask : undefined,
    strategy: oneOf("subnetStrategy", plain("subnetStrategy"), ["Auto", "Exact"]),
    nameTags: oneOf("subnetNameTagStrategy", plain("subnetNameTagStrategy"), ["Legacy", "AvailabilityZone"], "Legacy"),
    specs: Array.isArray(specs) ? specs.map(subnetSpec) : undefined,
    nat: oneOf(
      "natGateways.strategy",
      isMap(nat) ? nat["strategy"] : undefined,
      ["None", "Single", "OnePerAz"],
      "OnePerAz",
    ),
    allocationIds: (isMap(nat) ? texts(nat["elasticIpAllocationIds"]) : undefined) ?? [],
    endpointStrategy: oneOf("vpcEndpointStrategy", plain("vpcEndpointStrategy"), ["Legacy", "Auto"], "Legacy"),
    endpoints: Array.isArray(endpoints) ? endpoints.filter(isMap) : [],
    tags: isMap(tags) ? tags : {},
    vpc,
  };
}
